import ArgumentParser
import Configuration
import Foundation
import Interface
import TerminalCore
import TerminalCurses

/// `facet themes`: the looks there are.
struct ThemesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "themes",
        abstract: "List and show themes.",
        subcommands: [List.self, Show.self]
    )

    private static var library: ThemeLibrary {
        ThemeLibrary(environment: ProcessInfo.processInfo.environment)
    }

    static var names: [String] { library.entries().map(\.name) }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the themes: name, appearance, lowest contrast, where from."
        )

        func run() throws {
            let library = ThemesCommand.library
            var broken: [String] = []
            for entry in library.entries() {
                do {
                    let theme = try library.theme(named: entry.name)
                    try Console.write(Self.line(entry, theme) + "\n")
                } catch let problems as FileProblems {
                    broken.append(problems.userMessage)
                }
            }
            Console.complain("Your own themes lie in \(library.folder).")
            if !broken.isEmpty { throw Failure(broken.joined(separator: "\n")) }
        }

        private static func line(_ entry: ThemeLibrary.Entry, _ theme: Theme) -> String {
            let name = ModelsCommand.printable(entry.name)
            let weakest = theme.weakest
            let contrast = String(format: "%.1f:1", weakest.contrast)
            let origin =
                switch entry.origin {
                case .builtIn: "built in"
                case .file(let path): ModelsCommand.printable(path)
                }
            let fields = [name, theme.appearance.rawValue, "\(contrast) (\(weakest.ink.name))"]
            let padded = zip(fields, [20, 6, 22]).map { field, width in
                field + String(repeating: " ", count: max(1, width - DisplayWidth.of(field)))
            }
            return padded.joined(separator: " ") + origin
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a theme: a sample on a terminal, else its file."
        )

        @Argument(help: "A theme's name.", completion: .theme)
        var name: String

        @Flag(help: "Print the file on a terminal too.")
        var toml = false

        func run() throws {
            let library = ThemesCommand.library
            do {
                let theme = try library.theme(named: name)
                guard Console.isOutputTerminal, !toml,
                    let styles = try? StyledText(environment: ProcessInfo.processInfo.environment)
                else { return try Console.write(try library.text(of: name)) }
                try Console.write(Self.sample(of: theme, styles))
            } catch let problems as FileProblems {
                throw Failure(problems.userMessage, .usage)
            }
        }

        private static func sample(of theme: Theme, _ styles: StyledText) -> String {
            var lines: [String] = []
            for ink in Ink.allCases {
                let name = ink.name.padding(toLength: 16, withPad: " ", startingAt: 0)
                let words = sentence(in: ink).padding(toLength: 46, withPad: " ", startingAt: 0)
                let contrast = String(format: "%6.1f", theme.contrast(of: ink))
                lines.append(
                    styles.text(name, theme[.faint]) + styles.text(words, theme[ink])
                        + styles.text(contrast, theme[.faint])
                )
            }
            return lines.joined(separator: "\n") + "\n"
        }

        /// Words as they could stand in this ink.
        private static func sentence(in ink: Ink) -> String {
            switch ink {
            case .text: "No: 1001 = 7 x 11 x 13."
            case .user: "you"
            case .model: "gemma"
            case .thought: "Is 1001 prime? It is 7 x 143."
            case .faint: "[stopped]"
            case .error: "The model can't be opened."
            case .notice: "Ctrl-C again quits."
            case .status: "e2b Q4_0 | LOCAL | think auto | 1.2k/32k"
            case .statusStrong: "WRITE"
            case .heading: "# Factors"
            case .code: "swift build"
            case .codeBlock: "let factors = [7, 11, 13]"
            case .codeKeyword: "func while return"
            case .codeString: "\"thirteen\""
            case .codeNumber: "1001"
            case .codeComment: "// smallest first"
            case .codeType: "Int"
            case .codeFunction: "factors(of:)"
            case .link: "https://example.org"
            case .quote: "> as you said"
            case .added: "+ one line more"
            case .removed: "- one line less"
            case .border: "| a pane"
            case .borderFocus: "| the pane that has the keys"
            case .selection: "the chosen row"
            case .match: "found"
            case .chip: "[pasted 120 lines]"
            case .meter: "====------ 40 %"
            }
        }
    }
}
