import Conversation
import Foundation
import JSONValues
import SessionStore
import Testing

/// Files of format 1, which every later version has to read as this one does.
///
/// They stay as they are; a later format gets a folder and a suite of its own beside them.
@Suite struct FixturesOfFormatOne {
    private static let fixtures = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/sessions/format-1").path
    private static let full = "01KAWX0000000000000000000Z"
    private static let smallest = "01KAWX0000000000000000000M"
    private static let byHand = "01KAWX0000000000000000000H"
    private static let journalled = "01KAWX0000000000000000000J"
    private static let picture = "31c58fe40220ffbad508621d77f5ee61378486f807b43e6527687dc43e5cb2c7"
    private static let note = "c30a92f9ef889c07c781a7cf99f5b71415d4d1289e84473d1b9e6f01feffc62d"

    /// A folder with copies of the fixtures.
    private func copies() throws -> ScratchFolder {
        let folder = try ScratchFolder()
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.fixtures) {
            try FileManager.default.copyItem(
                atPath: "\(Self.fixtures)/\(name)",
                toPath: "\(folder.path)/\(name)"
            )
        }
        return folder
    }

    private func read(_ id: String) async throws -> Transcript {
        let folder = try copies()
        defer { withExtendedLifetime(folder) {} }
        return try await SessionLibrary(folder: folder.path).read(id).transcript
    }

    private func id(_ ending: String) -> String { "01KAWX0000000000000000000\(ending)" }

    private func time(_ second: Int) -> Date? {
        Timestamp.date("2026-11-24T21:40:00Z").map {
            Date(
                timeIntervalSince1970: ($0.timeIntervalSince1970 * 1000
                    + Double(second * 1007)).rounded() / 1000
            )
        }
    }

    private let sampling = SamplingSettings(
        temperature: 0.7,
        topK: 40,
        topP: 0.9,
        minP: 0.05,
        repetitionPenalty: 1.1,
        presencePenalty: 0.25,
        frequencyPenalty: 0.5,
        seed: .max
    )
    private let statistics = Statistics(
        promptTokens: 120,
        reusedTokens: 100,
        promptSeconds: 0.5,
        generatedTokens: 80,
        generationSeconds: 8.25,
        thoughtTokens: 40,
        seed: .max - 1,
        contextUsed: 200,
        contextSize: 8192,
        thoughtUnclosed: false,
        draftedTokens: 12,
        acceptedTokens: 7
    )

    @Test("all of them open for writing, and saving keeps every field this version does not know")
    func unknownFields() async throws {
        let folder = try copies()
        let library = SessionLibrary(folder: folder.path)
        let ids = [Self.full, Self.smallest, Self.byHand, Self.journalled]
        #expect(try await Set(library.list().map(\.id)) == Set(ids))
        for id in ids {
            let before = strangers(in: try JSONValue(parsing: folder.bytes("\(id).json")))
            let session = try await library.open(id)
            #expect(session.access == .writing)
            var transcript = session.opened.transcript
            transcript.notes += "changed"
            #expect(try await session.save(transcript) == .saved)
            try await session.close()
            let saved = try JSONValue(parsing: folder.bytes("\(id).json"))
            #expect(strangers(in: saved) == before)
            #expect(before.count == (id == Self.full ? 15 : 0))
            #expect(try await library.read(id).transcript == transcript)
        }
    }

    /// The fields that no version has a name for, as texts, sorted.
    private func strangers(in value: JSONValue) -> [String] {
        let below = value.arrayValue ?? value.objectValue?.map(\.value) ?? []
        var own = (value.objectValue ?? []).filter { $0.key.hasPrefix("x_") }
            .map { "\($0.key) \($0.value.text())" }
        for key in ["type", "ending", "stop_reason"] {
            if let text = value[key]?.stringValue, text.hasPrefix("x_") { own.append(value.text()) }
        }
        // Of an answer that ended in an unknown way the word is enough.
        own = own.map { $0.contains("x_daydream") ? "x_daydream" : $0 }
        return (own + below.flatMap(strangers)).sorted()
    }

    @Test("every field of the conversation")
    func conversation() async throws {
        let session = try await read(Self.full)
        #expect(session.id == Self.full && session.title == "Every field of format 1")
        #expect(session.created == time(0) && session.updated == time(59))
        #expect(session.model == "gemma-4-e2b Q4_0")
        #expect(session.modelHash == String(repeating: "ab", count: 32))
        #expect(session.systemPrompt == "Be brief.\n" && session.notes == "Mine.\nTwo lines.")
        #expect(session.thinking == .on && session.thinkingBudget == 512)
        #expect(session.sampling == sampling)
        #expect(session.tags == ["work", "two words"] && session.isPinned)
        #expect(session.forkedFrom == ForkOrigin(session: id("Y"), message: id("1")))
        #expect(session.tools.map(\.name) == ["look_up"])
        #expect(session.tools.map(\.description) == ["Looks things up."])
        #expect(
            session.tools.map { $0.parameters.text() }
                == [#"{"properties":{"z":{"type":"integer"}},"type":"object"}"#]
        )
        #expect(session.path.map(\.id) == "12345AB".map { id(String($0)) })
        #expect(session.messages.map(\.id) == "123456789ABCD".map { id(String($0)) })
        let parents = session.messages.map { $0.parent?.last.map(String.init) ?? "" }
        #expect(parents.joined(separator: " ") == " 1 2 3 4 2 2 2 2 5 A A ")
        #expect(session.messages.map(\.created) == (1...13).map(time))
        let roles = session.messages.map(\.role)
        #expect(
            roles == [
                .system, .user, .assistant, .tool, .assistant, .assistant, .assistant, .assistant,
                .assistant, .user, .assistant, .user, .user,
            ]
        )
    }

    @Test("every field of the messages")
    func messages() async throws {
        let session = try await read(Self.full)
        func message(_ ending: String) throws -> Message { try #require(session[id(ending)]) }
        func file(_ kind: Conversation.Attachment.Kind, _ name: String, _ hash: String, _ size: Int)
            -> Part
        {
            .attachment(.init(kind: kind, name: name, hash: hash, sizeInBytes: size))
        }
        let text =
            "What is in these? \\ / \" \t\n\u{4E16}\u{754C} e\u{301} "
            + "\u{1F469}\u{200D}\u{1F469}\u{200D}\u{1F467} \u{2028} \u{1B}[31m"
        #expect(
            try message("2").parts == [
                .text(text), file(.image, "Photo 1.PNG", Self.picture, 51),
                file(.audio, "a.wav", String(repeating: "cd", count: 32), 44),
                file(.video, "v.mp4", String(repeating: "ef", count: 32), 45),
                file(.file, "../note.txt", Self.note, 11),
            ]
        )
        let answer = try message("3")
        #expect(answer.parts == [.text("A picture"), .text(" and a note.")])
        #expect(
            answer.thoughts == [
                Thought(text: "First.", seconds: 1.5, tokens: 4, ending: .closed),
                Thought(text: "Second.", seconds: 2, tokens: 5, ending: .budget),
                Thought(text: "Third.", seconds: 0.25, tokens: 6, ending: .wrappedUp),
                Thought(text: "Fourth", seconds: 0, tokens: 7, ending: .cut),
                Thought(text: "Fifth"), Thought(text: "Sixth", tokens: 1),
            ]
        )
        let call = try #require(answer.toolCalls.first)
        #expect(answer.toolCalls.count == 1 && call.id == "c1" && call.name == "look_up")
        #expect(call.arguments.text() == #"{"a":[1,2.5,"x",null,true,{"deep":{}}],"z":1}"#)
        #expect(
            answer.answer
                == AnswerRecord(
                    model: "gemma-4-e2b Q4_0",
                    modelHash: String(repeating: "ab", count: 32),
                    thinking: .on,
                    thinkingPlan: ThinkingPlan(
                        thinks: true,
                        budget: 256,
                        rule: "asked for, at most 256 tokens"
                    ),
                    sampling: sampling,
                    statistics: statistics,
                    stopReason: .toolCall,
                    failure: nil
                )
        )
        let results = try message("4").toolResults
        #expect(
            results.map(\.callID) == ["c1", "c2"] && results.map(\.name) == ["look_up", "plain"]
        )
        #expect(results.map { $0.response.text() } == [#"{"found":false,"n":-0.5}"#, #""text""#])
        #expect(try message("5").answer?.thinking == .off)
        #expect(
            try message("5").answer?.thinkingPlan
                == ThinkingPlan(thinks: false, budget: nil, rule: "turned off")
        )
        let ends = try "56789B".map { try message(String($0)).answer?.stopReason }
        #expect(ends == [.endOfTurn, .length, .cancelled, .contextFull, nil, nil])
        #expect(try message("6").answer?.thinking == .auto)
        #expect(try message("8").answer?.failure == "The context is full.")
        #expect(
            try message("A").contextCut
                == ContextCut(start: id("5"), summary: "We looked at two files.")
        )
        #expect(try message("C").contextCut == ContextCut(start: id("A")))
        #expect(session.activeCut?.carrier == id("A"))
    }

    @Test("its attachments are there under their hashes")
    func attachments() async throws {
        let folder = try copies()
        let store = AttachmentStore(folder: folder.path)
        let session = try await SessionLibrary(folder: folder.path).read(Self.full).transcript
        let files = session.messages.flatMap(\.parts).compactMap { part in
            if case .attachment(let file) = part { file } else { nil }
        }
        #expect(try store.read(files[0], limit: 51).starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(try store.read(files[3], limit: 11) == Array("plain text\n".utf8))
        #expect(store.path(of: files[1]) == nil)
        let counts = try store.references()
        #expect(counts[Self.picture] == 1 && counts[Self.note] == 1)
    }

    @Test("files by hand: what they leave out is filled in")
    func byHand() async throws {
        let smallest = try await read(Self.smallest)
        #expect(smallest.path.map(\.text) == ["hi"] && smallest.path.map(\.id) == ["m1"])
        #expect(smallest.id == Self.smallest && smallest.title.isEmpty)
        #expect(smallest.sampling == .gemma && smallest.thinking == .auto)
        let other = try await read(Self.byHand)
        #expect(other.messages.map(\.id) == ["m1", "m2", "root2"])
        #expect(other.messages.map(\.parent) == [nil, "m1", nil])
        #expect(other.path.map(\.id) == ["m1", "m2"])
        #expect(other["root2"]?.text == "hi / there")
        #expect(other["m1"]?.created == Timestamp.date("2026-11-24T00:00:00Z"))
        #expect(other["m2"]?.answer?.model == "m")
        #expect(other.created == Timestamp.date("2026-11-24T21:40:00Z"))
        #expect(other.sampling.temperature == 0)
        #expect(other.sampling.topK == SamplingSettings.gemma.topK)
    }

    @Test("a journal of format 1 is folded into its session, a torn end left out")
    func journal() async throws {
        let folder = try copies()
        let library = SessionLibrary(folder: folder.path)
        let session = try await library.open(Self.journalled)
        let transcript = session.opened.transcript
        #expect(transcript.path.map(\.id) == ["u1", "a1", "t1", "a2"])
        let answer = try #require(transcript["a1"])
        #expect(answer.text == "No: \"17\" x 59. \u{4E16}\u{754C}")
        #expect(
            answer.thoughts == [
                Thought(text: "17 x 59", seconds: 1.5, tokens: 4, ending: .wrappedUp)
            ]
        )
        #expect(answer.toolCalls == [ToolCall(id: "c1", name: "check", arguments: ["a": 17])])
        #expect(
            answer.answer?.thinkingPlan == ThinkingPlan(thinks: true, budget: 64, rule: "asked for")
        )
        #expect(answer.answer?.stopReason == .toolCall)
        #expect(answer.answer?.statistics == statistics)
        #expect(transcript["t1"]?.toolResults.first?.response == true)
        #expect(transcript["a2"]?.text == "Half an ans")
        #expect(transcript["a2"]?.answer?.stopReason == nil)
        try await session.close()
        #expect(!folder.names.contains { $0.hasSuffix(".journal") })
        #expect(try await library.read(Self.journalled).transcript.messages == transcript.messages)
    }
}
