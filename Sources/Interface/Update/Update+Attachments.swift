import Conversation
import Media
import TerminalCore

extension AppState {
    // MARK: - The draft's files

    /// Attaches the files that were named after `/attach`.
    mutating func attach(_ argument: String) -> [Effect] {
        guard !argument.isEmpty else { return openFiles() }
        let argument = AttachArgument(argument)
        return [
            .readFiles(
                FileRequest(
                    session: chat.id,
                    paths: argument.paths,
                    purpose: .attach(replacing: nil),
                    options: argument.options
                )
            )
        ]
    }

    /// Takes a file out of the draft by its number.
    mutating func detach(_ argument: String) {
        let count = chat.editor.files.count
        guard count > 0 else { return show("Nothing is attached to this message.") }
        let number = argument.isEmpty && count == 1 ? 1 : Int(argument)
        guard let number, let name = chat.editor.removeFile(number - 1) else {
            return show("Say which: /detach 1\(count > 1 ? " to /detach \(count)" : "").")
        }
        show("\(name) is not attached any more; \(keymap.hint(for: .undo)) brings it back.")
    }

    /// Asks for the files that a pasted text names, if it names some.
    mutating func attachPasted(_ text: String) -> [Effect] {
        let paths = PathText.dropped(text)
        guard !paths.isEmpty else {
            adviseAboutForeign(text)
            return []
        }
        let purpose = FileRequest.Purpose.attach(replacing: text)
        return [.readFiles(FileRequest(session: chat.id, paths: paths, purpose: purpose))]
    }

    /// Says how a file of the ssh connection's other end gets here.
    private mutating func adviseAboutForeign(_ text: String) {
        guard let remote = preferences.remote, RemoteShell.isForeign(text) else { return }
        show(remote.advice(for: text))
    }

    /// Takes in files that were read.
    mutating func receive(_ readings: [FileReading], of request: FileRequest) -> [Effect] {
        guard let index = chats.firstIndex(where: { $0.id == request.session }) else { return [] }
        switch request.purpose {
        case .attach(let replaced):
            attach(readings, of: request, replacing: replaced, in: index)
            return []
        case .send: return sendGathered(readings, request.paths, in: index)
        }
    }

    private mutating func attach(
        _ readings: [FileReading],
        of request: FileRequest,
        replacing replaced: String?,
        in index: Int
    ) {
        var files: [AttachedFile] = []
        var rest: [String] = []
        for (path, reading) in zip(request.paths, readings) {
            if let file = attached(reading, request.options) {
                files.append(file)
                continue
            }
            rest.append(PathText.quoted(path))
            // A pasted path that names no file is a text like any other.
            let isText = reading == .missing && replaced != nil && request.paths.count == 1
            if isText, let replaced { adviseAboutForeign(replaced) }
            guard !isText, let sentence = reading.refusal(of: path) else { continue }
            show(sentence, isError: true)
        }
        chats[index].editor.attach(
            files,
            replacing: replaced,
            keeping: rest.joined(separator: " ")
        )
    }

    /// Asks for the files that a mention names which was typed to its end, where they cost something
    /// that a person should see before sending.
    mutating func attachTyped() -> [Effect] {
        let caret = chat.editor.caret
        let start = max(0, caret - 1_024)
        let text = chat.editor.text
        let before = String(text[chat.editor.index(start)..<chat.editor.index(caret)])
        guard let mention = Mention.all(in: before).last, !mention.isOpen,
            mention.range.upperBound == before.utf8.count - 1, mention.isCostly
        else { return [] }
        let bytes = Array(before.utf8)[mention.range]
        let purpose = FileRequest.Purpose.attach(
            replacing: String(decoding: bytes, as: UTF8.self)
        )
        return [.readFiles(FileRequest(session: chat.id, paths: [mention.path], purpose: purpose))]
    }

    /// A file as it goes with a message; nil for what cannot.
    private mutating func attached(
        _ reading: FileReading,
        _ options: AttachOptions
    ) -> AttachedFile? {
        switch reading {
        case .text(let text, let path):
            return AttachedFile(path: path, sizeInBytes: text.utf8.count)
        case .media(let preview, let path, let size, _):
            let file = AttachedFile(
                path: path,
                sizeInBytes: size,
                content: .media(preview.facts.kind),
                budget: options.budget
            )
            if let source = file.source { media.take(.there(preview), of: source) }
            return file
        case .texts(let bundle):
            if !bundle.notes.isEmpty { show(bundle.notes.joined(separator: " ")) }
            return AttachedFile(
                path: bundle.path,
                sizeInBytes: bundle.sizeInBytes,
                content: bundle.content
            )
        case .pages(let pages):
            return AttachedFile(
                path: pages.path,
                sizeInBytes: pages.sizeInBytes,
                content: .document(pages.choice),
                budget: options.budget
            )
        default: return nil
        }
    }
}

extension Mention {
    /// It names several files, or one that a model sees, hears or reads page by page.
    fileprivate var isCostly: Bool {
        let name = path.split(separator: "/").last ?? ""
        guard !GlobPattern.isPattern(path) else { return true }
        let endings: Set<Substring> = [
            "png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "avif", "heic", "wav", "mp3",
            "flac", "ogg", "opus", "m4a", "mp4", "mkv", "webm", "mov", "pdf",
        ]
        return name.contains(".")
            && endings.contains(name.lowercased().split(separator: ".").last ?? "")
    }
}
