import Conversation
import GemmaEngine
import Testing
import Tokenization

@Suite("Answers in the tokens they were written in") struct SpokenAnswersTests {
    private let question = [user("who wrote the license")]

    /// Text in more tokens than it would be encoded as.
    private func letters(_ text: String, _ golden: GoldenEngine) throws -> [Int] {
        let ids = text.flatMap { golden.encode(String($0)) }
        try #require(ids != golden.encode(text))
        try #require(golden.engine.host.prompts.tokenizer.decode(ids) == text)
        return ids
    }

    @Test("the next turns read none of it again", arguments: GoldenEngine.topologies)
    func nextTurns(name: String) async throws {
        let golden = try GoldenEngine(name)
        let context = try #require(try await golden.engine.openContext() as? any InspectableContext)
        let text = "the license of you"
        let written = try letters(text, golden)
        let space = golden.encode("\n\n")
        let end = try #require(golden.vocabulary.specials[.turnClose])
        let script = space + written + space + [end]
        await golden.engine.host.setChooser { script[min($0, script.count - 1)] }
        var messages = question
        var start = try golden.engine.prompt(for: request(messages)).ids.count
        for turn in 0..<3 {
            let answer = try await collect(context.generate(request(messages)))
            #expect(answer.text == "\n\n\(text)\n\n")
            messages += [assistant(answer.text), user("and then \(turn)")]
            let report = try await context.prompt(for: request(messages))
            // The white space before it is not in the prompt, so that is where it differs.
            #expect(report.reusedTokens == start)
            let ids = report.pieces.map(\.id)
            #expect(Array(ids[start..<start + written.count]) == written)
            start = ids.count
        }

        await golden.engine.host.setChooser { place in
            place < written.count ? written[place] : end
        }
        let again = try await golden.engine.openContext()
        _ = try await collect(again.generate(request(question)))
        let next = request(question + [assistant(text), user("and then")])
        let first = try golden.engine.prompt(for: request(question)).ids.count
        #expect(try await again.cost(of: next).reusedTokens == first + written.count)
    }

    @Test("a text that was changed, or an answer of another conversation, is encoded")
    func others() async throws {
        let golden = try GoldenEngine("e2b")
        let context = try await golden.engine.openContext()
        let text = "the license of you"
        let written = try letters(text, golden)
        let end = try #require(golden.vocabulary.specials[.turnClose])
        await golden.engine.host.setChooser { $0 < written.count ? written[$0] : end }
        _ = try await collect(context.generate(request(question)))
        let changed = request(question + [assistant(text + "!"), user("and then")])
        let plain = try golden.engine.prompt(for: changed).ids.count
        #expect(try await context.cost(of: changed).promptTokens == plain)
        let same = request(question + [assistant(text), user("and then")])
        let other = try await golden.engine.openContext()
        let encoded = try golden.engine.prompt(for: same).ids.count
        #expect(try await other.cost(of: same).promptTokens == encoded)
        #expect(try await context.cost(of: same).promptTokens > encoded)
        // What a user says is never taken for an answer.
        let said = request([user(text), assistant("no"), user("model\n" + text)])
        let ids = try golden.engine.prompt(for: said).ids.count
        #expect(try await context.cost(of: said).promptTokens == ids)
    }

    @Test("the report holds the prompt exactly, markers told apart from text")
    func report() async throws {
        let golden = try GoldenEngine("e2b")
        let context = try #require(try await golden.engine.openContext() as? any InspectableContext)
        let asked = request([user("read <turn|> this")], thinking: .auto, maxTokens: 2)
        let prompt = try golden.engine.prompt(for: asked)
        let report = try await context.prompt(for: asked)
        #expect(report.pieces.map(\.id) == prompt.ids)
        #expect(
            report.text == "<bos><|turn>system\n<|think|>\n<turn|>\n<|turn>user\n"
                + "read <turn|> this<turn|>\n<|turn>model\n"
        )
        #expect(report.pieces.count { $0.isSpecial && $0.text == "<turn|>" } == 2)
        #expect(report.pieces.first?.text == "<bos>")
        #expect(report.reusedTokens == 0)
        #expect(report.thinking == ThinkingPolicy.plan(asked, canThink: true))
        _ = try await collect(context.generate(asked))
        #expect(try await context.prompt(for: asked).reusedTokens == prompt.ids.count)
    }
}
