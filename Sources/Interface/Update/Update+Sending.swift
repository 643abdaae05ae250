import Conversation
import Foundation

extension AppState {
    /// Sends the draft, or does what its slash word says.
    mutating func send() -> [Effect] {
        if chat.editor.isAfterBackslash {
            chat.editor.deleteBackward()
            chat.editor.insert("\n")
            return []
        }
        let text = chat.editor.expandedText
        guard text.contains(where: { !$0.isWhitespace }) else { return [] }
        let command = chat.editor.expandedText(from: chat.editor.commandStart)
        if let (word, argument) = Self.slashCommand(in: command) {
            guard let entry = keymap.entry(slash: word) else {
                show(
                    "There is no command /\(word). Correct it, or put a space before it to send it "
                        + "as text. /help shows the commands."
                )
                return []
            }
            guard argument.isEmpty || !entry.argument.isEmpty else {
                show(
                    "Nothing may follow /\(word). Take it out, or put a space before the slash to "
                        + "send all of it as text."
                )
                return []
            }
            chat.editor.takeCommand()
            return run(entry.command, argument: argument)
        }
        guard !isOpening else {
            show("A session is being opened; Enter sends this once it is there.")
            return []
        }
        if let reason = chat.readOnlyReason {
            show(reason, isError: true)
            return []
        }
        if case .failed(let sentence) = engine {
            show(sentence, isError: true)
            return []
        }
        if mustAskAboutContext() { return [] }
        if waitsForFiles() { return [] }
        if let index = shownIndices[safe: slot], lacksRoom(draftCost, in: index) { return [] }
        if let effects = gatherFiles() { return effects }
        let load = MessageLoad(attachments: chat.editor.files.compactMap(\.keptWithBudget))
        return shownIndices[safe: slot].map { send(load, in: $0) } ?? []
    }

    /// Sends a draft with what goes before it, or lets it wait until nothing runs.
    mutating func send(_ load: MessageLoad, in index: Int) -> [Effect] {
        let message = QueuedMessage(chats[index].editor.take(), load)
        let effects = message.text.isEmpty ? [] : remember(message.text, in: index)
        guard chats[index].running == nil, !chats[index].isShortening, let description else {
            chats[index].queue.append(message)
            return effects
        }
        return effects + ask(message, in: chats[index].id, description)
    }

    /// The word and the rest when a text is a command: `/word`, alone or before a space.
    ///
    /// A path such as `/home/me/cat.png` is not one.
    private static func slashCommand(in text: String) -> (word: String, argument: String)? {
        guard text.first == "/" else { return nil }
        let word = text.dropFirst().prefix { !$0.isWhitespace }
        guard !word.isEmpty, word.allSatisfy({ $0.isASCII && ($0.isLetter || $0 == "-") }) else {
            return nil
        }
        let argument = text.dropFirst(1 + word.count)
        return (String(word), argument.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// Adds what the user said to a conversation and asks for an answer.
    private mutating func ask(
        _ message: QueuedMessage,
        in id: String,
        _ description: EngineDescription
    ) -> [Effect] {
        guard let index = chats.firstIndex(where: { $0.id == id }) else { return [] }
        chats[index].goBackBeforeEdited()
        let asked = Message(
            id: identifiers.next(at: now),
            parent: chats[index].transcript.activeLeaf,
            role: .user,
            parts: message.parts,
            created: now
        )
        chats[index].add(asked)
        if chats[index].transcript.title.isEmpty, chats[index].transcript.messages.count == 1 {
            chats[index].transcript.title = message.title.shortened(to: 60)
        }
        return startAnswer(in: index, description)
    }

    /// Asks for an answer to the message at the end of the branch.
    private mutating func startAnswer(
        in index: Int,
        _ description: EngineDescription
    ) -> [Effect] {
        generations += 1
        return chats[index].startAnswer(
            generation: generations,
            messageID: identifiers.next(at: now),
            description,
            asking,
            now
        )
    }

    private var asking: Asking {
        Asking(
            tokenAlternatives: panes.showsInspector && inspector.tab == .tokens ? 5 : nil,
            maxTokens: preferences.maxTokens
        )
    }

    /// Whether an answer that nothing new is said for may begin; else says why not.
    private mutating func mayAnswer() -> Bool {
        guard let reason = chat.readOnlyReason else { return isIdle() }
        show(reason, isError: true)
        return false
    }

    /// Whether the branch that is shown may change; says why not.
    mutating func isIdle() -> Bool {
        if chat.running != nil {
            show("An answer is running. Esc stops it.")
        } else if chat.isShortening {
            show("The oldest turns are being left out; Esc stops that.")
        } else if !chat.queue.isEmpty {
            let way = talksPlainly ? "/queue drop 1" : keymap.prefixHint(for: .dropQueued)
            show("A message waits for the model; \(way) drops it.")
        } else {
            return true
        }
        return false
    }

    /// Answers the last message of the user once more; the old answer stays beside the new one.
    mutating func retry() -> [Effect] {
        guard mayAnswer() else { return [] }
        guard let description, let index = shownIndices[safe: slot],
            let user = chat.transcript.path.last(where: { $0.role == .user })
        else {
            show("There is nothing to answer again.")
            return []
        }
        chat.transcript.activate(leaf: user.id)
        chat.showActiveBranch()
        return startAnswer(in: index, description)
    }

    /// Goes on with an answer that was stopped or cut.
    mutating func continueAnswer() -> [Effect] {
        guard mayAnswer() else { return [] }
        guard description != nil else {
            show("There is no model yet.")
            return []
        }
        guard let (request, answer) = chat.transcript.continueAnswer(at: now) else {
            show(
                chat.pane.branch.isEmpty
                    ? "There is no answer to go on with."
                    : "The last answer ended by itself; there is nothing to go on with."
            )
            return []
        }
        generations += 1
        return chat.start(request, answer, generation: generations, asking, now)
    }

    /// Starts the next message that waits in a conversation, if there is one and nothing runs.
    mutating func startNextQueued(in id: String) -> [Effect] {
        guard let description, let index = chats.firstIndex(where: { $0.id == id }),
            chats[index].running == nil, !chats[index].isShortening, !chats[index].queue.isEmpty
        else { return [] }
        return ask(chats[index].queue.removeFirst(), in: id, description)
    }
}

/// What is wanted of an answer beside its text.
private struct Asking {
    var tokenAlternatives: Int?
    var maxTokens: Int?
}

extension Chat {
    /// Leaves the branch where the edited message began: its new version becomes a sibling.
    fileprivate mutating func goBackBeforeEdited() {
        guard let id = edited, let old = transcript[id] else { return }
        edited = nil
        transcript.activate(leaf: old.parent)
        showActiveBranch()
    }

    /// Begins an empty answer and says what the engine has to do.
    fileprivate mutating func startAnswer(
        generation: Int,
        messageID: String,
        _ description: EngineDescription,
        _ asking: Asking,
        _ now: Date
    ) -> [Effect] {
        let (request, answer) = transcript.beginAnswer(
            id: messageID,
            by: description,
            thinking: thinking,
            at: now
        )
        pane.branch.append(answer.id)
        noteVersions()
        pane.cursor = nil
        pane.selection = nil
        thinkingForNext = nil
        return start(request, answer, generation: generation, asking, now)
    }

    /// Has an answer made, or gone on with.
    fileprivate mutating func start(
        _ request: GenerationRequest,
        _ answer: Message,
        generation: Int,
        _ asking: Asking,
        _ now: Date
    ) -> [Effect] {
        var request = request
        request.tokenAlternatives = asking.tokenAlternatives
        request.maxTokens = asking.maxTokens
        pane.follow()
        running = RunningAnswer(
            generation: generation,
            assembly: AnswerAssembly(answer),
            started: now
        )
        return [
            .save(transcript),
            .startGeneration(
                Generation(number: generation, session: id, answer: answer, request: request)
            ),
        ]
    }
}
