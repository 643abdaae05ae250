extension JSONValue {
    /// How a value is laid out as text.
    package enum Layout: Sendable {
        /// One line, members in their order, no spaces.
        case compact
        /// Two-space indentation and sorted keys, so that a diff shows only what changed.
        case pretty
    }

    /// The value as JSON: UTF-8 literal, `/` unescaped, no final newline.
    package func text(_ layout: Layout = .compact) -> String {
        var out: [UInt8] = []
        write(into: &out, layout, indentation: 0)
        return String(decoding: out, as: UTF8.self)
    }

    private func write(into out: inout [UInt8], _ layout: Layout, indentation: Int) {
        func breakLine(_ depth: Int) {
            guard layout == .pretty else { return }
            out.append(0x0A)
            out.append(contentsOf: repeatElement(0x20, count: depth * 2))
        }
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let flag): out.append(contentsOf: (flag ? "true" : "false").utf8)
        case .number(let digits): out.append(contentsOf: digits.utf8)
        case .string(let text): Self.write(text, into: &out)
        case .array(let items):
            out.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                breakLine(indentation + 1)
                item.write(into: &out, layout, indentation: indentation + 1)
            }
            if !items.isEmpty { breakLine(indentation) }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            let ordered =
                layout == .pretty
                ? members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } : members
            out.append(UInt8(ascii: "{"))
            for (index, member) in ordered.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                breakLine(indentation + 1)
                Self.write(member.key, into: &out)
                out.append(UInt8(ascii: ":"))
                if layout == .pretty { out.append(0x20) }
                member.value.write(into: &out, layout, indentation: indentation + 1)
            }
            if !members.isEmpty { breakLine(indentation) }
            out.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, into out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): out.append(contentsOf: #"\""#.utf8)
            case UInt8(ascii: "\\"): out.append(contentsOf: #"\\"#.utf8)
            case 0x0A: out.append(contentsOf: #"\n"#.utf8)
            case 0x0D: out.append(contentsOf: #"\r"#.utf8)
            case 0x09: out.append(contentsOf: #"\t"#.utf8)
            case 0..<0x20, 0x7F:
                let digits = String(byte, radix: 16)
                out.append(contentsOf: #"\u"#.utf8)
                out.append(
                    contentsOf: (String(repeating: "0", count: 4 - digits.count) + digits).utf8
                )
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
