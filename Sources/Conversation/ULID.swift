package import Foundation
import Synchronization

/// An identifier of 128 bits whose text sorts by the time of making: 48 bits of milliseconds since
/// 1970, then 80 random bits.
///
/// Its text is 26 characters of Crockford base 32 in upper case.
package struct ULID: Sendable, Hashable, Comparable, CustomStringConvertible {
    private var high: UInt64
    private var low: UInt64

    /// Builds an identifier from its parts; a pure function.
    /// - Parameters:
    ///   - milliseconds: since 1970; only the lower 48 bits count.
    ///   - randomHigh: the upper 16 of the random bits.
    ///   - randomLow: the lower 64 of the random bits.
    package init(milliseconds: UInt64, randomHigh: UInt16, randomLow: UInt64) {
        high = milliseconds << 16 | UInt64(randomHigh)
        low = randomLow
    }

    /// Reads the canonical text: 26 upper-case characters, the first no larger than `7`.
    package init?(_ text: String) {
        guard text.utf8.count == 26 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (index, byte) in text.utf8.enumerated() {
            guard let digit = Self.digits.firstIndex(of: byte) else { return nil }
            if index == 0, digit > 7 { return nil }
            high = high << 5 | low >> 59
            low = low << 5 | UInt64(digit)
        }
        self.high = high
        self.low = low
    }

    /// Makes a new identifier, greater than every one made before in this process, also when the
    /// clock stands still or jumps back.
    package static func next(now: Date = Date()) -> ULID {
        let milliseconds = UInt64(max(0, min(now.timeIntervalSince1970 * 1000, 0xFFFF_FFFF_FFFF)))
        let fresh = ULID(
            milliseconds: milliseconds,
            randomHigh: .random(in: 0...(.max)),
            randomLow: .random(in: 0...(.max))
        )
        return newest.withLock { last in
            let next = fresh > last ? fresh : last.successor
            last = next
            return next
        }
    }

    /// Milliseconds since 1970.
    package var milliseconds: UInt64 { high >> 16 }

    /// The time of making.
    package var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

    package var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(26)
        for place in stride(from: 125, through: 0, by: -5) {
            let bits: UInt64
            switch place {
            case 64...: bits = high >> UInt64(place - 64)
            case 60: bits = high << 4 | low >> 60
            default: bits = low >> UInt64(place)
            }
            text.append(Self.digits[Int(bits & 31)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    package static func < (left: ULID, right: ULID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    private var successor: ULID {
        var next = self
        next.low &+= 1
        if next.low == 0 { next.high &+= 1 }
        return next
    }

    private static let newest = Mutex(ULID(milliseconds: 0, randomHigh: 0, randomLow: 0))
    private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
}
