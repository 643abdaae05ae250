package import Foundation

/// Makes ULIDs: 26 characters of Crockford base 32 that sort by the time they were made at.
///
/// Random bits come from a seeded generator, so that `update` stays a function of its arguments.
package struct IdentifierSource: Sendable, Hashable {
    private var seed: UInt64
    private var lastMilliseconds: UInt64 = 0
    private var high: UInt64 = 0
    private var low: UInt64 = 0

    package init(seed: UInt64) { self.seed = seed }

    /// The next identifier; later ones sort after earlier ones, also within a millisecond.
    package mutating func next(at now: Date) -> String {
        let milliseconds = UInt64(max(0, now.timeIntervalSince1970 * 1_000)) & 0xFFFF_FFFF_FFFF
        if milliseconds > lastMilliseconds {
            lastMilliseconds = milliseconds
            high = draw() & 0xFF_FFFF_FFFF
            low = draw() & 0xFF_FFFF_FFFF
        } else {
            low = (low + 1) & 0xFF_FFFF_FFFF
            if low == 0 { high = (high + 1) & 0xFF_FFFF_FFFF }
        }
        return Self.text(lastMilliseconds, digits: 10) + Self.text(high, digits: 8)
            + Self.text(low, digits: 8)
    }

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    private static func text(_ value: UInt64, digits: Int) -> String {
        String((0..<digits).reversed().map { alphabet[Int((value >> (5 * UInt64($0))) & 31)] })
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014).
    private mutating func draw() -> UInt64 {
        seed &+= 0x9E37_79B9_7F4A_7C15
        var mixed = seed
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
