/// Text operations as the templates mean them, which are not those of Foundation.
package enum TemplateText {
    /// Removes white space at both ends: the set that Python's `strip` knows, without U+200B.
    package static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !isSpace($0) }),
            let last = scalars.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(scalars[first...last])
    }

    package static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F,
            0x205F, 0x3000:
            true
        default: false
        }
    }

    /// Removes thoughts that stand in an answer's text as literal markers.
    ///
    /// A closed thought disappears, an unclosed one takes the rest with it, a stray end is dropped.
    static func withoutThoughts(_ text: String) -> String {
        let open = Array("<|channel>".utf8)
        let close = Array("<channel|>".utf8)
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        var isHidden = false
        var place = 0
        while place < bytes.count {
            if bytes[place] == UInt8(ascii: "<") {
                if bytes[place...].starts(with: close) {
                    isHidden = false
                    place += close.count
                    continue
                }
                if bytes[place...].starts(with: open) { isHidden = true }
            }
            if !isHidden { out.append(bytes[place]) }
            place += 1
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// A floating-point number as Python prints it: shortest digits that read back the same.
    static func number(_ source: String) -> String {
        guard source.utf8.contains(where: { ".eE".utf8.contains($0) }), let value = Double(source)
        else { return source }
        guard value.isFinite else { return value < 0 ? "-inf" : "inf" }
        // Swift gives the shortest digits too, but changes to an exponent at another size.
        let printed = "\(value.magnitude)".split(separator: "e")
        let mantissa = printed.first ?? "0"
        var exponent = printed.count > 1 ? Int(printed[1]) ?? 0 : 0
        let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
        var digits = Array((halves.first ?? "") + (halves.count > 1 ? halves[1] : ""))
        exponent += (halves.first?.count ?? 1) - 1
        while digits.count > 1, digits.first == "0" {
            digits.removeFirst()
            exponent -= 1
        }
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        if digits == ["0"] { exponent = 0 }
        let sign = value.sign == .minus ? "-" : ""
        if exponent < -4 || exponent >= 16 {
            let rest = digits.count > 1 ? "." + String(digits[1...]) : ""
            let size = String(abs(exponent))
            return sign + String(digits[0]) + rest + "e" + (exponent < 0 ? "-" : "+")
                + (size.count < 2 ? "0" + size : size)
        }
        if exponent < 0 {
            return sign + "0." + String(repeating: "0", count: -exponent - 1) + String(digits)
        }
        while digits.count < exponent + 2 { digits.append("0") }
        return sign + String(digits[...exponent]) + "." + String(digits[(exponent + 1)...])
    }
}
