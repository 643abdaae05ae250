import JSONValues
import TerminalCore

/// What `facet doctor` found, for people and for programs.
struct DoctorReport {
    /// A fact, and where it comes from when that is worth a word.
    struct Row {
        var name: String
        var value: JSONValue
        var source: String?
    }

    struct Section {
        var title: String
        var rows: [Row]
    }

    var sections: [Section] = []
    /// Sentences about what is wrong.
    var problems: [String] = []
    /// Sentences about what is worth knowing.
    var notes: [String] = []

    mutating func add(_ title: String, _ rows: [Row]) {
        if !rows.isEmpty { sections.append(Section(title: title, rows: rows)) }
    }

    var text: String {
        var lines: [String] = []
        for section in sections {
            lines.append(section.title)
            let names = section.rows.map { DisplayWidth.of($0.name) }.max() ?? 0
            let values =
                section.rows.filter { $0.source != nil }
                .map { DisplayWidth.of(Self.shown($0)) }.max() ?? 0
            for row in section.rows {
                let name = Self.padded(row.name, names)
                let value = Self.shown(row)
                let rest = row.source.map { "\(Self.padded(value, min(values, 40)))  \($0)" }
                lines.append("  \(name)  \(rest ?? value)")
            }
            lines.append("")
        }
        lines += notes.map { "note: \($0)" }
        lines += problems.map { "wrong: \($0)" }
        if problems.isEmpty { lines.append("Nothing is wrong.") }
        return lines.map(ModelsCommand.printable).joined(separator: "\n") + "\n"
    }

    var json: JSONValue {
        var whole: JSONValue = [:]
        for section in sections {
            var table: JSONValue = [:]
            for row in section.rows {
                guard let source = row.source else {
                    table[row.name] = row.value
                    continue
                }
                table[row.name] = ["value": row.value, "source": .string(source)]
            }
            whole[section.title] = table
        }
        whole["notes"] = .array(notes.map { .string($0) })
        whole["problems"] = .array(problems.map { .string($0) })
        return whole
    }

    /// A value on one line.
    private static func shown(_ row: Row) -> String {
        if row.value.isNull { return "-" }
        let text = row.value.stringValue ?? row.value.text(.compact)
        let first = text.split(separator: "\n", omittingEmptySubsequences: false).first ?? ""
        return first.count < text.count ? "\(first) ..." : text
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
    }
}
