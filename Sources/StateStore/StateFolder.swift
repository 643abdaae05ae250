import Foundation

/// The folder of what is remembered from start to start and is no session: drafts, earlier
/// messages, how things were shown.
///
/// All of it can be deleted at any time. Files are for their owner alone.
package struct StateFolder: Sendable, Hashable {
    /// One thing that is remembered.
    package enum Item: Sendable, Hashable {
        /// The draft of a session.
        case draft(session: String)
        /// How a session was shown.
        case view(session: String)
        /// Which panes are open and how wide.
        case panes
        /// The name of the theme that was chosen.
        case theme

        /// The file below the folder; nil for a session whose id cannot be a file's name.
        fileprivate var name: String? {
            switch self {
            case .draft(let session): Self.isName(session) ? "drafts/\(session)" : nil
            case .view(let session): Self.isName(session) ? "views/\(session)" : nil
            case .panes: "panes"
            case .theme: "theme"
            }
        }

        private static func isName(_ id: String) -> Bool {
            (1...64).contains(id.utf8.count)
                && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
    }

    package let path: String

    package init(path: String) { self.path = path }

    /// `$XDG_STATE_HOME/facet`, by default `~/.local/state/facet`; nil when no home is known.
    package init?(environment: [String: String]) {
        // The XDG specification: a relative path there is to be ignored.
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            path = state + "/facet"
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            path = home + "/.local/state/facet"
        } else {
            return nil
        }
    }

    package var history: HistoryFile { HistoryFile(path: path + "/history") }

    /// What was kept; nil when nothing was, or nothing that can be read.
    package func value<Value: Decodable>(_ type: Value.Type, of item: Item) -> Value? {
        guard let name = item.name,
            let bytes = try? OwnedFile.read(path + "/" + name, limit: Self.largest)
        else { return nil }
        return try? JSONDecoder().decode(type, from: Data(bytes))
    }

    /// Keeps a value in place of the one before: a crash leaves the old or the new, whole.
    package func keep(_ value: some Encodable, as item: Item) throws(StateError) {
        guard let name = item.name else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard var data = try? encoder.encode(value) else { return }
        data.append(0x0A)
        let file = path + "/" + name
        try OwnedFile.makeFolder((file as NSString).deletingLastPathComponent)
        try OwnedFile.replace(file, with: Array(data))
    }

    package func forget(_ item: Item) throws(StateError) {
        if let name = item.name { try OwnedFile.remove(path + "/" + name) }
    }

    /// Bytes of a file that are read at most.
    private static let largest = 64 << 20
}
