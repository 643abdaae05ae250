import Conversation
package import Foundation
import TerminalCore

/// Changes the state for one event.
///
/// Pure: the same state, event and time give the same result.
/// - Returns: What has to be done outside, in order.
package func update(_ state: inout AppState, _ event: AppEvent, now: Date) -> [Effect] {
    state.now = now
    var effects = state.receive(event)
    state.noteOpening(event, effects)
    if case .generation(_, .finished) = event, state.panes.showsSessions {
        effects.append(.listSessions)
    }
    let isEnding = effects.contains { if case .quit = $0 { true } else { false } }
    effects += state.wantPreviews() + state.exploreForWelcome()
    // After the effects: a draft goes when its message is in the session.
    return effects + state.keepChanges(isEnding: isEnding)
}

extension AppState {
    fileprivate mutating func noteOpening(_ event: AppEvent, _ effects: [Effect]) {
        switch event {
        case .sessionOpened, .openingFailed: openings = max(0, openings - 1)
        default: break
        }
        openings += effects.count {
            switch $0 {
            case .newSession, .openSession, .fork: true
            default: false
            }
        }
    }

    fileprivate mutating func receive(_ event: AppEvent) -> [Effect] {
        switch event {
        case .input(let input): return receive(input)
        case .line(let line):
            talksPlainly = true
            return receive(line: line)
        case .endOfLines: return end()
        case .generation(let number, let event): return receive(event, of: number)
        case .generationFailed(let number, let sentence): return fail(number, sentence)
        case .promptTooLong(let number, let tokens, let size):
            return failTooLong(number, .promptTooLong(tokens: tokens, contextSize: size))
        case .tick: for index in chats.indices { chats[index].refreshRunning() }
        case .engineReady(let description):
            engine = .ready(description)
            for index in chats.indices {
                takeSampling(of: description, in: index)
                chats[index].lastStatistics?.contextSize = description.contextSize
            }
            lastSampling = preferences.sampling.settings(for: description)
            return chats.map(\.id).flatMap { startNextQueued(in: $0) }
        case .engineFailed(let sentence):
            engine = .failed(sentence)
            show(sentence, isError: true)
            for index in chats.indices { chats[index].returnQueueToDraft() }
        case .saveFailed(let sentence): show(sentence, isError: true)
        case .notice(let sentence): show(sentence)
        case .openingFailed(let sentence):
            // What was to happen once it is open does not.
            (leaving, goal) = ([:], nil)
            show(sentence, isError: true)
        case .clipboardSent: show("Sent to the clipboard.")
        case .editorClosed(let text):
            if let text {
                chat.editor.take(edited: text)
            } else {
                show("The editor did not end well; the draft is as it was.", isError: true)
            }
            return [.redraw]
        case .sessionOpened(let session, let slot): return receive(session, slot: slot)
        case .folderListed(let listing):
            receive(listing)
            return receiveInFiles(listing)
        case .glanced(let path, let reading): receive(reading, glancedAt: path)
        case .recording(let event): return receive(event)
        case .pictureFound(let session, let path):
            return [askForFiles([path], for: session)]
        case .previewed(let source, let outcome): receive(outcome, of: source)
        case .filesRead(let request, let readings): return receive(readings, of: request)
        case .historyLoaded(let texts): receive(history: texts)
        case .sessionsListed(let listings): receive(listings)
        case .found(let number, let outcome): receive(outcome, of: number)
        case .sessionDeleted(let id, let title): return noteDeleted(id, title: title)
        case .sessionForked(let old, let new): return goOn(as: new, insteadOf: old)
        case .contextShortened(let session, let cut, let dropped):
            return receive(cut, dropped: dropped, in: session)
        case .shorteningFailed(let session, let sentence):
            return failShortening(in: session, sentence)
        case .promptReported(let session, let report): receive(report, in: session)
        case .tokensLoaded(let session, let tokens):
            guard let index = index(called: session) else { break }
            chats[index].take(storedTokens: tokens)
        case .costEstimated(let session, let cost): showCost(cost, in: session)
        case .machineExplored(let facts): return receive(facts)
        case .modelsListed(let models, let wanted): return receive(models, wanted: wanted)
        case .themesListed(let themes, let wanted): return receive(themes, wanted: wanted)
        }
        return []
    }

    fileprivate mutating func receive(_ input: InputEvent) -> [Effect] {
        switch input {
        case .key(let key):
            let effects = receive(key)
            let typed = focus == .editor && key.typedText?.first?.isWhitespace == true
            return effects + refreshCompletion(opens: opensCompletion(key))
                + (typed ? attachTyped() : [])
        case .paste(let text): return paste(text)
        case .mouse(let event): return receive(event)
        case .resize(let new): size = new
        case .focus(let isHere): hasFocus = isHere
        case .background(let red, let green, let blue):
            receiveBackground(RGB(red, green, blue))
        case .answered, .showsPixels, .cellSize: break
        case .resumed: return [.redraw]
        case .hangup: return end()
        }
        return []
    }

    private mutating func receive(_ key: KeyPress) -> [Effect] {
        let wasArmed = isQuitArmed
        isQuitArmed = false
        notice = nil
        // Whatever is open: these two are about the terminal.
        if prefixSince == nil, let command = keymap.command(for: key, in: focus),
            command == .suspend || command == .redraw
        {
            return run(command)
        }
        if overlay != nil { return receiveInOverlay(key) }
        if search?.isTyping == true {
            receiveInSearch(key)
            return []
        }
        if focus == .sessions, sessions.isFiltering, filterSessions(key) { return [] }
        if focus == .editor, historySearch != nil { return receiveInHistorySearch(key) }
        if prefixSince != nil { return receiveAfterPrefix(key) }
        if key == Keymap.prefixKey {
            prefixSince = now
            return []
        }
        if key == .control("c"), !chat.usesEngine, chat.editor.isEmpty {
            guard chat.edited == nil else {
                chat.edited = nil
                show("What you send next follows the newest answer again.")
                return []
            }
            if wasArmed { return end() }
            isQuitArmed = true
            show("Ctrl-C again quits.")
            return []
        }
        if let effects = receiveInCompletion(key) { return effects }
        if let effects = receiveInWelcome(key) { return effects }
        if let command = keymap.command(for: key, in: focus) { return run(command) }
        type(key)
        return []
    }

    /// Only what changes a word opens a list for it.
    private func opensCompletion(_ key: KeyPress) -> Bool {
        if key.typedText != nil { return true }
        switch keymap.command(for: key, in: .editor) {
        case .deleteBackward, .deleteForward, .deleteWordBackward: return true
        default: return false
        }
    }

    private mutating func receiveAfterPrefix(_ key: KeyPress) -> [Effect] {
        prefixSince = nil
        if let command = keymap.prefixedCommand(for: key) { return run(command) }
        if key != KeyPress(.escape), key != .control("g"), key != .control("c") {
            showMeaningless("\(Keymap.prefixKey.name) \(key.name) means nothing.")
        }
        return []
    }

    private mutating func type(_ key: KeyPress) {
        guard let text = key.typedText else {
            return showMeaningless("\(key.name) means nothing here.")
        }
        if focus == .editor {
            chat.editor.insert(text)
            chat.editor.goalColumn = nil
        } else {
            showMeaningless(
                "\(key.name) means nothing in READ. "
                    + "\(keymap.hint(for: .write)) goes back to writing."
            )
        }
    }

    private mutating func showMeaningless(_ sentence: String) {
        show("\(sentence) \(keymap.prefixHint(for: .help)) shows the keys.")
    }

    private mutating func paste(_ text: String) -> [Effect] {
        notice = nil
        if overlay != nil {
            return pasteIntoOverlay(text)
        }
        if search?.isTyping == true {
            search?.query += text.firstLine
            return []
        }
        if focus == .sessions, sessions.isFiltering {
            sessions.type(text.firstLine)
            return []
        }
        if focus == .editor, historySearch != nil {
            historySearch?.type(text.firstLine)
            return []
        }
        focus(.editor)
        let start = chat.editor.selection?.lowerBound ?? chat.editor.caret
        chat.editor.paste(text)
        let place = start..<max(start, chat.editor.caret)
        return refreshCompletion(opens: false) + attachPasted(text, at: place)
    }

    /// Keeps what there is and quits.
    mutating func end() -> [Effect] {
        chats.indices.flatMap { chats[$0].stopRunning(now) } + [.quit]
    }
}

extension KeyPress {
    /// The character it types; nil for keys that do something else.
    var typedText: String? {
        guard case .character(let letter) = key, modifiers.isDisjoint(with: [.control, .alt]) else {
            return nil
        }
        return String(letter)
    }
}
