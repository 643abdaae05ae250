import Conversation
import Foundation
import Testing

@Suite struct ULIDs {
    @Test("the text is Crockford base 32 of time and random bits, and reads back")
    func text() throws {
        // The specification's own example of a time: 1469918176385 is 01ARYZ6S41.
        let id = ULID(milliseconds: 1_469_918_176_385, randomHigh: 0, randomLow: 31)
        #expect(id.description == "01ARYZ6S41000000000000000Z")
        #expect(ULID(id.description) == id)
        #expect(id.milliseconds == 1_469_918_176_385)
        let full = ULID(
            milliseconds: 0xFFFF_FFFF_FFFF,
            randomHigh: .max,
            randomLow: .max
        )
        #expect(full.description == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ")
        #expect(ULID(full.description) == full)
    }

    @Test(
        "what is not a ULID is refused",
        arguments: [
            "", "01ARYZ6S41", "81ARYZ6S41000000000000000Z", "01ARYZ6S4100000000000000IL",
            "01aryz6s41000000000000000z", "01ARYZ6S41000000000000000\u{e9}",
        ]
    )
    func refused(text: String) { #expect(ULID(text) == nil) }

    @Test("ids grow also when the clock stands still or jumps back")
    func monotonic() {
        let now = Date(timeIntervalSince1970: 4_000_000_000)
        var ids = (0..<200).map { _ in ULID.next(now: now) }
        ids += (0..<200).map { _ in ULID.next(now: now - 86_400) }
        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
        #expect(ids.map(\.description) == ids.map(\.description).sorted())
    }
}
