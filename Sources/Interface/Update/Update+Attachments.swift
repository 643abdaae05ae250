import TerminalCore

extension AppState {
    // MARK: - The draft's files

    /// Attaches the file that was named after `/attach`.
    mutating func attach(_ argument: String) -> [Effect] {
        guard !argument.isEmpty else {
            show("/attach PATH adds a text file to the message; @ and a few letters find one.")
            return []
        }
        let path =
            PathText.pasted(argument) ?? Mention.all(in: "@" + argument).first?.path ?? argument
        let purpose = FileRequest.Purpose.attach(replacing: nil)
        return [.readFiles(FileRequest(session: chat.id, paths: [path], purpose: purpose))]
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

    /// Asks for the file that a pasted text names, if it names one.
    mutating func attachPasted(_ text: String) -> [Effect] {
        guard let path = PathText.pasted(text) else { return [] }
        let purpose = FileRequest.Purpose.attach(replacing: text)
        return [.readFiles(FileRequest(session: chat.id, paths: [path], purpose: purpose))]
    }

    /// Takes in files that were read.
    mutating func receive(_ readings: [FileReading], of request: FileRequest) -> [Effect] {
        guard let index = chats.firstIndex(where: { $0.id == request.session }) else { return [] }
        switch request.purpose {
        case .attach(let replaced):
            for (path, reading) in zip(request.paths, readings) {
                attach(reading, path, replacing: replaced, in: index)
            }
            return []
        case .send: return sendGathered(readings, request.paths, in: index)
        }
    }

    private mutating func attach(
        _ reading: FileReading,
        _ path: String,
        replacing replaced: String?,
        in index: Int
    ) {
        guard case .text(let text, let absolute) = reading else {
            // A pasted path that names no file is a text like any other.
            if reading == .missing, replaced != nil { return }
            if let sentence = reading.refusal(of: path) { show(sentence, isError: true) }
            return
        }
        let file = AttachedFile(path: absolute, sizeInBytes: text.utf8.count)
        chats[index].editor.attach(file, replacing: replaced)
    }

    // MARK: - Sending

    /// Files are being read for a message that is about to be sent.
    package var isGatheringFiles: Bool { chats.contains { $0.gathering != nil } }

    /// Asks for the texts of the files a draft names; nil when it names none.
    ///
    /// Names typed by hand count too, unless the person was told that there is no such file and
    /// sends it all the same.
    mutating func gatherFiles() -> [Effect]? {
        let paths = chat.editor.mentionedFiles
        guard !paths.isEmpty else { return nil }
        chat.gathering = chat.editor.revision
        return [.readFiles(FileRequest(session: chat.id, paths: paths, purpose: .send))]
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
        var documents: [Document] = []
        var seen: Set<String> = []
        let attached = Set(chats[index].editor.files.map(\.path))
        for (path, reading) in zip(paths, readings) {
            if case .text(let text, let absolute) = reading {
                let name = AttachedFile(path: absolute, sizeInBytes: 0).name
                if seen.insert(absolute).inserted {
                    documents.append(Document(name: name, text: text))
                }
                continue
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
        return send(documents, in: index)
    }
}

extension Editor {
    /// The files whose chips stand in the draft, in its order.
    package var files: [AttachedFile] { chips.files(in: text).map(\.file) }

    /// The paths of the draft's files: of its chips, then those typed by hand; each once.
    var mentionedFiles: [String] {
        var seen: Set<String> = []
        let typed = text.utf8.contains(0x40) ? Mention.all(in: text).map(\.path) : []
        return (files.map(\.path) + typed).filter { seen.insert($0).inserted }
    }
}
