import Interface
import TerminalCore

extension ThemeSource {
    /// The theme that the file describes, once nothing is missing.
    func theme(named name: String, file: String) throws(FileProblems) -> Theme {
        var problems: [FileProblem] = []
        func complain(_ text: String) { problems.append(FileProblem(file: file, text)) }
        if appearance == nil { complain(Self.missing("appearance = \"dark\" or \"light\"")) }
        if background == nil { complain(Self.missing("background = \"#rrggbb\"")) }
        if text == nil { complain(Self.missing("text = \"#rrggbb\"")) }
        let absent = Ink.allCases.filter { inks[$0] == nil }.map(\.name)
        if !absent.isEmpty {
            complain(
                "[inks] leaves out \(absent.joined(separator: ", ")). Add them, or take them from "
                    + "another theme with: extends = \"dark\""
            )
        }
        guard let appearance, let background, let text else { throw FileProblems(problems) }
        var styles: [Ink: Style] = [:]
        for ink in Ink.allCases {
            guard let entry = inks[ink] else { continue }
            func color(_ word: String?) -> Color {
                guard let word else { return .terminal }
                if let color = self.color(word, background: background, text: text) {
                    return color
                }
                problems.append(unknownColor(word, entry))
                return .terminal
            }
            styles[ink] = Style(color(entry.color), on: color(entry.on), entry.attributes)
        }
        if !problems.isEmpty { throw FileProblems(problems) }
        return Theme(
            name: name,
            appearance: appearance,
            background: background,
            text: text,
            paintsBackground: paintsBackground ?? false,
            styles: styles
        )
    }

    private func color(_ word: String, background: RGB, text: RGB) -> Color? {
        switch word {
        case "terminal": .terminal
        case "text": text.color
        case "background": background.color
        default: palette[word]?.color ?? RGB(hexadecimal: word)?.color
        }
    }

    private func unknownColor(_ word: String, _ entry: Entry) -> FileProblem {
        let names = palette.keys.sorted() + Self.fixedNames
        return FileProblem(
            file: entry.place.file,
            line: entry.place.line,
            "\"\(word)\" is not a colour.\(Suggestion.question(for: word, among: names))"
                + " Write \"#rrggbb\", \"terminal\", \"text\", \"background\" or a name of [palette]."
        )
    }

    private static func missing(_ line: String) -> String {
        "The theme has to say \(line), or to extend one that does: extends = \"dark\""
    }
}
