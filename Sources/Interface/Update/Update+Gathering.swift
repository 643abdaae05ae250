import Conversation
import Media

/// What goes with a message that is about to be sent.
extension AppState {
    /// Files are being read for a message that is about to be sent.
    package var isGatheringFiles: Bool {
        chats.contains { $0.gathering != nil || !$0.reading.isEmpty }
    }

    private static let waiting = "The files are being read; the message goes when they are there."

    /// Lets the draft wait for files that are being read for it; false when there are none.
    mutating func waitsForFiles() -> Bool {
        guard !chat.reading.isEmpty else { return false }
        chat.sendsWhenRead = chat.editor.revision
        show(Self.waiting)
        return true
    }

    /// Sends the draft that waited for the last of its files.
    mutating func sendAfterReading(in index: Int) -> [Effect] {
        guard chats[index].reading.isEmpty, let revision = chats[index].sendsWhenRead else {
            return []
        }
        chats[index].sendsWhenRead = nil
        guard revision == chats[index].editor.revision, chats[index].id == chat.id,
            overlay == nil
        else { return [] }
        if notice?.text == Self.waiting { notice = nil }
        return send()
    }

    /// What the draft takes of the context, as far as that is known before its files are read.
    var draftCost: DraftCost {
        let files = chat.editor.files.reduce(DraftCost()) { $0 + cost(of: $1) }
        return files
            + DraftCost(estimated: TokenEstimate.tokens(of: chat.editor.contents.spokenText))
    }

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

    mutating func sendGathered(
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
        var cost = DraftCost(
            estimated: TokenEstimate.tokens(of: chats[index].editor.contents.spokenText)
        )
        for file in files where file.kept != nil { cost = cost + self.cost(of: file) }
        /// A file that an earlier version of the message had goes once.
        func isKept(_ kept: Attachment) -> Bool {
            files.contains { $0.kept?.hash == kept.hash }
        }
        func add(_ preview: FilePreview, _ kept: Attachment, _ chosen: TokenBudget?) {
            var kept = kept
            kept.imageTokens = budget(chosen, for: kept.kind)?.rawValue
            load.attachments.append(kept)
            let hears = description?.senses.hears == true
            cost.known +=
                MediaReceipt(
                    preview.facts,
                    budget: effectiveBudget(chosen, for: kept.kind),
                    hears: hears
                ).total
        }
        for (path, reading) in zip(paths, readings) {
            switch reading {
            case .text(let text, let absolute):
                let name = AttachedFile(path: absolute, sizeInBytes: 0).name
                if seen.insert(absolute).inserted {
                    load.documents.append(Document(name: name, text: text))
                    cost.estimated += TokenEstimate.tokens(of: text)
                }
                continue
            case .media(let preview, let absolute, _, let kept?):
                guard seen.insert(absolute).inserted, !isKept(kept) else { continue }
                add(preview, kept, files.first { $0.path == absolute }?.budget)
                continue
            case .texts(let bundle):
                guard seen.insert(bundle.path).inserted else { continue }
                load.documents += bundle.documents
                cost.estimated += bundle.tokens
                for case .media(let preview, let absolute, _, let kept?) in bundle.media
                where seen.insert(absolute).inserted && !isKept(kept) {
                    add(preview, kept, files.first { $0.path == absolute }?.budget)
                }
                continue
            case .pages(let pages) where !pages.kept.isEmpty:
                guard seen.insert(pages.path).inserted else { continue }
                load.attachments += pages.kept
                let chosen = files.first { $0.path == pages.path }?.budget
                cost.estimated += self.cost(of: pages.choice, chosen)
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
            show((advice(for: path, reading) ?? "") + again, isError: true)
            if !attached.contains(path) { chats[index].confirmed = chats[index].editor.revision }
            dropUnseenDraft()
            return []
        }
        if let sentence = load.attachments.compactMap({ refusal(of: $0.kind) }).first {
            show(sentence, isError: true)
            dropUnseenDraft()
            return []
        }
        if lacksRoom(cost, in: index) { return [] }
        return send(load, in: index)
    }

    /// The tokens that a picture or each frame takes, whoever decided it; nil for a frame's usual ones.
    func effectiveBudget(_ chosen: TokenBudget?, for kind: Attachment.Kind) -> TokenBudget? {
        budget(chosen, for: kind) ?? (kind == .image ? pictureBudget : nil)
    }

    /// What a picture takes that nobody said anything about.
    var pictureBudget: TokenBudget {
        (description?.senses.pictureTokens).flatMap(TokenBudget.init(rawValue:)) ?? .picture
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
