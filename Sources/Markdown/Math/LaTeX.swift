/// Formulas of LaTeX as text.
enum LaTeX {
    /// The formula in Unicode, on one line or, when it is shown by itself, on as many as it needs.
    ///
    /// Commands that have no such form stay as they are written.
    static func unicode(_ formula: String, isDisplay: Bool = false) -> String {
        var reader = MathReader(formula, isDisplay: isDisplay)
        let rows = reader.rows().filter { !$0.isEmpty }
        let lines = isDisplay ? rows.flatMap(\.lines) : [rows.map(\.text).joined(separator: "; ")]
        return lines.map(\.withoutTrailingSpaces).joined(separator: "\n")
    }
}
