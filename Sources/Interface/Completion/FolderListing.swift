/// The names in a folder, as they were asked for.
package struct FolderListing: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package var name: String
        package var isFolder: Bool
        package var sizeInBytes: Int

        package init(name: String, isFolder: Bool, sizeInBytes: Int) {
            self.name = name
            self.isFolder = isFolder
            self.sizeInBytes = sizeInBytes
        }
    }

    /// As typed: empty for the working folder, else with a slash at its end.
    package var folder: String
    /// Folders first, each kind by name; empty when the folder cannot be read.
    package var entries: [Entry]

    package init(folder: String, entries: [Entry]) {
        self.folder = folder
        self.entries = entries.sorted {
            ($0.isFolder ? 0 : 1, $0.name) < ($1.isFolder ? 0 : 1, $1.name)
        }
    }
}
