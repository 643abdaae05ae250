/// What terminals answer to questions, as outside data.
package enum TerminalReply {
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
            let parts = value.drop { $0 != ":" }.dropFirst()
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

    /// An answer to our graphics query: kitty's protocol is known.
    static func graphics(_ text: [UInt8]) -> InputEvent? {
        String(decoding: text, as: UTF8.self) == "Gi=\(graphicsQuery);OK"
            ? .showsPixels(.kitty) : nil
    }

    /// The number by which the terminal answers the query.
    package static let graphicsQuery = 31

    /// Whether primary device attributes, as `?62;4;22`, name sixel graphics.
    static func hasSixel(_ parameters: [UInt8]) -> Bool {
        // The first number is the class of the terminal.
        parameters.dropFirst().split(separator: 0x3B).dropFirst().contains {
            $0.elementsEqual([0x34])
        }
    }

    /// A cell's size in pixels, as `6;height;width`.
    static func cellSize(_ numbers: [Int]) -> InputEvent? {
        guard numbers.count == 3, (2...200).contains(numbers[1]), (2...200).contains(numbers[2])
        else { return nil }
        return .cellSize(Size(width: numbers[2], height: numbers[1]))
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
