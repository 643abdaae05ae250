import Foundation
import TerminalCore

extension Int {
    /// Digits in groups of three: `3,400`.
    var grouped: String {
        let digits = String(magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return (self < 0 ? "-" : "") + text
    }

    /// A count of tokens in two or three digits: `812`, `1.2k`, `32k`; a k is 1,024, as in context sizes.
    var abbreviated: String {
        if self < 1_000 { return String(self) }
        if self < 10_189 { return (Double(self) / 1_024).tenths + "k" }
        return "\((self + 512) / 1_024)k"
    }
}

extension Int {
    /// A count of bytes in two or three digits: `812 bytes`, `4.2 kB`, `1.3 MB`; a kB is 1,024.
    var bytes: String {
        if self < 1_024 { return self == 1 ? "1 byte" : "\(self) bytes" }
        let (size, unit) = self < 1 << 20 ? (1_024.0, "kB") : (1_048_576.0, "MB")
        let count = Double(self) / size
        return count < 10 ? "\(count.tenths) \(unit)" : "\(Int(count.rounded()).grouped) \(unit)"
    }
}

extension Double {
    /// One digit after the point, whatever the locale; `?` for what is no number.
    var tenths: String {
        guard isFinite, magnitude < 1e12 else { return "?" }
        let tenths = Int((magnitude * 10).rounded())
        return "\(self < 0 ? "-" : "")\(tenths / 10).\(tenths % 10)"
    }
}

extension String {
    /// Without blanks at both ends.
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }

    /// The text before its last word, as Ctrl-W leaves it in a line that is typed.
    var withoutLastWord: String {
        var rest = self[...]
        while rest.last?.isWhitespace == true { rest.removeLast() }
        while rest.last?.isWhitespace == false { rest.removeLast() }
        return String(rest)
    }

    /// The first line that holds something.
    var firstLine: String {
        var rest = self[...]
        while !rest.isEmpty {
            let line = rest.prefix { !$0.isLineBreak }
            if line.contains(where: { !$0.isWhitespace }) {
                return line.trimmingCharacters(in: .whitespaces)
            }
            rest = rest[line.endIndex...].dropFirst()
        }
        return ""
    }

    /// The last line that holds something; looks at the end of the text only.
    var lastLine: String {
        let line = suffix(400).split(whereSeparator: \.isLineBreak).last {
            $0.contains { !$0.isWhitespace }
        }
        return line.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
    }

    /// Cut between clusters, with three dots, to fit a number of columns.
    func shortened(to columns: Int) -> String {
        if DisplayWidth.of(self) <= columns { return self }
        guard columns > 3 else { return "" }
        var text = ""
        var used = 0
        for cluster in self {
            let width = DisplayWidth.of(String(cluster))
            if used + width > columns - 3 { break }
            text.append(cluster)
            used += width
        }
        return text + "..."
    }
}
