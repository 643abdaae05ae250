import TerminalCore

/// A part of a formula as text: one line, or several for a matrix.
struct MathBox {
    var lines: [String]
    /// The line that stands on the formula's line.
    var baseline: Int

    init(_ text: String = "") {
        lines = [text]
        baseline = 0
    }

    init(lines: [String], baseline: Int) {
        self.lines = lines.isEmpty ? [""] : lines
        self.baseline = max(0, min(baseline, self.lines.count - 1))
    }

    /// The whole of it in one line.
    var text: String { lines.joined(separator: " ") }
    var isEmpty: Bool { lines.count == 1 && lines[0].isEmpty }

    var width: Int { lines.map { DisplayWidth.of($0) }.max() ?? 0 }

    /// Puts another box to the right, baselines on one line.
    mutating func append(_ other: MathBox) {
        if other.lines.count == 1 {
            // The lines above and below are filled up when something comes that has such lines.
            if lines.count > 1 {
                let short = width - DisplayWidth.of(lines[baseline])
                lines[baseline] += String(repeating: " ", count: short)
            }
            lines[baseline] += other.lines[0]
            return
        }
        let above = max(baseline, other.baseline)
        let below = max(lines.count - baseline, other.lines.count - other.baseline)
        let left = padded(above: above, below: below)
        let right = other.padded(above: above, below: below)
        lines = zip(left, right).map { $0 + $1 }
        baseline = above
    }

    private func padded(above: Int, below: Int) -> [String] {
        let width = width
        let blank = String(repeating: " ", count: width)
        let filled = lines.map {
            $0 + String(repeating: " ", count: max(0, width - DisplayWidth.of($0)))
        }
        return Array(repeating: blank, count: above - baseline) + filled
            + Array(repeating: blank, count: below - (lines.count - baseline))
    }

    /// Cells in rows, between brackets as high as they are.
    static func grid(_ rows: [[String]], _ alignment: (Int) -> Bool, left: String, right: String)
        -> MathBox
    {
        let columns = rows.map(\.count).max() ?? 0
        var lines = Array(repeating: "", count: rows.count)
        for column in 0..<columns {
            let cells = rows.map { column < $0.count ? $0[column] : "" }
            let width = cells.map { DisplayWidth.of($0) }.max() ?? 0
            for (row, cell) in cells.enumerated() {
                let space = String(repeating: " ", count: width - DisplayWidth.of(cell))
                lines[row] += alignment(column) ? space + cell : cell + space
            }
        }
        let lefts = bracket(left, height: lines.count)
        let rights = bracket(right, height: lines.count)
        for row in lines.indices { lines[row] = lefts[row] + lines[row] + rights[row] }
        return MathBox(lines: lines, baseline: (lines.count - 1) / 2)
    }

    /// A bracket drawn over several lines.
    private static func bracket(_ name: String, height: Int) -> [String] {
        guard height > 1, let parts = brackets[name] else {
            return Array(repeating: name, count: height)
        }
        return (0..<height).map { row in
            let isMiddle = row == height / 2 && height % 2 == 1
            if row == 0 { return parts[0] }
            if row == height - 1 { return parts[2] }
            return isMiddle ? parts[3] : parts[1]
        }
    }

    /// Top, extension, bottom, middle.
    private static let brackets: [String: [String]] = [
        "(": ["⎛", "⎜", "⎝", "⎜"], ")": ["⎞", "⎟", "⎠", "⎟"], "[": ["⎡", "⎢", "⎣", "⎢"],
        "]": ["⎤", "⎥", "⎦", "⎥"], "{": ["⎧", "⎪", "⎩", "⎨"], "}": ["⎫", "⎪", "⎭", "⎬"],
    ]
}
