import Conversation
import Foundation
import JSONValues
import Testing

@Suite("What a model is given of a branch") struct ContextCutTests {
    private let date = Date(timeIntervalSince1970: 1_800_000_000)

    private func message(
        _ id: String,
        _ role: Role,
        _ text: String,
        parent: String?,
        calls: [ToolCall] = []
    ) -> Message {
        Message(
            id: id,
            parent: parent,
            role: role,
            parts: text.isEmpty ? [] : [.text(text)],
            toolCalls: calls,
            created: date
        )
    }

    /// Questions and answers, the last one a question.
    private func transcript(turns: Int) -> Transcript {
        var transcript = Transcript(id: "t", created: date, systemPrompt: "be kind")
        for turn in 1...turns {
            transcript.append(
                message("u\(turn)", .user, "ask \(turn)", parent: transcript.activeLeaf)
            )
            guard turn < turns else { break }
            transcript.append(
                message("a\(turn)", .assistant, "say \(turn)", parent: transcript.activeLeaf)
            )
        }
        return transcript
    }

    private func ids(_ transcript: Transcript) -> [String] {
        transcript.requestMessages().map(\.id)
    }

    @Test("answers that say nothing are left out, calls are not")
    func silent() {
        var transcript = transcript(turns: 1)
        let call = ToolCall(id: "c", name: "n", arguments: [:])
        transcript.append(message("a1", .assistant, "", parent: "u1"))
        transcript.append(message("u2", .user, "again", parent: "a1"))
        transcript.append(message("a2", .assistant, "", parent: "u2", calls: [call]))
        #expect(ids(transcript) == ["u1", "u2", "a2"])
        #expect(transcript.request().systemPrompt == "be kind")
    }

    @Test("from the message that carries a cut on, the branch begins later")
    func cut() {
        var transcript = transcript(turns: 4)
        transcript.cutContext(ContextCut(start: "u3", summary: "we spoke"))
        #expect(transcript.activeCut?.carrier == "u4")
        #expect(ids(transcript) == ["u3", "a3", "u4"])
        #expect(transcript.request().summary == "we spoke")
        // What follows inherits it; a branch from before it does not.
        transcript.append(message("a4", .assistant, "say 4", parent: "u4"))
        #expect(ids(transcript) == ["u3", "a3", "u4", "a4"])
        transcript.activate(leaf: "a3")
        #expect(ids(transcript) == ["u1", "a1", "u2", "a2", "u3", "a3"])
        #expect(transcript.request().summary == nil)
    }

    @Test("the newest cut counts, and taking it away brings back the one before")
    func undo() {
        var transcript = transcript(turns: 4)
        transcript.cutContext(ContextCut(start: "u2", summary: "first"))
        transcript.append(message("a4", .assistant, "say 4", parent: "u4"))
        transcript.append(message("u5", .user, "ask 5", parent: "a4"))
        transcript.cutContext(ContextCut(start: "u4"))
        #expect(ids(transcript) == ["u4", "a4", "u5"])
        #expect(transcript.request().summary == nil)
        transcript.undoContextCut()
        #expect(ids(transcript).first == "u2")
        #expect(transcript.request().summary == "first")
        transcript.undoContextCut()
        #expect(ids(transcript).count == 9)
        transcript.undoContextCut()
        #expect(ids(transcript).count == 9)
    }

    @Test("a cut whose start is not above it is ignored", arguments: ["u4", "nobody"])
    func strayStart(start: String) {
        var transcript = transcript(turns: 4)
        transcript.activate(leaf: "u3")
        transcript.cutContext(ContextCut(start: start))
        transcript.activate(leaf: "u4")
        #expect(transcript.activeCut == nil)
        #expect(ids(transcript).count == 7)
    }

    @Test("system messages stay before a cut")
    func systemMessages() {
        var transcript = Transcript(id: "t", created: date)
        transcript.append(message("s", .system, "be brief", parent: nil))
        transcript.append(message("u1", .user, "a", parent: "s"))
        transcript.append(message("a1", .assistant, "b", parent: "u1"))
        transcript.append(message("u2", .user, "c", parent: "a1"))
        transcript.cutContext(ContextCut(start: "u2"))
        #expect(ids(transcript) == ["s", "u2"])
    }

    @Test("an answer begins empty below the branch, with a request that does not hold it")
    func beginning() {
        var transcript = transcript(turns: 2)
        let engine = EngineDescription(
            name: "e",
            modelHash: "h",
            isLocal: true,
            contextSize: 9,
            canThink: false
        )
        let (request, answer) = transcript.beginAnswer(
            id: "a2",
            by: engine,
            thinking: .on,
            at: date + 5
        )
        #expect(request.messages.map(\.id) == ["u1", "a1", "u2"])
        #expect(request.thinking == .off)
        #expect(answer.parent == "u2" && answer.answer?.model == "e")
        #expect(transcript.path.last == answer)
        #expect(transcript.modelHash == "h" && transcript.updated == date + 5)
    }

    // MARK: - Leaving turns out

    /// Words are tokens.
    private func count(_ request: GenerationRequest) -> Int {
        request.messages.reduce(0) { $0 + $1.text.split(separator: " ").count }
    }

    @Test("the fewest oldest turns are left out", arguments: 0...20)
    func fewest(target: Int) async {
        // Every turn but the last has four words, the last one two.
        let request = transcript(turns: 5).request()
        let shortened = await ContextFit.withoutOldestTurns(request, target: target, count: count)
        let kept = min(4, target < 2 ? -1 : (target - 2) / 4 + 1)
        guard kept > 0 else {
            #expect(shortened == nil)
            return
        }
        #expect(shortened?.start == "u\(6 - kept)")
        #expect(shortened?.tokens == 4 * kept - 2)
        #expect(shortened?.dropped.first?.id == "u1")
        #expect(shortened.map { $0.dropped.count + $0.kept.count } == 9)
        #expect(shortened?.kept.last?.id == "u5")
    }

    @Test("system messages are kept, and a single turn cannot be left out")
    func limits() async {
        var request = transcript(turns: 1).request()
        #expect(await ContextFit.withoutOldestTurns(request, target: 1, count: count) == nil)
        request = transcript(turns: 3).request()
        request.messages.insert(message("s", .system, "be brief", parent: nil), at: 0)
        let shortened = await ContextFit.withoutOldestTurns(request, target: 4, count: count)
        #expect(shortened?.kept.map(\.id) == ["s", "u3"])
        #expect(shortened?.dropped.map(\.id) == ["u1", "a1", "u2", "a2"])
    }

    @Test("a summary is asked for in a prompt that begins like the conversation")
    func summary() {
        var request = transcript(turns: 4).request(thinking: .on)
        request.summary = "before"
        request.messages.insert(message("s", .system, "be brief", parent: nil), at: 0)
        request.tokenAlternatives = 5
        let dropped = Array(request.messages[1..<5])
        let asked = ContextFit.summary(of: dropped, in: request)
        #expect(asked.messages.dropLast().map(\.id) == ["s", "u1", "a1", "u2", "a2"])
        #expect(asked.messages.last?.role == .user)
        #expect(asked.messages.last?.text.contains("256 words") == true)
        #expect(asked.summary == "before" && asked.systemPrompt == request.systemPrompt)
        #expect(asked.maxTokens == 512 && asked.thinkingBudget == 0)
        #expect(asked.thinking == .on && asked.tokenAlternatives == nil)
    }

    @Test("ninety hundredths are nearly full", arguments: [(89, false), (90, true), (100, true)])
    func usage(used: Int, isNearlyFull: Bool) {
        #expect(ContextUsage(used: used, size: 100).isNearlyFull == isNearlyFull)
        #expect(!ContextUsage(used: 1, size: 0).isNearlyFull)
    }
}
