import TerminalCore

extension AppState {
    /// Opens the list of files to attach from.
    mutating func openFiles() -> [Effect] {
        guard !talksPlainly else {
            show("/attach PATH adds a file to the message. Tab completes a name on a terminal.")
            return []
        }
        overlay = .files(FilesOverlay(folder: filesFolder))
        return [.listFolder(filesFolder)]
    }

    /// A key while the list of files is open.
    mutating func receive(_ key: KeyPress, in files: FilesOverlay) -> [Effect] {
        var files = files
        let page = max(1, size.height / 2)
        switch key {
        case _ where closes(key):
            overlay = nil
            return []
        case KeyPress(.enter), KeyPress(.tab): return take(from: files)
        case KeyPress(.up), .control("p"): files.move(by: -1)
        case KeyPress(.down), .control("n"): files.move(by: 1)
        case KeyPress(.pageUp): files.move(by: -page)
        case KeyPress(.pageDown): files.move(by: page)
        case KeyPress(.backspace) where files.query.isEmpty, KeyPress(.left):
            return enter(files.parent)
        case KeyPress(.right): return files.selected?.isFolder == true ? take(from: files) : []
        case KeyPress(.backspace), .control("h"): files.deleteBackward()
        case .control("u"): files.clearQuery()
        default:
            guard let text = key.typedText else {
                show("\(key.name) means nothing here. Enter takes, Backspace goes up, Esc closes.")
                return []
            }
            files.type(text)
        }
        return look(in: files)
    }

    /// Takes in the names of the folder that is shown.
    mutating func receiveInFiles(_ listing: FolderListing) -> [Effect] {
        guard case .files(var files) = overlay else { return [] }
        files.receive(listing)
        return look(in: files)
    }

    mutating func receive(_ reading: FileReading, glancedAt path: String) {
        guard case .files(var files) = overlay else { return }
        files.receive(reading, of: path)
        overlay = .files(files)
    }

    private mutating func take(from files: FilesOverlay) -> [Effect] {
        guard let selected = files.selected, let path = files.selectedPath else { return [] }
        if selected.isFolder { return enter(path + "/") }
        overlay = nil
        focus(.editor)
        return [askForFiles([path], for: chat.id)]
    }

    private mutating func enter(_ folder: String) -> [Effect] {
        filesFolder = folder
        overlay = .files(FilesOverlay(folder: folder))
        return [.listFolder(folder)]
    }

    /// Shows the list and has the marked file looked at.
    private mutating func look(in files: FilesOverlay) -> [Effect] {
        var files = files
        let wanted = files.wantGlance()
        overlay = .files(files)
        return wanted.map { [.glance($0)] } ?? []
    }
}
