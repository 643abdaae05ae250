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

    // MARK: - Sending

    /// Files are being read for a message that is about to be sent.
    package var isGatheringFiles: Bool { chats.contains { $0.gathering != nil } }

    /// Asks for what the files hold that a draft names; nil when it names none.
    ///
    /// Names typed by hand count too, unless the person was told that there is no such file and
    /// sends it all the same.
    mutating func gatherFiles() -> [Effect]? {
        let paths = chat.editor.mentionedFiles
        guard !paths.isEmpty else { return nil }
        chat.gathering = chat.editor.revision
        var request = FileRequest(session: chat.id, paths: paths, purpose: .send)
        for file in chat.editor.files {
            guard var options = file.options else { continue }
            if case .document = file.content { options.budget = budget(file.budget, for: .image) }
            request.chosen[file.path] = options
        }
        return [.readFiles(request)]
    }

    private mutating func sendGathered(
        _ readings: [FileReading],
        _ paths: [String],
        in index: Int
    ) -> [Effect] {
        // What was typed since belongs to the message: it is sent when it is sent again.
        let gathered = chats[index].gathering
        chats[index].gathering = nil
        guard gathered == chats[index].editor.revision else { return [] }
        let files = chats[index].editor.files
        var load = MessageLoad(attachments: files.compactMap(\.keptWithBudget))
        var seen: Set<String> = []
        let attached = Set(files.map(\.path))
        for (path, reading) in zip(paths, readings) {
            switch reading {
            case .text(let text, let absolute):
                let name = AttachedFile(path: absolute, sizeInBytes: 0).name
                if seen.insert(absolute).inserted {
                    load.documents.append(Document(name: name, text: text))
                }
                continue
            case .media(_, let absolute, _, let kept?):
                guard seen.insert(absolute).inserted else { continue }
                var kept = kept
                let chosen = files.first { $0.path == absolute }?.budget
                kept.imageTokens = budget(chosen, for: kept.kind)?.rawValue
                load.attachments.append(kept)
                continue
            case .texts(let bundle):
                if seen.insert(bundle.path).inserted { load.documents += bundle.documents }
                continue
            case .pages(let pages) where !pages.kept.isEmpty:
                if seen.insert(pages.path).inserted { load.attachments += pages.kept }
                continue
            default: break
            }
            // A word behind @ that names nothing, as a person's handle, is a word.
            let isWord =
                reading == .missing && !attached.contains(path)
                && !path.contains(where: { "./~".contains($0) })
            guard !isWord, chats[index].confirmed != chats[index].editor.revision else { continue }
            let again =
                attached.contains(path) || talksPlainly
                ? "" : " Enter again sends the message without it."
            show((reading.refusal(of: path) ?? "") + again, isError: true)
            if !attached.contains(path) { chats[index].confirmed = chats[index].editor.revision }
            dropUnseenDraft()
            return []
        }
        if let sentence = load.attachments.compactMap({ refusal(of: $0.kind) }).first {
            show(sentence, isError: true)
            dropUnseenDraft()
            return []
        }
        return send(load, in: index)
    }

    /// The tokens that a picture or each frame may take: frames are many, so that only a choice for
    /// the file counts there.
    func budget(_ chosen: TokenBudget?, for kind: Attachment.Kind) -> TokenBudget? {
        switch kind {
        case .image: chosen ?? preferences.imageTokens
        case .video: chosen
        case .audio, .file: nil
        }
    }

    /// Why the model cannot be given such a file; nil when it can.
    func refusal(of kind: Attachment.Kind) -> String? {
        guard let description else { return nil }
        let (isTaken, deed) =
            switch kind {
            case .image: (description.senses.sees, "see pictures")
            case .video: (description.senses.sees, "see videos")
            case .audio: (description.senses.hears, "hear")
            case .file: (true, "")
            }
        guard !isTaken else { return nil }
        let missing = description.senses.missing.map { " \($0)" } ?? ""
        return "\(description.name) cannot \(deed).\(missing)"
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

extension Editor {
    /// The files whose chips stand in the draft, in its order.
    package var files: [AttachedFile] { chips.files(in: text).map(\.file) }

    /// The paths of the draft's files: of its chips, then those typed by hand; each once.
    var mentionedFiles: [String] {
        var seen: Set<String> = []
        let typed = text.utf8.contains(0x40) ? Mention.all(in: text).map(\.path) : []
        return (files.filter { $0.kept == nil }.map(\.path) + typed).filter {
            seen.insert($0).inserted
        }
    }
}
