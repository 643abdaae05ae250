import Conversation
package import JSONValues
import Synchronization

/// Answers written in a file, played as if a model gave them: terminals are tested without weights.
///
/// `{"tokens_per_second": 200, "loop": true, "answers": [{"thought": "...", "text": "...", "repeat": 3}]}`
package struct Rehearsal: Sendable, Hashable {
    package struct Answer: Sendable, Hashable {
        package var thought: String
        package var text: String
    }

    package var answers: [Answer]
    /// After the last answer the first one follows again.
    package var loops: Bool
    /// Nil gives everything at once.
    package var tokensPerSecond: Double?

    /// Scalars of a piece: what a token holds on average.
    private static let pieceLength = 4
    private static let largestText = 1 << 26

    /// Reads a script.
    /// - Throws: `RehearsalError` naming the member that is wrong.
    package init(_ json: JSONValue) throws(RehearsalError) {
        guard let list = json["answers"]?.arrayValue, !list.isEmpty else {
            throw RehearsalError(userMessage: "The script has no \"answers\", a list of objects.")
        }
        answers = []
        for (index, item) in list.enumerated() {
            let text = item["text"]?.stringValue ?? ""
            let count = item["repeat"]?.intValue ?? 1
            guard count >= 0, count <= Self.largestText / max(1, text.utf8.count) else {
                throw RehearsalError(
                    userMessage: "Answer \(index + 1) of the script is repeated too often."
                )
            }
            answers.append(
                Answer(
                    thought: item["thought"]?.stringValue ?? "",
                    text: String(repeating: text, count: count)
                )
            )
        }
        loops = json["loop"]?.boolValue ?? false
        tokensPerSecond = json["tokens_per_second"]?.doubleValue.flatMap { $0 > 0 ? $0 : nil }
        guard tokensPerSecond ?? 1 >= 0.001 else {
            throw RehearsalError(
                userMessage: "The script's tokens_per_second is below 0.001. Give a larger number."
            )
        }
    }

    /// One list of events for each answer.
    var events: [[GenerationEvent]] {
        answers.map { answer in
            let thought = Self.pieces(answer.thought).map { GenerationEvent.thought($0) }
            let text = Self.pieces(answer.text).map { GenerationEvent.text($0) }
            let tokens = thought.count + text.count
            let statistics = Statistics(
                promptTokens: tokens,
                generatedTokens: tokens,
                generationSeconds: Double(tokens) / (tokensPerSecond ?? 1_000),
                thoughtTokens: thought.count,
                contextUsed: tokens,
                contextSize: EngineDescription.scripted.contextSize
            )
            return thought + (thought.isEmpty ? [] : [.thoughtClosed()]) + text
                + [.finished(.endOfTurn, statistics)]
        }
    }

    /// Cuts between scalars, as tokens do: a cluster may come in several pieces.
    private static func pieces(_ text: String) -> [String] {
        var pieces: [String] = []
        var rest = text.unicodeScalars[...]
        while !rest.isEmpty {
            pieces.append(String(String.UnicodeScalarView(rest.prefix(pieceLength))))
            rest = rest.dropFirst(pieceLength)
        }
        return pieces
    }
}

/// Why a script cannot be played, as a sentence for a person.
package struct RehearsalError: Error, Sendable, Hashable {
    package var userMessage: String
}

extension ScriptedEngine {
    /// Plays a rehearsal at its speed, which its conversations share.
    package init(_ rehearsal: Rehearsal) {
        let beat = rehearsal.tokensPerSecond.map { Beat(interval: .seconds(1 / $0)) }
        self.init(answers: rehearsal.events, loops: rehearsal.loops) { await beat?.next() }
    }
}

/// Says when the next token is due; a late one does not delay those after it.
private final class Beat: Sendable {
    private let interval: Duration
    private let due = Mutex(ContinuousClock.now)

    init(interval: Duration) { self.interval = interval }

    func next() async {
        let moment = due.withLock { due in
            // After a pause the beat begins anew.
            due = max(due + interval, ContinuousClock.now - .milliseconds(100))
            return due
        }
        try? await Task.sleep(until: moment, clock: .continuous)
    }
}
