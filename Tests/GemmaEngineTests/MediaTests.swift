import Conversation
import Foundation
import Gemma
import GemmaEngine
import Media
import SnapshotStore
import Testing
import Tokenization

@Suite("Pictures, sounds and videos in conversations") struct MediaTests {
    private func report(
        _ seeing: SeeingEngine,
        _ request: GenerationRequest
    ) async throws -> PromptReport {
        let context = try await seeing.engine.openContext()
        return try await #require(context as? any InspectableContext).prompt(for: request)
    }

    /// The prompt's text with the length in place of a run of slots.
    private func outline(_ report: PromptReport, _ seeing: SeeingEngine) -> String {
        let slots: Set = ["<|image|>", "<|audio|>", "<|video|>"]
        var out = ""
        var words: [Int] = []
        var run = 0
        for piece in report.pieces {
            if slots.contains(piece.text) {
                out += seeing.engine.host.prompts.tokenizer.decodeMarkup(words)
                words = []
                run += 1
            } else {
                if run > 0 { out += "[\(run)]" }
                run = 0
                words.append(piece.id)
            }
        }
        return out + seeing.engine.host.prompts.tokenizer.decodeMarkup(words)
    }

    @Test func mediaAreWrittenOutBeforeTheWords() async throws {
        let seeing = try SeeingEngine()
        let picture = try seeing.attach("cat", imageTokens: 140)
        let sound = try seeing.attach("song", .audio)
        let video = try seeing.attach("film", .video)
        let asked = seeing.asked([user("what?", [picture, sound, video])])
        let outline = outline(try await report(seeing, asked), seeing)
        #expect(outline.contains("<|image>[35]<image|>"))
        #expect(outline.contains("<|audio>[13]<audio|>"))
        // The frames with their times and one space between them, then the film's sound.
        #expect(
            outline.contains(
                "00:00 <|image>[6]<image|> 00:30 <|image>[6]<image|> 01:01 <|image>[6]<image|>"
                    + "<|audio>[13]<audio|>what?"
            )
        )
    }

    @Test(arguments: ["e2b", "moe", "dense"])
    func anAnswerDependsOnWhatIsShown(name: String) async throws {
        let seeing = try SeeingEngine(name)
        let context = try await seeing.engine.openContext()
        func logits(_ file: String) async throws -> [TokenDetail] {
            var asked = seeing.asked([user("what?", [try seeing.attach(file)])], maxTokens: 1)
            asked.tokenAlternatives = 8
            return try await collect(context.generate(asked)).tokens
        }
        let first = try await logits("cat")
        let other = try await logits("dog")
        let again = try await logits("cat")
        #expect(first.first?.alternatives != other.first?.alternatives)
        #expect(first.first?.alternatives == again.first?.alternatives)
        // The second cat was known.
        #expect(seeing.reader.decoded == 2)
    }

    @Test func anotherPictureIsReadAgainFromItsPlaceOn() async throws {
        let seeing = try SeeingEngine()
        let context = try await seeing.engine.openContext()
        let cat = try seeing.attach("cat")
        let first = try await collect(
            context.generate(seeing.asked([user("what?", [cat])]))
        ).finish()
        #expect(first.statistics.reusedTokens == 0)
        let same = try await collect(
            context.generate(seeing.asked([user("what?", [cat])]))
        ).finish()
        #expect(same.statistics.reusedTokens == same.statistics.promptTokens)
        let dog = try seeing.attach("dog")
        let other = try await collect(
            context.generate(seeing.asked([user("what?", [dog])]))
        ).finish()
        #expect(other.statistics.promptTokens == first.statistics.promptTokens)
        #expect(other.statistics.reusedTokens < 10)
    }

    @Test func aLaterTurnReadsOnlyWhatIsNew() async throws {
        let seeing = try SeeingEngine()
        let context = try await seeing.engine.openContext()
        let cat = try seeing.attach("cat")
        let first = try await collect(context.generate(seeing.asked([user("what?", [cat])])))
        let dog = try seeing.attach("dog")
        let second = try await collect(
            context.generate(
                seeing.asked(
                    [
                        user("what?", [cat]), assistant(first.text), user("and this?", [dog]),
                    ]
                )
            )
        )
        let statistics = try second.finish().statistics
        #expect(statistics.reusedTokens > 70)
        #expect(seeing.reader.decoded == 2)
        let reports = second.events.compactMap { event -> MediaReport? in
            if case .media(let report) = event, case .ready = report.step { report } else { nil }
        }
        #expect(reports.map(\.name) == ["dog.bin"])
        #expect(reports.first?.softTokens == 70)
        #expect(reports.first?.notes.count == 1)
    }

    @Test(arguments: ["e2b", "moe"], [Precision.exact, .fast])
    func aResumedConversationGoesOnAsTheOldOne(name: String, precision: Precision) async throws {
        let scratch = SnapshotScratch()
        let session = "01KAWQ0000000000000000000A"
        func open() throws -> SeeingEngine {
            try SeeingEngine(
                name,
                precision: precision,
                snapshots: SnapshotOptions(folder: scratch.folder, smallest: 1)
            )
        }
        let one = try open()
        let context = try await one.engine.openContext(resuming: session)
        let cat = try one.attach("cat")
        let first = try await collect(context.generate(one.asked([user("what?", [cat])])))
        await one.engine.host.saveSnapshots()

        let two = try open()
        let resumed = try await two.engine.openContext(resuming: session)
        _ = try two.attach("cat")
        for file in ["cat", "dog"] {
            func next(_ seeing: SeeingEngine) throws -> GenerationRequest {
                seeing.asked(
                    [
                        user("what?", [try seeing.attach(file)]), assistant(first.text),
                        user("sure?"),
                    ]
                )
            }
            let expected = try await collect(context.generate(next(one)))
            let answer = try await collect(resumed.generate(next(two)))
            #expect(answer.text == expected.text)
            let reused = try answer.finish().statistics.reusedTokens
            #expect(try expected.finish().statistics.reusedTokens == reused)
            #expect(file == "cat" ? reused > 35 : reused < 10)
        }
    }

    @Test(arguments: ["e2b", "moe"])
    func anAnswerIsMadeAgainFromItsRecord(name: String) async throws {
        let seeing = try SeeingEngine(name, precision: .fast)
        let context = try await seeing.engine.openContext()
        let files = [
            try seeing.attach("cat"), try seeing.attach("film", .video), try seeing.attach("dog"),
        ]
        let asked = seeing.asked([user("what?", files)], maxTokens: 12, temperature: 1)
        let answer = try await collect(context.generate(asked))
        let trace = try #require(
            answer.events.compactMap { event -> AnswerTrace? in
                if case .trace(let trace) = event { trace } else { nil }
            }.first
        )
        #expect(trace.media.count == (name == "e2b" ? 6 : 5))
        // Another engine, to which nothing is known.
        let other = try SeeingEngine(name, precision: .fast)
        for file in ["cat", "dog"] { _ = try other.attach(file) }
        _ = try other.attach("film", .video)
        let again = try await other.engine.replay(
            trace,
            of: other.asked(asked.messages, maxTokens: 12)
        )
        #expect(again.difference == nil)
        #expect(again.same == trace.ids.count)
        // A record that shows what the conversation does not hold.
        await #expect(throws: EngineError.self) { try await other.engine.replay(trace) }
        var forged = trace
        forged.media[0].offset = 1 << 30
        await #expect(throws: EngineError.self) {
            try await other.engine.replay(forged, of: other.asked(asked.messages))
        }
    }

    @Test(arguments: ["e2b", "dense"])
    func severalFilesFillManyPasses(name: String) async throws {
        let seeing = try SeeingEngine(name, budget: .tokens1120)
        let context = try await seeing.engine.openContext()
        var files = try ["cat", "dog", "cow"].map {
            try seeing.attach($0, imageTokens: $0 == "dog" ? 1120 : 280)
        }
        files.insert(try seeing.attach("film", .video), at: 1)
        var asked = seeing.asked([user("what?", files)], maxTokens: 1)
        asked.tokenAlternatives = 8
        let answer = try await collect(context.generate(asked))
        #expect(try answer.finish().statistics.promptTokens > 256 + 140)
        // Read in other pieces, the numbers are the same: the last picture was another one first.
        let other = try await seeing.engine.openContext()
        var first = seeing.asked(
            [user("what?", files.dropLast() + [try seeing.attach("pig")])],
            maxTokens: 1
        )
        first.tokenAlternatives = 8
        let before = try await collect(other.generate(first))
        let again = try await collect(other.generate(asked))
        #expect(try again.finish().statistics.reusedTokens > 256)
        #expect(again.tokens.first?.alternatives == answer.tokens.first?.alternatives)
        #expect(before.tokens.first?.alternatives != answer.tokens.first?.alternatives)
    }

    @Test func softTokensOutliveTheProcess() async throws {
        let scratch = SnapshotScratch()
        func answer(_ seeing: SeeingEngine) async throws -> String {
            let context = try await seeing.engine.openContext(resuming: "session")
            let file = try seeing.attach("film", .video)
            return try await collect(
                context.generate(seeing.asked([user("what?", [file])]))
            ).text
        }
        let one = try SeeingEngine(folder: scratch.folder)
        let expected = try await answer(one)
        #expect(one.reader.decoded == 1)
        let two = try SeeingEngine(folder: scratch.folder)
        #expect(try await answer(two) == expected)
        #expect(two.reader.decoded == 0)
        // Other precision, other numbers.
        let fast = try SeeingEngine(precision: .fast, folder: scratch.folder)
        _ = try await answer(fast)
        #expect(fast.reader.decoded == 1)
        // What is damaged is made again.
        for file in scratch.files {
            var bytes = try Data(contentsOf: URL(filePath: file))
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: URL(filePath: file))
        }
        let three = try SeeingEngine(folder: scratch.folder)
        #expect(try await answer(three) == expected)
        #expect(three.reader.decoded == 1)
    }

    @Test func ofAConversationWithoutSessionNothingReachesTheDisk() async throws {
        let scratch = SnapshotScratch()
        let seeing = try SeeingEngine(
            snapshots: SnapshotOptions(folder: scratch.folder, smallest: 1),
            folder: scratch.folder
        )
        let file = try seeing.attach("film", .video)
        let asked = seeing.asked([user("what?", [file])])
        let context = try await seeing.engine.openContext(for: nil)
        let first = try await collect(context.generate(asked)).text
        await context.close()
        #expect(scratch.files.isEmpty)
        // The process itself need not encode it again.
        let other = try await seeing.engine.openContext(for: nil)
        #expect(try await collect(other.generate(asked)).text == first)
        #expect(seeing.reader.decoded == 1)
    }

    @Test func aFileThatIsNotWhatWasAttachedIsRefused() async throws {
        let seeing = try SeeingEngine()
        let cat = try seeing.attach("cat")
        try Data("another".utf8).write(to: URL(filePath: seeing.path(of: cat)))
        let context = try await seeing.engine.openContext()
        let asked = seeing.asked([user("what?", [cat])])
        await #expect(
            throws: EngineError.unsupported(
                "cat.bin is not any more what was attached. Attach it again."
            )
        ) { _ = try await collect(context.generate(asked)) }
        var lost = asked
        lost.attachmentPaths = [:]
        await #expect(throws: EngineError.self) { _ = try await collect(context.generate(lost)) }
    }

    @Test func whatAModelCannotTakeInIsSaid() async throws {
        let deaf = try SeeingEngine("moe")
        let context = try await deaf.engine.openContext()
        let song = try deaf.attach("song", .audio)
        let asked = deaf.asked([user("what?", [song])])
        await #expect(throws: EngineError.self) { _ = try await collect(context.generate(asked)) }
        // In an earlier message it is words.
        let later = deaf.asked([user("what?", [song]), assistant("no"), user("why?")])
        let told = try await collect(context.generate(later)).events.compactMap { event in
            if case .media(let report) = event, report.step == .leftOut { report.name } else { nil }
        }
        #expect(told == ["song.bin"])
        let text = try await report(deaf, later).text
        #expect(text.contains("[Sound song.bin, which this model cannot take in]"))

        let blind = try GoldenEngine().engine
        let closed = try await blind.openContext()
        await #expect(throws: EngineError.self) {
            _ = try await collect(closed.generate(asked))
        }
    }

    @Test func mediaWhereAPromptHasNoPlaceForThemAreLeftOut() async throws {
        let seeing = try SeeingEngine()
        let context = try await seeing.engine.openContext()
        var system = user("Be kind.", [try seeing.attach("cat")])
        system.role = .system
        var result = user("done", [try seeing.attach("dog")])
        result.role = .tool
        let messages = [system, user("what?"), assistant("that"), result, user("why?")]
        let answer = try await collect(context.generate(seeing.asked(messages, maxTokens: 2)))
        #expect(try answer.finish().reason == .length)
        let told = answer.events.compactMap { event in
            if case .media(let report) = event, report.step == .leftOut { report.name } else { nil }
        }
        #expect(told == ["cat.bin", "dog.bin"])
    }

    @Test func budgetsAreThoseThatWereTaught() async throws {
        let large = try SeeingEngine("moe", budget: .tokens280)
        let context = try await large.engine.openContext()
        for tokens in [100, 560] {
            let picture = try large.attach("cat", imageTokens: tokens)
            await #expect(throws: EngineError.self) {
                _ = try await collect(context.generate(large.asked([user("?", [picture])])))
            }
        }
        let roomy = try SeeingEngine("moe", budget: .tokens1120)
        let place = try await roomy.engine.openContext()
        let picture = try roomy.attach("cat", imageTokens: 1120)
        let answer = try await collect(place.generate(roomy.asked([user("?", [picture])])))
        #expect(try answer.finish().statistics.promptTokens > 280)
    }

    @Test func aProjectorOfAnotherModelIsRefused() throws {
        #expect(throws: EngineOpenError.self) {
            _ = try SeeingEngine(encoders: GoldenEngine.path("e2b"))
        }
    }

    @Test func stoppingEndsTheEncoding() async throws {
        let seeing = try SeeingEngine()
        let context = try await seeing.engine.openContext()
        let film = try seeing.attach("film", .video)
        var answer = CollectedAnswer()
        for try await event in context.generate(seeing.asked([user("what?", [film])])) {
            answer.append(event)
            if case .media = event { await context.stop() }
        }
        #expect(try answer.finish().reason == .cancelled)
        // Nothing is kept that was not finished, and the next answer is whole.
        let next = try await collect(
            context.generate(seeing.asked([user("what?", [film])], maxTokens: 2))
        )
        #expect(try next.finish().reason == .length)
    }
}
