import Conversation
import TerminalCore

/// One value that a command takes.
package struct ArgumentOption: Sendable, Hashable {
    package var value: String
    package var detail: String

    package init(_ value: String, _ detail: String = "") {
        self.value = value
        self.detail = detail
    }
}

extension AppState {
    /// The values a command takes, as far as they are known.
    func options(of command: Command) -> [ArgumentOption] {
        switch command {
        case .think:
            [
                ArgumentOption("on", "a thought before each answer"),
                ArgumentOption("off", "answers at once"),
                ArgumentOption("auto", "a small budget for short plain questions"),
            ]
        case .model: knownModels.map { ArgumentOption($0.name, $0.size) }
        case .set: SamplingField.allCases.map { ArgumentOption($0.rawValue) }
        case .theme:
            [ArgumentOption(ThemeChoice.automatic, "by the background")]
                + themes.map { ArgumentOption($0.name, $0.appearance.rawValue) }
        case .system:
            preferences.presets.map {
                ArgumentOption($0.name, $0.project == nil ? "a preset" : "a preset of the project")
            }
        default: keymap.entry(of: command)?.choices.map { ArgumentOption($0) } ?? []
        }
    }

    /// What fits where the caret is.
    func completions(for query: CompletionQuery) -> [CompletionItem] {
        switch query.kind {
        case .command: commands(for: query.typed)
        case .argument(let command):
            FuzzyMatcher.ranked(options(of: command), query: query.typed) { $0.value }.map {
                CompletionItem(
                    insertion: $0.item.value,
                    title: $0.item.value,
                    detail: $0.item.detail,
                    positions: $0.match.positions
                )
            }
        case .file(let isMention): files(for: query.typed, isMention: isMention)
        }
    }

    /// Slash words by their letters; below them those whose sentences hold what was typed.
    private func commands(for typed: String) -> [CompletionItem] {
        let entries = keymap.entries.filter { $0.slash != nil }
        let byWord = FuzzyMatcher.ranked(entries, query: typed) { $0.slash ?? "" }
        let words = Set(byWord.map(\.item.command))
        let bySentence = entries.filter {
            typed.count > 2 && !words.contains($0.command)
                && $0.help.lowercased().contains(typed.lowercased())
        }
        let positions = byWord.map { ($0.item, $0.match.positions) } + bySentence.map { ($0, []) }
        return positions.map { entry, positions in
            let slash = "/\(entry.slash ?? "")"
            return CompletionItem(
                insertion: slash,
                title: entry.argument.isEmpty ? slash : "\(slash) \(entry.argument)",
                detail: entry.help,
                positions: positions.map { $0 + 1 },
                continues: entry.needsArgument
            )
        }
    }

    /// What a file would cost is guessed for texts only: its size says nothing of a picture's tokens.
    private static func size(of entry: FolderListing.Entry) -> String {
        let size = entry.sizeInBytes.bytes
        guard !FileEnding.isData(entry.name) else { return size }
        return "\(size), " + TokenEstimate.words(TokenEstimate.tokens(bytes: entry.sizeInBytes))
    }

    /// Names in the folder that was typed; hidden ones only when asked for.
    private func files(for typed: String, isMention: Bool) -> [CompletionItem] {
        let (folder, name) = PathText.split(typed)
        guard let listing = folderListing, listing.folder == folder else { return [] }
        let entries = listing.entries.filter { $0.name.hasPrefix(".") == name.hasPrefix(".") }
        return FuzzyMatcher.ranked(entries, query: name) { $0.name }.map { entry, match in
            let path = folder + entry.name
            let sign = isMention ? "@" : ""
            return CompletionItem(
                insertion: entry.isFolder
                    ? sign + (isMention ? PathText.openQuoted(path + "/") : path + "/")
                    : sign + (isMention ? PathText.quoted(path) : path),
                title: entry.name + (entry.isFolder ? "/" : ""),
                detail: entry.isFolder ? "" : Self.size(of: entry),
                positions: match.positions,
                continues: entry.isFolder,
                file: entry.isFolder || !isMention ? nil : path
            )
        }
    }
}
