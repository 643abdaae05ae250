import Conversation
import Foundation

extension AppState {
    /// The commands that a slash word in the draft could still become.
    var completions: [CommandEntry] {
        guard mode == .write, editor.text.first == "/" else { return [] }
        let word = editor.text.dropFirst()
        guard word.allSatisfy({ $0.isLetter }) else { return [] }
        return CommandTable.entries.filter { $0.slash?.hasPrefix(word) == true }
    }

    /// Sends the draft, or does what its slash word says.
    mutating func send() -> [Effect] {
        if editor.isAfterBackslash {
            editor.deleteBackward()
            editor.insert("\n")
            return []
        }
        let text = editor.expandedText
        guard text.contains(where: { !$0.isWhitespace }) else { return [] }
        if let (word, argument) = Self.slashCommand(in: text) {
            guard let entry = CommandTable.entry(slash: word) else {
                show(
                    "There is no command /\(word). Correct it, or put a space before it to send it "
                        + "as text. /help shows the commands."
                )
                return []
            }
            _ = editor.take()
            return run(entry.command, argument: argument)
        }
        if let readOnlyReason {
            show(readOnlyReason, isError: true)
            return []
        }
        if case .failed(let sentence) = engine {
            show(sentence, isError: true)
            return []
        }
        _ = editor.take()
        history.add(text)
        guard running == nil, description != nil else {
            queue.append(text)
            return []
        }
        return start(text)
    }

    /// The word and the rest when a text is a command: `/word`, alone or before a space.
    ///
    /// A path such as `/home/me/cat.png` is not one.
    private static func slashCommand(in text: String) -> (word: String, argument: String)? {
        guard text.first == "/" else { return nil }
        let word = text.dropFirst().prefix { !$0.isWhitespace }
        guard !word.isEmpty, word.allSatisfy({ $0.isASCII && $0.isLetter }) else { return nil }
        let argument = text.dropFirst(1 + word.count)
        return (String(word), argument.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// Adds what the user said and asks for an answer.
    private mutating func start(_ text: String) -> [Effect] {
        let message = Message(
            id: identifiers.next(at: now),
            parent: transcript.activeLeaf,
            role: .user,
            parts: [.text(text)],
            created: now
        )
        transcript.append(message)
        pane.branch.append(message.id)
        if transcript.title.isEmpty { transcript.title = text.firstLine.shortened(to: 60) }
        return startAnswer()
    }

    /// Asks for an answer to the message at the end of the branch.
    private mutating func startAnswer() -> [Effect] {
        guard let description else { return [] }
        let mode = description.canThink ? thinking : .off
        let request = GenerationRequest(
            systemPrompt: transcript.systemPrompt,
            // An answer that failed or was stopped before its first word says nothing to a model.
            messages: transcript.path.filter { $0.role != .assistant || !$0.isSilent },
            thinking: mode,
            sampling: transcript.sampling
        )
        let answer = Message(
            id: identifiers.next(at: now),
            parent: transcript.activeLeaf,
            role: .assistant,
            parts: [],
            created: now,
            answer: AnswerRecord(
                model: description.name,
                modelHash: description.modelHash,
                thinking: mode,
                sampling: transcript.sampling
            )
        )
        transcript.append(answer)
        transcript.updated = now
        transcript.model = description.name
        transcript.modelHash = description.modelHash
        pane.branch.append(answer.id)
        pane.follow()
        thinkingForNext = nil
        generations += 1
        running = RunningAnswer(generation: generations, message: answer, started: now)
        return [
            .save(transcript),
            .startGeneration(Generation(number: generations, answer: answer, request: request)),
        ]
    }

    /// Answers the last message of the user once more; the old answer stays beside the new one.
    mutating func retry() -> [Effect] {
        guard running == nil else {
            show("An answer is running. Esc stops it.")
            return []
        }
        guard description != nil,
            let user = transcript.path.last(where: { $0.role == .user })
        else {
            show("There is nothing to answer again.")
            return []
        }
        transcript.activate(leaf: user.id)
        pane = ConversationPane(branch: transcript.path.map(\.id), likeness: pane)
        return startAnswer()
    }

    /// Starts the next message that waits, if there is one and nothing runs.
    mutating func startNextQueued() -> [Effect] {
        guard running == nil, description != nil, !queue.isEmpty else { return [] }
        return start(queue.removeFirst())
    }

    /// Puts messages that wait back before the draft: nothing is sent unasked, nothing is lost.
    mutating func returnQueueToDraft() {
        guard !queue.isEmpty else { return }
        let draft = editor.expandedText
        editor.replace(with: (queue + (draft.isEmpty ? [] : [draft])).joined(separator: "\n"))
        queue = []
    }
}

extension Message {
    /// True when nothing of it would reach a model.
    fileprivate var isSilent: Bool { text.isEmpty && toolCalls.isEmpty }
}
