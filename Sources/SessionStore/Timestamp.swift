package import Foundation

/// Dates as session files write them: ISO 8601 in UTC with milliseconds.
///
/// Own arithmetic rather than a formatter: a long session holds ten thousand of them.
package enum Timestamp {
    /// `2026-11-24T21:40:08.123Z`; years outside 0000-9999 are clamped.
    package static func text(_ date: Date) -> String {
        let limits = (-62_167_219_200_000.0)...253_402_300_799_999.0
        let exact = (date.timeIntervalSince1970 * 1000).rounded()
        let total = Int64(min(max(exact, limits.lowerBound), limits.upperBound))
        let (days, rest) = total.flooredDivision(by: 86_400_000)
        let (year, month, day) = civil(days: days)
        let clock = rest / 1000
        let fields = [
            year, month, day, clock / 3600, clock / 60 % 60, clock % 60, rest % 1000,
        ]
        // The places of the fields' last digits.
        var text = Array("0000-00-00T00:00:00.000Z".utf8)
        for (var field, end) in zip(fields, [3, 6, 9, 12, 15, 18, 22]) {
            var place = end
            while field > 0 {
                text[place] += UInt8(field % 10)
                field /= 10
                place -= 1
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A time within the name of a file: `20261124T214008Z`.
    static func forName(_ date: Date) -> String {
        text(date).prefix(19).replacing("-", with: "").replacing(":", with: "") + "Z"
    }

    /// Reads what `text` writes, and what people write.
    ///
    /// That is also a date alone, no seconds, no fraction, an offset such as `+01:00`. A time without an offset is UTC.
    package static func date(_ text: String) -> Date? { ownDate(text) ?? anyDate(text) }

    /// Reads exactly what `text` writes; nil for every other form.
    private static func ownDate(_ text: String) -> Date? {
        let form = "0000-00-00T00:00:00.000Z".utf8
        guard text.utf8.count == form.count else { return nil }
        // Year, month, day, hour, minute, second and millisecond as one number of digits.
        var digits: Int64 = 0
        for (byte, expected) in zip(text.utf8, form) {
            if expected == UInt8(ascii: "0") {
                guard (0x30...0x39).contains(byte) else { return nil }
                digits = digits * 10 + Int64(byte - 0x30)
            } else if byte != expected {
                return nil
            }
        }
        func field(_ scale: Int64, _ size: Int64) -> Int64 { digits / scale % size }
        let month = field(100_000_000_000, 100)
        let day = field(1_000_000_000, 100)
        let hour = field(10_000_000, 100)
        let minute = field(100_000, 100)
        let second = field(1_000, 100)
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        let year = digits / 10_000_000_000_000
        let midnight = days(year: year, month: month, day: day) * 86_400
        let whole = midnight + hour * 3600 + minute * 60 + second
        return Date(timeIntervalSince1970: Double(whole * 1000 + field(1, 1000)) / 1000)
    }

    private static func anyDate(_ text: String) -> Date? {
        var rest = Substring(text)
        guard let year = number(&rest, 4), take(&rest, "-"), let month = number(&rest, 2),
            take(&rest, "-"), let day = number(&rest, 2),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let midnight = Double(days(year: year, month: month, day: day)) * 86_400
        if rest.isEmpty { return Date(timeIntervalSince1970: midnight) }
        guard take(&rest, "T") || take(&rest, "t") || take(&rest, " "),
            let hour = number(&rest, 2), take(&rest, ":"), let minute = number(&rest, 2),
            hour < 24, minute < 60
        else { return nil }
        var milliseconds: Int64 = 0
        if take(&rest, ":") {
            guard let second = number(&rest, 2), second <= 60 else { return nil }
            milliseconds = second * 1000
            if take(&rest, ".") {
                let fraction = rest.prefix { $0.isASCII && $0.isNumber }
                guard let value = Double("0." + fraction), !fraction.isEmpty else { return nil }
                milliseconds += Int64((value * 1000).rounded())
                rest = rest.dropFirst(fraction.count)
            }
        }
        var offset: Int64 = 0
        if !rest.isEmpty, !take(&rest, "Z"), !take(&rest, "z") {
            let sign: Int64 = take(&rest, "-") ? -1 : 1
            if sign == 1, !take(&rest, "+") { return nil }
            guard let hours = number(&rest, 2) else { return nil }
            _ = take(&rest, ":")
            let minutes = rest.isEmpty ? 0 : number(&rest, 2)
            guard let minutes else { return nil }
            offset = sign * (hours * 3600 + minutes * 60)
        }
        guard rest.isEmpty else { return nil }
        let seconds = midnight + Double(hour * 3600 + minute * 60 - offset)
        return Date(timeIntervalSince1970: (seconds * 1000 + Double(milliseconds)) / 1000)
    }

    private static func number(_ rest: inout Substring, _ width: Int) -> Int64? {
        let head = rest.prefix(width)
        guard head.utf8.count == width, head.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        rest = rest.dropFirst(width)
        return Int64(head)
    }

    private static func take(_ rest: inout Substring, _ character: Character) -> Bool {
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    /// Days since 1970 of a date in the proleptic Gregorian calendar, whose years here begin in
    /// March so that the leap day comes last.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = year.flooredDivision(by: 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }

    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}

extension Int64 {
    /// Quotient rounded down, and the remainder that is never negative.
    fileprivate func flooredDivision(by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
