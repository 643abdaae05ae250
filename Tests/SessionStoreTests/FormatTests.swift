import Conversation
import Foundation
import JSONValues
import SeededRandom
import SessionStore
import Testing

@Suite struct SessionFormatOne {
    private func read(_ text: String) throws -> StoredSession {
        try SessionFormat.session(
            from: Array(text.utf8),
            id: Sample.id,
            modified: Sample.date
        )
    }

    @Test("the smallest file opens, and what it leaves out is filled in the same way every time")
    func minimal() throws {
        let text = """
            {"format":1,"messages":[{"role":"user","parts":[{"type":"text","text":"hi"}]},
            {"role":"assistant","parts":[]}]}
            """
        let session = try read(text)
        #expect(session.transcript.id == Sample.id)
        #expect(session.transcript.path.map(\.text) == ["hi", ""])
        #expect(session.transcript.messages.map(\.id) == ["m1", "m2"])
        #expect(session.transcript.messages.map(\.parent) == [nil, "m1"])
        #expect(session.transcript.created == Sample.date)
        #expect(try read(text) == session)
    }

    @Test("a filled-in message id avoids the ids that are there")
    func spareIDs() throws {
        let session = try read(
            #"{"format":1,"messages":[{"role":"user"},{"id":"m1","role":"user"}]}"#
        )
        #expect(session.transcript.messages.map(\.id) == ["m1_", "m1"])
    }

    @Test("keys are sorted, slashes and emoji literal, with a newline at the end")
    func layout() throws {
        var transcript = Sample.transcript()
        transcript.notes = "a/b \u{1F600}"
        let text = String(decoding: SessionFormat.bytes(StoredSession(transcript)), as: UTF8.self)
        #expect(text.contains("\"notes\": \"a/b \u{1F600}\""))
        #expect(text.hasSuffix("}\n"))
        let keys = text.split(separator: "\n").filter { $0.hasPrefix("  \"") }.compactMap {
            $0.split(separator: "\"").dropFirst().first
        }
        #expect(keys == keys.sorted())
        #expect(keys.contains("path") && keys.contains("active_leaf"))
    }

    @Test("counts beyond what JSON carries exactly are cut, so that nothing overflows by them")
    func hugeCounts() throws {
        let text = """
            {"format":1,"messages":[{"id":"a1","role":"assistant","parts":[],"model":"m","statistics":{
            "context_used":9223372036854775807,"context_size":-9223372036854775808,
            "generated_tokens":9223372036854775807,"generation_seconds":1e-300}}]}
            """
        let answer = try #require(try read(text).transcript.messages.first?.answer)
        let statistics = try #require(answer.statistics)
        #expect(statistics.contextUsed == 1 << 53 && statistics.contextSize == -(1 << 53))
        #expect(statistics.tokensPerSecond == 1e6)
        #expect(statistics.continued(by: statistics).generatedTokens == 1 << 54)
    }

    @Test("fields of another program survive reading and saving, wherever they stand")
    func unknownFields() throws {
        let text = """
            {"format":1,"x_top":{"n":1.50},"sampling":{"mirostat":2},"messages":[
            {"id":"u1","role":"user","x_message":[1,2],"parts":[
            {"type":"sketch","strokes":3},{"type":"text","text":"hi","lang":"en"},
            {"type":"sticker"}]},
            {"id":"a1","parent":"u1","role":"assistant","model":"m","parts":[],
            "stop_reason":"daydream","thoughts":[{"text":"t","mood":"calm","ending":"faded"}],
            "thinking_plan":{"thinks":false,"rule":"r","luck":7},
            "statistics":{"joules":4},"context_cut":{"start":"u1","by":"me"}}]}
            """
        let session = try read(text)
        let saved = try JSONValue(parsing: SessionFormat.bytes(session))
        #expect(saved["x_top"]?["n"] == .number("1.50"))
        #expect(saved["sampling"]?["mirostat"] == 2)
        let messages = try #require(saved["messages"]?.arrayValue)
        #expect(messages[0]["x_message"] == [1, 2])
        let parts = try #require(messages[0]["parts"]?.arrayValue)
        #expect(parts.map { $0["type"] } == ["sketch", "text", "sticker"])
        #expect(parts[0]["strokes"] == 3 && parts[1]["lang"] == "en")
        #expect(messages[1]["stop_reason"] == "daydream")
        let thought = try #require(messages[1]["thoughts"]?.arrayValue?.first)
        #expect(thought["mood"] == "calm" && thought["ending"] == "faded")
        #expect(messages[1]["thinking_plan"]?["luck"] == 7)
        #expect(messages[1]["statistics"]?["joules"] == 4)
        #expect(messages[1]["context_cut"] == ["by": "me", "start": "u1"])
        let bytes = SessionFormat.bytes(session)
        let again = try read(String(decoding: bytes, as: UTF8.self))
        #expect(SessionFormat.bytes(again) == bytes)
    }

    @Test(
        "an error names line, column and pointer",
        arguments: [
            ("{\"format\":1,\n\"messages\":[{\"role\":\"robot\"}]}", "/messages/0/role", 2, 21),
            ("{\"format\":1,\n\"messages\":[\n {\"parts\":[]}]}", "/messages/0/role", 3, 2),
            ("{\"format\":1,\n\"messages\":[],\"title\":3}", "/title", 2, 23),
            ("{\"messages\":[]}", "/format", 1, 1),
            ("{\"format\":0,\"messages\":[]}", "/format", 1, 11),
            ("{\"format\":1}", "/messages", 1, 1),
            (
                "{\"format\":1,\"messages\":[{\"role\":\"user\",\n\"context_cut\":{}}]}",
                "/messages/0/context_cut/start", 2, 15
            ),
            ("[]", "", 1, 1),
            (
                "{\"format\":1,\"messages\":[{\"id\":\"a\",\"role\":\"user\"},\n"
                    + "{\"id\":\"a\",\"role\":\"user\"}]}", "/messages/1/id", 2, 7
            ),
        ]
    )
    func places(text: String, pointer: String, line: Int, column: Int) {
        #expect {
            try read(text)
        } throws: { error in
            guard case .damaged(_, pointer, line, column) = error as? SessionFormatError else {
                Issue.record("\(error)")
                return false
            }
            return true
        }
    }

    @Test("a later format is refused by its number, whatever else it holds")
    func newer() {
        #expect(throws: SessionFormatError.newer(format: 2)) {
            try read(#"{"format":2,"messages":"elsewhere"}"#)
        }
    }

    @Test("random trees come back as they were, and the second writing equals the first")
    func randomTrees() throws {
        var random = SeededGenerator(state: 7)
        for _ in 0..<300 {
            let transcript = RandomTree.transcript(using: &random)
            let bytes = SessionFormat.bytes(StoredSession(transcript))
            let back = try SessionFormat.session(
                from: bytes,
                id: transcript.id,
                modified: Date()
            )
            try #require(back.transcript == transcript)
            try #require(SessionFormat.bytes(back) == bytes)
        }
    }

    @Test(
        "times are read as people write them",
        arguments: [
            ("2026-11-24T21:40:08.123Z", 1_795_556_408.123), ("2026-11-24", 1_795_478_400.0),
            ("2026-11-24T22:40+01:00", 1_795_556_400.0), ("1969-12-31T23:59:59.5Z", -0.5),
            ("2024-02-29 00:00:00Z", 1_709_164_800.0),
        ]
    )
    func times(text: String, seconds: Double) throws {
        let date = try #require(Timestamp.date(text))
        #expect(abs(date.timeIntervalSince1970 - seconds) < 1e-6)
        #expect(Timestamp.date(Timestamp.text(date)) == date)
    }

    @Test(
        "what is no time is refused",
        arguments: ["", "yesterday", "2026-13-01", "2026-11-24T25:00Z", "2026-11-24T21:40:08.Z"]
    )
    func noTimes(text: String) { #expect(Timestamp.date(text) == nil) }
}
