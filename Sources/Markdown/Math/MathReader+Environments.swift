/// Matrices, cases and equations in rows.
extension MathReader {
    mutating func environment() -> MathBox {
        let name = rawArgument().filter { $0 != "*" }
        if name == "array" { _ = rawArgument() }
        var rows: [[String]] = [[]]
        while at < characters.count {
            let cell = line(until: ["&"]).text
            rows[rows.count - 1].append(cell)
            if startsCommand("end") {
                at += 4
                _ = rawArgument()
                break
            }
            if current == "&" || current == "}" {
                at += 1
            } else if let length = rowBreakLength {
                at += length
                rows.append([])
            }
        }
        rows.removeAll { $0.allSatisfy(\.isEmpty) }
        return Self.box(name, rows, isDisplay: isDisplay)
    }

    private static func box(_ name: String, _ rows: [[String]], isDisplay: Bool) -> MathBox {
        let (left, right) = brackets[name] ?? ("", "")
        let isMatrix = name.hasSuffix("matrix") || name == "array" || name == "cases"
        if !isDisplay {
            let text = rows.map { $0.joined(separator: isMatrix ? " " : "") }.joined(
                separator: "; "
            )
            return MathBox("\(left)\(text)\(right)")
        }
        guard isMatrix else {
            // Equations lined up at `&`: sides alternate.
            let spaced = rows.map { cells in
                cells.enumerated().map { $0 > 0 && !$1.isEmpty ? " " + $1 : $1 }
            }
            return MathBox.grid(spaced, { $0 % 2 == 0 }, left: left, right: right)
        }
        let spaced = rows.map { cells in cells.enumerated().map { $0 > 0 ? "  " + $1 : $1 } }
        return MathBox.grid(spaced, { _ in false }, left: left, right: right)
    }

    private static let brackets: [String: (String, String)] = [
        "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "vmatrix": ("|", "|"), "Vmatrix": ("‖", "‖"),
        "Bmatrix": ("{", "}"), "cases": ("{", ""), "rcases": ("", "}"),
    ]
}
