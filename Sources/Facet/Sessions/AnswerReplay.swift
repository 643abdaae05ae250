import Conversation
import Foundation
import Gemma
import GemmaEngine
import SessionStore
import Tokenization

/// Makes one answer of a session again.
struct AnswerReplay {
    /// Its number on the active branch; 0 for one of another branch.
    let number: Int
    let message: Message
    let transcript: Transcript
    /// Where its pictures and sounds are.
    let attachments: AttachmentStore

    init(
        number: Int,
        message: Message,
        in transcript: Transcript,
        attachments: AttachmentStore
    ) {
        self.number = number
        self.message = message
        self.transcript = transcript
        self.attachments = attachments
    }

    private var name: String { number > 0 ? "#\(number) \(message.id)" : message.id }

    /// - Parameters:
    ///   - records: of the answer; several when it was gone on with, and none when they were deleted.
    ///   - models: opens the model.
    /// - Returns: a finding for each record, or one for the answer as its text tells it.
    /// - Throws: `Failure` with the sentence of what cannot be made again.
    func run(
        _ records: [TokenRecord],
        _ models: inout ReplayModels
    ) async throws -> [ReplayFinding] {
        guard !records.isEmpty else { return [try await compareTexts(&models)] }
        var findings: [ReplayFinding] = []
        for (index, record) in records.enumerated() {
            let part = records.count > 1 ? ", part \(index + 1)" : ""
            findings.append(try await compareTokens(record.trace, name + part, &models))
        }
        if findings.allSatisfy(\.isIdentical), !isSaid(by: findings.flatMap(\.report.events)) {
            findings[findings.count - 1].isEdited = true
        }
        return findings
    }

    /// Whether what the record says is what the session says.
    private func isSaid(by events: [GenerationEvent]) -> Bool {
        var assembly = AnswerAssembly(empty)
        for event in events { assembly.take(event, at: Date()) }
        return Self.words(assembly.message) == Self.words(message)
    }

    /// The answer before its first word.
    private var empty: Message {
        var empty = message
        (empty.parts, empty.thoughts, empty.toolCalls) = ([], [], [])
        empty.answer?.statistics = nil
        return empty
    }

    private func compareTokens(
        _ trace: AnswerTrace,
        _ name: String,
        _ models: inout ReplayModels
    ) async throws -> ReplayFinding {
        guard let precision = Precision(rawValue: trace.machine.precision),
            let format = KVFormat(rawValue: trace.machine.kvFormat)
        else {
            throw Failure("The record of answer \(name) is of a later version of facet.")
        }
        let engine = try models.engine(
            hash: trace.machine.modelHash,
            name: message.answer?.model ?? "another model",
            options: EngineOptions(
                precision: precision,
                kvFormat: format,
                contextSize: max(64, trace.prompt.count + trace.ids.count),
                speculation: .off
            )
        )
        do {
            return ReplayFinding(
                name: name,
                id: message.id,
                report: try await engine.replay(
                    trace,
                    of: message.answer.map(request) ?? GenerationRequest(messages: [])
                ),
                basis: .tokens,
                kernels: (trace.machine.kernels, engine.kernels)
            )
        } catch {
            throw Failure("Answer \(name) can't be made again: \(error.userMessage)")
        }
    }

    /// Builds the prompt anew and compares what is said, cut into tokens.
    private func compareTexts(_ models: inout ReplayModels) async throws -> ReplayFinding {
        guard let answer = message.answer else { throw Failure("Message \(name) is no answer.") }
        let statistics = answer.statistics
        let engine = try models.engine(
            hash: answer.modelHash,
            name: answer.model,
            options: EngineOptions(
                contextSize: statistics.map { max(1024, min($0.contextUsed, 1 << 30)) + 1024 }
            )
        )
        let again: Message
        do { again = try await make(request(answer), by: engine) } catch {
            throw Failure(
                "Answer \(name) can't be made again: "
                    + ((error as? EngineError)?.userMessage ?? "\(error)")
            )
        }
        let recorded = Self.words(message)
        let made = Self.words(again)
        return ReplayFinding(
            name: name,
            id: message.id,
            report: Self.compare(recorded, made, engine),
            basis: .text,
            kernels: nil
        )
    }

    /// The request that led to the answer, as far as the session still tells.
    private func request(_ answer: AnswerRecord) -> GenerationRequest {
        var before: [Message] = []
        var id = message.parent
        while let next = id.flatMap({ transcript[$0] }), before.count < transcript.messages.count {
            before.append(next)
            id = next.parent
        }
        var asked = Transcript(
            id: transcript.id,
            created: transcript.created,
            systemPrompt: transcript.systemPrompt,
            thinking: answer.thinking,
            thinkingBudget: transcript.thinkingBudget,
            sampling: answer.sampling,
            messages: before.reversed()
        )
        if let plan = answer.thinkingPlan {
            asked.thinking = plan.thinks ? .on : .off
            asked.thinkingBudget = plan.budget
        }
        if let seed = answer.statistics?.seed { asked.sampling.seed = seed }
        var request = asked.request()
        request.attachmentPaths = attachments.paths(of: request.messages)
        if answer.stopReason != .endOfTurn, answer.stopReason != .toolCall {
            request.maxTokens = answer.statistics?.generatedTokens
        }
        return request
    }

    private func make(
        _ request: GenerationRequest,
        by engine: GemmaEngine
    ) async throws -> Message {
        var assembly = AnswerAssembly(empty)
        let context = try await engine.openContext()
        do {
            for try await event in context.generate(request) { assembly.take(event, at: Date()) }
        } catch {
            await context.close()
            throw error
        }
        await context.close()
        return assembly.message
    }

    private static func words(_ message: Message) -> [String] {
        message.thoughts.map(\.text) + [message.text]
    }

    /// Compares texts by the tokens that they are cut into.
    private static func compare(
        _ recorded: [String],
        _ made: [String],
        _ engine: GemmaEngine
    ) -> ReplayReport {
        let tokenizer = engine.host.prompts.tokenizer
        func ids(_ texts: [String]) -> [Int] { texts.flatMap { tokenizer.encodeText($0) } }
        let (left, right) = (ids(recorded), ids(made))
        var report = ReplayReport(
            same: zip(left, right).prefix { $0 == $1 }.count,
            recorded: left.count
        )
        guard recorded != made else { return report }
        func choice(_ ids: [Int]) -> ReplayReport.Choice? {
            guard report.same < ids.count else { return nil }
            let id = ids[report.same]
            return .init(id: id, text: tokenizer.vocabulary.label(of: id), probability: nil)
        }
        report.difference = ReplayReport.Difference(
            place: report.same,
            recorded: choice(left),
            made: choice(right),
            before: left[max(0, report.same - 8)..<report.same]
                .map { tokenizer.vocabulary.label(of: $0) }.joined()
        )
        return report
    }
}
