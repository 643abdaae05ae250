/// What terminals answer to questions, as outside data.
enum TerminalReply {
    /// The background colour in an answer to OSC 11; nil for any other text.
    ///
    /// Legal forms: `11;rgb:R/G/B` with one to four digits each, `11;rgba:R/G/B/A`, and X11's
    /// `11;#RGB` with one to four digits each.
    static func background(_ text: [UInt8]) -> InputEvent? {
        let prefix = Array("11;".utf8)
        guard text.starts(with: prefix), let value = String(validating: text[3...], as: UTF8.self)
        else { return nil }
        let channels: [Substring]
        if value.hasPrefix("#") {
            channels = thirds(of: value.dropFirst())
        } else if value.hasPrefix("rgb:") || value.hasPrefix("rgba:") {
            let parts = value.split(separator: ":", maxSplits: 1)[1]
                .split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == (value.hasPrefix("rgba:") ? 4 : 3) else { return nil }
            channels = Array(parts.prefix(3))
        } else {
            return nil
        }
        let bytes = channels.compactMap(channel)
        guard bytes.count == 3 else { return nil }
        return .background(red: bytes[0], green: bytes[1], blue: bytes[2])
    }

    private static func thirds(of digits: Substring) -> [Substring] {
        let length = digits.count / 3
        guard length > 0, digits.count == length * 3 else { return [] }
        return (0..<3).map { digits.dropFirst($0 * length).prefix(length) }
    }

    /// One to four hexadecimal digits, scaled to a byte.
    private static func channel(_ digits: Substring) -> UInt8? {
        guard (1...4).contains(digits.count), digits.allSatisfy(\.isHexDigit),
            let value = Int(digits, radix: 16)
        else { return nil }
        let largest = 1 << (4 * digits.count) - 1
        return UInt8((value * 255 + largest / 2) / largest)
    }
}
