import Conversation
import Media
import TerminalCore

extension AppState {
    // MARK: - The draft's files

    /// Attaches the files that were named after `/attach`.
    mutating func attach(_ argument: String) -> [Effect] {
        guard !argument.isEmpty else { return openFiles() }
        let argument = AttachArgument(argument)
        var problems = argument.problems
        let most = description?.senses.imageTokens ?? 0
        if let budget = argument.options.budget, most > 0, budget.rawValue > most {
            problems.append("This model takes \(most) tokens of a picture at most.")
        }
        guard problems.isEmpty else {
            show((["Nothing is attached."] + problems).joined(separator: " "), isError: true)
            return []
        }
        return [askForFiles(argument.paths, for: chat.id, options: argument.options)]
    }

    /// Has files read that are to be attached.
    ///
    /// - Parameters:
    ///   - paths: as they are typed.
    ///   - session: the conversation whose draft gets them.
    ///   - replaced: the text of the draft that their chips take the place of, and where it stands;
    ///     nil puts them at the caret.
    ///   - options: how they go with the message.
    /// - Returns: What has to be done for it.
    mutating func askForFiles(
        _ paths: [String],
        for session: String,
        replacing replaced: (text: String, place: Range<Int>)? = nil,
        options: AttachOptions = AttachOptions()
    ) -> Effect {
        fileRequests += 1
        var request = FileRequest(
            session: session,
            paths: paths,
            purpose: .attach(replacing: replaced?.text),
            options: options
        )
        request.number = fileRequests
        if let index = index(called: session) {
            chats[index].reading.insert(request.number)
            if let place = replaced?.place {
                chats[index].editor.places.add(place, number: request.number)
            }
        }
        return .readFiles(request)
    }

    /// Takes a file out of the draft by its number.
    mutating func detach(_ argument: String) {
        let count = chat.editor.files.count
        guard count > 0 else { return show("Nothing is attached to this message.") }
        let number = argument.isEmpty && count == 1 ? 1 : Int(argument)
        guard let number, chat.editor.files[counted: number] != nil,
            let name = chat.editor.removeFile(number - 1)
        else {
            return show("Say which: /detach 1\(count > 1 ? " to /detach \(count)" : "").")
        }
        show("\(name) is not attached any more; \(keymap.hint(for: .undo)) brings it back.")
    }

    /// Asks for the files that a pasted text names, if it names some.
    mutating func attachPasted(_ text: String, at place: Range<Int>) -> [Effect] {
        let paths = PathText.dropped(text)
        guard !paths.isEmpty else {
            adviseAboutForeign(text)
            return []
        }
        return [askForFiles(paths, for: chat.id, replacing: (text, place))]
    }

    /// Says how a file of the ssh connection's other end gets here.
    private mutating func adviseAboutForeign(_ text: String) {
        guard let remote = preferences.remote, RemoteShell.isForeign(text) else { return }
        show(remote.advice(for: text))
    }

    /// Why a file is not attached; for one that may lie at the other end of an ssh connection how
    /// it gets here.
    func advice(for path: String, _ reading: FileReading) -> String? {
        guard reading == .missing, let remote = preferences.remote, RemoteShell.isForeign(path)
        else { return reading.refusal(of: path) }
        return remote.advice(for: path)
    }

    /// Takes in files that were read.
    mutating func receive(_ readings: [FileReading], of request: FileRequest) -> [Effect] {
        guard let index = index(called: request.session) else { return [] }
        switch request.purpose {
        case .attach(let replaced):
            let isUntouched = chats[index].sendsWhenRead == chats[index].editor.revision
            chats[index].reading.remove(request.number)
            let isLine = talksPlainly && replaced != nil && chats[index].sendsWhenRead == nil
            let goesOn = attach(readings, of: request, replacing: replaced, in: index)
            // What was typed since, and what was refused, is for the person to look at.
            chats[index].sendsWhenRead =
                isUntouched && goesOn ? chats[index].editor.revision : nil
            // A line that names no file is a message like any other.
            if isLine, readings == [.missing] { return send() }
            if isLine || !goesOn { dropUnseenDraft() }
            let effects = followAttaching(in: index)
            return effects + closeIdleChats()
        case .send: return sendGathered(readings, request.paths, in: index)
        }
    }

    /// The list under the caret is about another place now; a message may have waited.
    private mutating func followAttaching(in index: Int) -> [Effect] {
        let effects = sendAfterReading(in: index)
        guard chats[index].id == chat.id, chat.completion != nil else { return effects }
        return effects + refreshCompletion(opens: false)
    }

    /// - Returns: False when something was refused.
    private mutating func attach(
        _ readings: [FileReading],
        of request: FileRequest,
        replacing replaced: String?,
        in index: Int
    ) -> Bool {
        var files: [AttachedFile] = []
        var (rest, repeated): ([String], [String]) = ([], [])
        var isRefused = false
        for (path, reading) in zip(request.paths, readings) {
            let found = attached(reading, request.options)
            if let sentence = found.compactMap({ request.options.problem(with: $0) }).first {
                show(sentence, isError: true)
                isRefused = true
                continue
            }
            for file in found {
                let isNew =
                    !files.contains { $0.isSame(as: file) }
                    && !noteAgain(file, request.options, in: index)
                if isNew { files.append(file) } else { repeated.append(file.name.firstLine) }
            }
            guard found.isEmpty else { continue }
            rest.append(PathText.quoted(path))
            // A pasted path that names no file is a text like any other.
            let isText = reading == .missing && replaced != nil && request.paths.count == 1
            if isText, let replaced { adviseAboutForeign(replaced.first == "@" ? path : replaced) }
            guard !isText, let sentence = advice(for: path, reading) else { continue }
            show(sentence, isError: true)
            isRefused = true
        }
        if !repeated.isEmpty {
            let verb = repeated.count == 1 ? "is" : "are"
            show("\(repeated.joined(separator: ", ")) \(verb) attached already.")
        }
        guard replaced != nil else {
            chats[index].editor.attach(files, in: nil)
            return !isRefused
        }
        // What was changed meanwhile is another text.
        guard let place = chats[index].editor.places.take(request.number) else { return !isRefused }
        // A mention of a file that is attached already is a word; a bare path would be noise.
        let isNoise = !repeated.isEmpty && rest.isEmpty && replaced?.first != "@"
        guard !files.isEmpty || isNoise else { return !isRefused }
        chats[index].editor.attach(files, in: place, keeping: rest.joined(separator: " "))
        return !isRefused
    }

    /// Whether the draft has a file already, which then goes as it is wanted now.
    private mutating func noteAgain(
        _ file: AttachedFile,
        _ options: AttachOptions,
        in index: Int
    ) -> Bool {
        let files = chats[index].editor.files
        guard let number = files.firstIndex(where: { $0.isSame(as: file) }) else { return false }
        if options != AttachOptions() {
            _ = chats[index].editor.update(file: number) { $0 = file }
        }
        return true
    }

    /// Asks for the files that a mention names which was typed to its end, where they cost something
    /// that a person should see before sending.
    mutating func attachTyped() -> [Effect] {
        let caret = chat.editor.caret
        let start = max(0, caret - 1_024)
        let draft = chat.editor.text
        let before = String(draft[chat.editor.index(start)..<chat.editor.index(caret)])
        guard let mention = Mention.all(in: before).last, !mention.isOpen,
            mention.range.upperBound == before.utf8.count - 1, mention.isCostly
        else { return [] }
        let text = String(decoding: Array(before.utf8)[mention.range], as: UTF8.self)
        let offset = caret - before.utf8.count
        let place = offset + mention.range.lowerBound..<offset + mention.range.upperBound
        return [askForFiles([mention.path], for: chat.id, replacing: (text, place))]
    }
}

extension Mention {
    /// It names several files, or one that a model sees, hears or reads page by page.
    fileprivate var isCostly: Bool { GlobPattern.isPattern(path) || FileEnding.isRead(path) }
}
