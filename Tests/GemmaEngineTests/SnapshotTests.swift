import Conversation
import Crypto
import Foundation
import Gemma
import GemmaEngine
import SnapshotStore
import Testing
import Tokenization

/// A folder of snapshots for a test, removed with it.
final class SnapshotScratch: Sendable {
    let folder: SnapshotFolder

    init(limit: Int = 1 << 30) {
        folder = SnapshotFolder(
            path: NSTemporaryDirectory() + "facet-snapshots-\(UUID())/kv",
            limit: limit,
            reserve: 0
        )
    }

    deinit {
        let parent = (folder.path as NSString).deletingLastPathComponent
        try? FileManager.default.removeItem(atPath: parent)
    }

    var files: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
            .map { "\(folder.path)/\($0)" }
    }
}

@Suite("What the next process does not read again") struct SnapshotTests {
    static let session = "01KAWQ0000000000000000000A"
    private static let answer = "nobody in particular"
    /// More tokens than a ring keeps beyond its window.
    private static let long = String(repeating: "the license of you ", count: 150)

    private static let forms: [(Precision, KVFormat?)] = [
        (.exact, nil), (.fast, nil), (.fast, .q8),
    ]

    private func open(
        _ name: String,
        _ scratch: SnapshotScratch,
        _ form: (Precision, KVFormat?) = (.exact, nil),
        contextSize: Int? = 4096
    ) throws -> GoldenEngine {
        try GoldenEngine(
            name,
            precision: form.0,
            kvFormat: form.1,
            contextSize: contextSize,
            snapshots: SnapshotOptions(folder: scratch.folder, smallest: 1)
        )
    }

    /// Answers the same last request in the context that made the first ones, and in one of another
    /// engine that has only its snapshot.
    private func check(
        _ name: String,
        _ form: (Precision, KVFormat?),
        _ first: (GoldenEngine, any EngineContext) async throws -> [GenerationRequest]
    ) async throws {
        let scratch = SnapshotScratch()
        let golden = try open(name, scratch, form)
        let context = try await golden.engine.openContext(resuming: Self.session)
        let later = try await first(golden, context)
        await golden.leaveToSampler()
        // As when it is closed, but this one goes on.
        await golden.engine.host.saveSnapshots()
        #expect(scratch.files.count == 1)

        let other = try open(name, scratch, form)
        let resumed = try await other.engine.openContext(resuming: Self.session)
        for asked in later {
            let expected = try await collect(context.generate(asked))
            let answer = try await collect(resumed.generate(asked))
            let (left, right) = (try answer.finish(), try expected.finish())
            #expect(left.statistics.reusedTokens == right.statistics.reusedTokens)
            #expect(right.statistics.reusedTokens > 0)
            #expect(answer.tokens.map(\.id) == expected.tokens.map(\.id))
            // Bit for bit.
            #expect(
                answer.tokens.map { $0.alternatives.map(\.logprob.bitPattern) }
                    == expected.tokens.map { $0.alternatives.map(\.logprob.bitPattern) }
            )
            #expect(!answer.tokens.isEmpty)
        }
    }

    private func asked(_ messages: [Message]) -> GenerationRequest {
        request(messages, maxTokens: 24, alternatives: 1024)
    }

    @Test("the turn after an answer, an edit, and another answer", arguments: forms.indices)
    func afterAnswer(form: Int) async throws {
        for name in GoldenEngine.topologies {
            try await check(name, Self.forms[form]) { golden, context in
                let first = [user("who wrote the license")]
                try await golden.write(Self.answer)
                _ = try await collect(context.generate(request(first)))
                let answered = first + [assistant(Self.answer)]
                return [
                    asked(answered + [user("and who reads it")]),
                    asked(answered + [user("and who needs it")]),
                    asked(first),
                ]
            }
        }
    }

    @Test("the turn after a thought of 2,000 tokens", arguments: forms.indices)
    func afterThought(form: Int) async throws {
        for name in GoldenEngine.topologies {
            try await check(name, Self.forms[form]) { golden, context in
                let first = [user("who wrote the license")]
                try await golden.write(thought: 2000, Self.answer)
                let answer = try await collect(context.generate(request(first)))
                return [
                    asked(
                        first + [
                            assistant(answer.text, thought: answer.thought),
                            user("and who reads it"),
                        ]
                    )
                ]
            }
        }
    }

    @Test("a ring that wrapped: the next turn, and going back to a checkpoint")
    func wrapped() async throws {
        for name in GoldenEngine.topologies {
            try await check(name, (.fast, nil)) { golden, context in
                let first = [user("who wrote the license")]
                try await golden.write(Self.answer)
                _ = try await collect(context.generate(request(first)))
                try await golden.write(Self.long)
                let second = first + [assistant(Self.answer), user("and who reads it")]
                _ = try await collect(context.generate(request(second)))
                return [
                    asked(first + [assistant(Self.answer), user("and who needs it")]),
                    asked(second + [assistant(Self.long), user("why")]),
                ]
            }
        }
    }

    @Test("an answer in other pieces than the tokenizer's is known in the next process too")
    func spoken() async throws {
        try await check("e2b", (.exact, nil)) { golden, context in
            let first = [user("who wrote the license")]
            // Letter by letter.
            let letters = "the license".map { golden.encode(String($0)) }.joined()
            let ids = Array(letters) + [try #require(golden.vocabulary.specials[.turnClose])]
            await golden.engine.host.setChooser { ids[min($0, ids.count - 1)] }
            let answer = try await collect(context.generate(request(first)))
            return [asked(first + [assistant(answer.text), user("and who reads it")])]
        }
    }

    @Test("another precision, format of keys, or model finds nothing")
    func bound() async throws {
        let scratch = SnapshotScratch()
        for (name, form) in [("e2b", Self.forms[0]), ("moe", Self.forms[0])] {
            let golden = try open(name, scratch, form)
            let context = try await golden.engine.openContext(resuming: Self.session)
            _ = try await collect(context.generate(asked([user("who wrote the license")])))
            await context.close()
        }
        #expect(scratch.files.count == 2)
        for form in Self.forms.dropFirst() {
            let golden = try open("e2b", scratch, form)
            let context = try await golden.engine.openContext(resuming: Self.session)
            #expect(await context.usage().used == 0)
        }
        let same = try open("e2b", scratch)
        #expect(try await same.engine.openContext(resuming: Self.session).usage().used > 0)
        #expect(try await same.engine.openContext(resuming: "another").usage().used == 0)
        let small = try open("e2b", scratch, contextSize: 16)
        #expect(try await small.engine.openContext(resuming: Self.session).usage().used == 0)
    }

    @Test("a conversation without a session leaves no file")
    func withoutSession() async throws {
        let scratch = SnapshotScratch()
        let golden = try open("e2b", scratch)
        let context = try await golden.engine.openContext()
        _ = try await collect(context.generate(asked([user("who wrote the license")])))
        await context.close()
        await golden.engine.host.saveSnapshots()
        #expect(scratch.files.isEmpty)
    }

    @Test("a file cut anywhere, or with any byte changed, is refused and nothing is held")
    func damaged() async throws {
        let scratch = SnapshotScratch()
        let golden = try open("e2b", scratch, (.fast, .q8), contextSize: 64)
        let context = try await golden.engine.openContext(resuming: Self.session)
        _ = try await collect(context.generate(request([user("who")], maxTokens: 8)))
        await context.close()
        let path = try #require(scratch.files.first)
        let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
        func used(_ bytes: [UInt8]) async throws -> Int {
            try Data(bytes).write(to: URL(filePath: path))
            let resumed = try await golden.engine.openContext(resuming: Self.session)
            let used = await resumed.usage().used
            await resumed.close()
            return used
        }
        #expect(try await used(whole) > 0)
        var random = SystemRandomNumberGenerator()
        let ends =
            Array(0..<200) + (0..<60).map { _ in Int.random(in: 0..<whole.count, using: &random) }
        for end in ends {
            #expect(try await used(Array(whole.prefix(end))) == 0, "cut at \(end)")
        }
        #expect(try await used(whole + [0]) == 0)
        let places =
            Array(0..<400)
            + (0..<200).map { _ in
                Int.random(in: 0..<whole.count, using: &random)
            }
        for place in places {
            var bytes = whole
            bytes[place] ^= UInt8.random(in: 1...255, using: &random)
            #expect(try await used(bytes) == 0, "changed at \(place)")
        }
        #expect(try await used(whole) > 0)
    }

    private func sealed(_ bytes: [UInt8]) -> [UInt8] {
        let content = Array(bytes.dropLast(32))
        return content + Array(SHA256.hash(data: content))
    }

    @Test("a file that lies with a right checksum never traps and never says what it does not hold")
    func forged() async throws {
        let scratch = SnapshotScratch()
        let golden = try open("e2b", scratch, (.fast, .q8), contextSize: 64)
        let context = try await golden.engine.openContext(resuming: Self.session)
        _ = try await collect(context.generate(request([user("who")], maxTokens: 8)))
        await context.close()
        let path = try #require(scratch.files.first)
        let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let asked = request([user("who")], maxTokens: 4)
        var random = SystemRandomNumberGenerator()
        // The head follows 56 bytes; what a forger would change lies there.
        let places =
            Array(40..<400)
            + (0..<100).map { _ in
                Int.random(in: 400..<whole.count - 32, using: &random)
            }
        for place in places {
            var bytes = whole
            bytes[place] = UInt8.random(in: 0...255, using: &random)
            if place.isMultiple(of: 3) { bytes[place] = 255 }
            try Data(sealed(bytes)).write(to: URL(filePath: path))
            let resumed = try await golden.engine.openContext(resuming: Self.session)
            let answer = try await collect(resumed.generate(asked))
            #expect(try answer.finish().statistics.generatedTokens > 0)
            await resumed.close()
        }
    }
}
