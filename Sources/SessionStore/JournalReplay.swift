package import Conversation
import Foundation

/// The messages a journal tells of, rebuilt from its records alone.
package struct JournalReplay {
    private(set) var messages: [Message] = []
    private var indexOfID: [String: Int] = [:]
    /// Messages whose beginning was lost: never a reason to replace what a file holds.
    private var fragments: Set<String> = []
    private var openThoughts: Set<String> = []

    package init(_ records: [JournalRecord]) {
        for record in records { apply(record) }
    }

    private mutating func apply(_ record: JournalRecord) {
        switch record {
        case .message(let message):
            if let index = indexOfID[message.id] {
                messages[index] = message
            } else {
                indexOfID[message.id] = messages.count
                messages.append(message)
            }
            // An answer that is gone on with goes on with its thought too.
            if message.endsInsideThought {
                openThoughts.insert(message.id)
            } else {
                openThoughts.remove(message.id)
            }
        case .started(let id, let plan): change(id) { $0.answer?.thinkingPlan = plan }
        case .text(let id, let text):
            change(id) { message in
                if case .text(let before) = message.parts.last {
                    message.parts[message.parts.count - 1] = .text(before + text)
                } else {
                    message.parts.append(.text(text))
                }
            }
        case .thought(let id, let text):
            let goesOn = !openThoughts.insert(id).inserted
            change(id) { message in
                if goesOn, !message.thoughts.isEmpty {
                    message.thoughts[message.thoughts.count - 1].text += text
                    message.thoughts[message.thoughts.count - 1].ending = nil
                } else {
                    message.thoughts.append(Thought(text: text))
                }
            }
        case .thoughtClosed(let id, let seconds, let tokens, let ending):
            guard openThoughts.remove(id) != nil else { return }
            change(id) { message in
                guard !message.thoughts.isEmpty else { return }
                message.thoughts[message.thoughts.count - 1].seconds = seconds
                message.thoughts[message.thoughts.count - 1].tokens = tokens
                message.thoughts[message.thoughts.count - 1].ending = ending
            }
        case .toolCall(let id, let call): change(id) { $0.toolCalls.append(call) }
        case .finished(let id, let reason, let statistics, let failure):
            openThoughts.remove(id)
            change(id) { message in
                message.answer?.stopReason = reason
                message.answer?.statistics = statistics
                message.answer?.failure = failure
            }
        }
    }

    /// Changes a message; one whose beginning is lost is begun here, below the one before it.
    private mutating func change(_ id: String, _ body: (inout Message) -> Void) {
        if indexOfID[id] == nil {
            fragments.insert(id)
            apply(
                .message(
                    Message(
                        id: id,
                        parent: messages.last?.id,
                        role: .assistant,
                        parts: [],
                        created: Date()
                    )
                )
            )
        }
        guard let index = indexOfID[id] else { return }
        body(&messages[index])
    }

    /// Brings the messages into a transcript.
    ///
    /// On the very file the journal was begun on, its messages are the newer ones. On another
    /// version - saved just before a crash, or edited by hand - nothing of either side is lost:
    /// what continues the file's text replaces it, what differs becomes a sibling.
    /// - Returns: whether the transcript changed.
    package func merge(into transcript: inout Transcript, isOnTopOf base: Bool) -> Bool {
        let before = transcript
        for var message in messages {
            guard let known = transcript[message.id] else {
                transcript.append(message)
                continue
            }
            if base && !fragments.contains(message.id) || message.continues(known) {
                transcript.update(message)
                transcript.activate(leaf: message.id)
            } else if !known.continues(message) {
                message.id += "-recovered"
                guard transcript[message.id] == nil else { continue }
                transcript.append(message)
            }
        }
        return transcript != before
    }
}

extension Message {
    /// Whether this is the other message, or the other one gone on.
    fileprivate func continues(_ other: Message) -> Bool {
        let thoughts = thoughts.map(\.text).joined()
        let otherThoughts = other.thoughts.map(\.text).joined()
        return parts.count >= other.parts.count && toolCalls.starts(with: other.toolCalls)
            && toolResults.starts(with: other.toolResults)
            && text.utf8.starts(with: other.text.utf8)
            && thoughts.utf8.starts(with: otherThoughts.utf8)
            && (other.answer?.stopReason == nil || answer?.stopReason != nil)
    }
}
