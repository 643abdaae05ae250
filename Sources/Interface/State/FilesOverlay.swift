import TerminalCore

/// The list of files to attach from: a folder, narrowed by typing, and the marked file in small.
package struct FilesOverlay: Sendable {
    package struct Match: Sendable, Hashable {
        package var entry: FolderListing.Entry
        /// The places of the typed letters in the name, in clusters.
        package var positions: [Int]
    }

    /// As typed: empty for the working folder, else with a slash at its end.
    package private(set) var folder: String
    /// Nil while the folder is being read.
    package private(set) var matches: [Match]?
    package private(set) var query = ""
    package private(set) var selection = 0
    private var entries: [FolderListing.Entry] = []
    /// What the marked file holds, as far as it was looked at.
    package private(set) var glance: (path: String, reading: FileReading)?
    /// The file that is being looked at.
    private var asked: String?

    init(folder: String) { self.folder = folder }

    package var selected: FolderListing.Entry? { matches?[safe: selection]?.entry }

    /// The path of what is marked.
    package var selectedPath: String? { selected.map { folder + $0.name } }

    mutating func receive(_ listing: FolderListing) {
        guard listing.folder == folder else { return }
        entries = listing.entries
        narrow()
    }

    mutating func receive(_ reading: FileReading, of path: String) {
        if path == asked { glance = (path, reading) }
    }

    /// Goes into a folder.
    mutating func enter(_ new: String) {
        self = FilesOverlay(folder: new)
    }

    mutating func move(by distance: Int) {
        selection = (selection + distance).clamped(to: 0...max(0, (matches?.count ?? 0) - 1))
    }

    mutating func type(_ text: String) {
        query += text
        narrow()
    }

    mutating func deleteBackward() {
        query = String(query.dropLast())
        narrow()
    }

    mutating func clearQuery() {
        query = ""
        narrow()
    }

    /// The folder above, as it would be typed.
    var parent: String {
        if folder == "/" { return folder }
        let parts = folder.split(separator: "/")
        guard let last = parts.last, last != "..", last != "~", last != "." else {
            return folder == "~/" ? "~/../" : folder + "../"
        }
        let rest = parts.dropLast().joined(separator: "/")
        return (folder.hasPrefix("/") ? "/" : "") + rest + (rest.isEmpty ? "" : "/")
    }

    /// The file that is to be looked at now; nil when that is done or being done.
    mutating func wantGlance() -> String? {
        guard let selected, !selected.isFolder, let path = selectedPath, path != asked else {
            return nil
        }
        asked = path
        glance = nil
        return path
    }

    /// Hidden files are shown only when asked for; with nothing typed, folders come first, by name.
    private mutating func narrow() {
        let shown = entries.filter { $0.name.hasPrefix(".") == query.hasPrefix(".") }
        if query.isEmpty {
            let sorted = shown.sorted {
                ($0.isFolder ? 0 : 1, $0.name.lowercased(), $0.name)
                    < ($1.isFolder ? 0 : 1, $1.name.lowercased(), $1.name)
            }
            matches = sorted.map { Match(entry: $0, positions: []) }
        } else {
            matches = FuzzyMatcher.ranked(shown, query: query) { $0.name }.map {
                Match(entry: $0.item, positions: $0.match.positions)
            }
        }
        selection = 0
    }
}
