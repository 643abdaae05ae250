/// What stands at the left of a line, before its text: indents, quote marks, list markers.
struct LinePrefix {
    /// Where the text begins; the line's end for a blank line.
    private(set) var end: Int
    /// The column of the text, tabs counted.
    private(set) var column = 0
    /// Quote marks and list markers.
    private(set) var markers = 0
    /// The column after the last list marker.
    private(set) var listIndent: Int?

    init(_ bytes: [UInt8], _ line: Range<Int>) {
        end = line.lowerBound
        while true {
            while end < line.upperBound, bytes[end].isBlank {
                column += bytes[end] == .tab ? 4 - column % 4 : 1
                end += 1
            }
            guard end < line.upperBound else { return }
            let length = Self.markerLength(bytes, end..<line.upperBound)
            guard length > 0 else { return }
            markers += 1
            end += length
            column += length
            if bytes[end - 1] != .greater { listIndent = column + 1 }
        }
    }

    /// The length of a quote mark or a list marker at the beginning of a range; 0 for none.
    private static func markerLength(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
        let start = range.lowerBound
        var at = start
        switch bytes[at] {
        case .greater: return 1
        case .dash, .plus, .star: at += 1
        case .zero ... .nine:
            while at < range.upperBound, bytes[at].isDigit { at += 1 }
            guard at - start <= 9, at < range.upperBound else { return 0 }
            guard bytes[at] == .dot || bytes[at] == .closeParenthesis else { return 0 }
            at += 1
        default: return 0
        }
        return at == range.upperBound || bytes[at].isBlank ? at - start : 0
    }
}

extension UInt8 {
    static let tab = UInt8(ascii: "\t")
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let greater = UInt8(ascii: ">")
    static let less = UInt8(ascii: "<")
    static let dash = UInt8(ascii: "-")
    static let plus = UInt8(ascii: "+")
    static let star = UInt8(ascii: "*")
    static let dot = UInt8(ascii: ".")
    static let colon = UInt8(ascii: ":")
    static let slash = UInt8(ascii: "/")
    static let number = UInt8(ascii: "#")
    static let pipe = UInt8(ascii: "|")
    static let dollar = UInt8(ascii: "$")
    static let backslash = UInt8(ascii: "\\")
    static let backtick = UInt8(ascii: "`")
    static let tilde = UInt8(ascii: "~")
    static let openParenthesis = UInt8(ascii: "(")
    static let closeParenthesis = UInt8(ascii: ")")
    static let openBracket = UInt8(ascii: "[")
    static let closeBracket = UInt8(ascii: "]")
    static let zero = UInt8(ascii: "0")
    static let nine = UInt8(ascii: "9")

    /// A space or a tab.
    var isBlank: Bool { self == .space || self == .tab }
    var isDigit: Bool { self >= .zero && self <= .nine }
    var isLetter: Bool { (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z") }
    var isLetterOrDigit: Bool { isLetter || isDigit }
}

extension [UInt8] {
    /// The text of a range.
    func text(_ range: Range<Int>) -> String { String(decoding: self[range], as: UTF8.self) }

    /// True when a range holds nothing but spaces and tabs.
    func isBlank(_ range: Range<Int>) -> Bool { self[range].allSatisfy(\.isBlank) }

    /// The number of equal bytes at the beginning of a range.
    func runLength(_ range: Range<Int>) -> Int {
        guard let first = self[range].first else { return 0 }
        return self[range].prefix { $0 == first }.count
    }

    /// The lines of a text, without their ends: LF, CR LF or CR.
    var lineRanges: [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        var at = 0
        while at < count {
            let byte = self[at]
            if byte == .newline || byte == .carriageReturn {
                lines.append(start..<at)
                if byte == .carriageReturn, at + 1 < count, self[at + 1] == .newline { at += 1 }
                start = at + 1
            }
            at += 1
        }
        if start < count { lines.append(start..<count) }
        return lines
    }
}
