/// Reads what is written to a terminal and refuses everything that a frame has no need of.
///
/// Keeps a grid as a terminal would, so that a test can compare what is seen with what was meant.
struct TerminalStream {
    struct Refused: Error, CustomStringConvertible {
        var description: String
    }

    private(set) var rows: [[String]]
    private(set) var links: [String] = []
    private(set) var isCursorVisible = true
    private(set) var isUpdating = false
    private(set) var linkIsOpen = false
    private(set) var column = 0
    private(set) var row = 0
    private let width: Int
    private let widthOf: (Character) -> Int

    init(width: Int, height: Int, widthOf: @escaping (Character) -> Int) {
        self.width = width
        self.widthOf = widthOf
        rows = Array(repeating: Array(repeating: " ", count: width), count: height)
    }

    var text: String {
        rows.map { row in
            var line = row.joined()
            while line.last == " " { line.removeLast() }
            return line
        }
        .joined(separator: "\n")
    }

    mutating func take(_ bytes: [UInt8]) throws {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Refused(description: "not UTF-8")
        }
        var rest = Substring(text)
        while let next = rest.first {
            if next == "\u{1B}" {
                try escape(&rest)
            } else {
                rest.removeFirst()
                try print(next)
            }
        }
        if linkIsOpen { throw Refused(description: "a link stays open after a frame") }
        if isUpdating { throw Refused(description: "an update stays open after a frame") }
    }

    private mutating func print(_ cluster: Character) throws {
        for scalar in cluster.unicodeScalars {
            let value = scalar.value
            let isHidden =
                value < 0x20 || (0x7F..<0xA0).contains(value) || (0x202A...0x202E).contains(value)
                || (0x2066...0x2069).contains(value) || value == 0x200B || value == 0xFEFF
            if isHidden {
                throw Refused(description: "U+\(String(value, radix: 16)) as text")
            }
        }
        let columns = widthOf(cluster)
        guard columns > 0, column + columns <= width else {
            throw Refused(description: "\(columns) columns at column \(column) of \(width)")
        }
        rows[row][column] = String(cluster)
        for covered in (column + 1)..<max(column + 1, column + columns) { rows[row][covered] = "" }
        column += columns
    }

    private mutating func escape(_ rest: inout Substring) throws {
        if rest.hasPrefix("\u{1B}[m\u{F}") {
            // How screen and its kin reset a style.
            rest = rest.dropFirst(4)
        } else if let found = rest.prefixMatch(of: /\u{1B}\[([0-9;?]*)([A-Za-z])/) {
            try control(String(found.1), final: String(found.2))
            rest = rest[found.range.upperBound...]
        } else if let found = rest.prefixMatch(of: /\u{1B}\]8;(id=[0-9a-z]+)?;([!-~]*)\u{1B}\\/) {
            linkIsOpen = !found.2.isEmpty
            if linkIsOpen { links.append(String(found.2)) }
            rest = rest[found.range.upperBound...]
        } else if rest.hasPrefix("\u{1B}(B") {
            rest = rest.dropFirst(3)
        } else {
            let shown = rest.prefix(12).unicodeScalars.map { $0.escaped(asASCII: true) }.joined()
            throw Refused(description: "the sequence \(shown)")
        }
    }

    private mutating func control(_ parameters: String, final: String) throws {
        switch (parameters, final) {
        case ("?25", "h"), ("?12;25", "h"): isCursorVisible = true
        case ("?25", "l"): isCursorVisible = false
        case ("?12", "l"): break
        case ("?2026", "h"): isUpdating = true
        case ("?2026", "l"): isUpdating = false
        case ("", "H"): (column, row) = (0, 0)
        case ("2", "J"), ("", "J"):
            for index in rows.indices { rows[index] = Array(repeating: " ", count: width) }
        case (_, "m") where parameters.allSatisfy { $0.isNumber || $0 == ";" }: break
        case (_, "H"):
            let numbers = parameters.split(separator: ";").compactMap { Int($0) }
            guard numbers.count == 2, rows.indices.contains(numbers[0] - 1),
                (1...width).contains(numbers[1])
            else { throw Refused(description: "a move to \(parameters)") }
            (row, column) = (numbers[0] - 1, numbers[1] - 1)
        default: throw Refused(description: "CSI \(parameters) \(final)")
        }
    }
}
