import Conversation
import JSONValues
import ScriptedEngine
import Testing

/// Answers played from a script's file.
@Suite struct RehearsalTests {
    private func play(_ script: String, times: Int = 1) async throws -> [[GenerationEvent]] {
        let engine = try ScriptedEngine(Rehearsal(JSONValue(parsing: script)))
        let context = try await engine.openContext()
        var answers: [[GenerationEvent]] = []
        for _ in 0..<times {
            var events: [GenerationEvent] = []
            for try await event in context.generate(GenerationRequest(messages: [])) {
                events.append(event)
            }
            answers.append(events)
        }
        return answers
    }

    @Test("a thought and a text come in pieces and end")
    func pieces() async throws {
        let script = #"{"answers": [{"thought": "Hmm.", "text": "Good day", "repeat": 2}]}"#
        let events = try await play(script)[0]
        let text = events.map { if case .text(let piece) = $0 { piece } else { "" } }
        #expect(events.first == .thought("Hmm."))
        #expect(events.contains(.thoughtClosed()))
        #expect(text.joined() == "Good dayGood day")
        guard case .finished(.endOfTurn, let statistics) = events.last else {
            Issue.record("the answer does not end")
            return
        }
        #expect(statistics.thoughtTokens == 1)
        #expect(statistics.generatedTokens == 5)
    }

    @Test("a loop begins again after the last answer")
    func loop() async throws {
        let script = #"{"loop": true, "answers": [{"text": "one"}, {"text": "two"}]}"#
        let answers = try await play(script, times: 3)
        #expect(answers.map(\.first) == [.text("one"), .text("two"), .text("one")])
    }

    @Test("without a loop the script ends with an error")
    func end() async throws {
        await #expect(throws: EngineError.self) {
            try await play(#"{"answers": [{"text": "one"}]}"#, times: 2)
        }
    }

    @Test("tokens come at the script's speed")
    func speed() async throws {
        let start = ContinuousClock.now
        let script = #"{"tokens_per_second": 50, "answers": [{"text": "0123", "repeat": 20}]}"#
        _ = try await play(script)
        // Twenty tokens and the end, 20 ms apart.
        #expect(ContinuousClock.now - start >= .milliseconds(300))
    }

    @Test(
        "a script that cannot be played is refused",
        arguments: [
            #"{}"#, #"{"answers": []}"#, #"{"answers": [{"text": "ab", "repeat": -1}]}"#,
            #"{"answers": [{"text": "ab", "repeat": 9000000000000000000}]}"#,
        ]
    )
    func refused(script: String) throws {
        let json = try JSONValue(parsing: script)
        #expect(throws: RehearsalError.self) { try Rehearsal(json) }
    }
}
