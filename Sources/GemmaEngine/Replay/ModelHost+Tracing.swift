import ChatFormat
import Conversation
import Gemma
import Tensors

extension ModelHost {
    /// What computes answers here.
    nonisolated var machine: AnswerTrace.Machine {
        AnswerTrace.Machine(
            modelHash: modelHash,
            precision: options.precision.rawValue,
            kvFormat: options.kvFormat.rawValue,
            kernels: Kernels.name
        )
    }

    /// Begins to note an answer; its prompt has been read.
    func trace(
        of request: GenerationRequest,
        _ prompt: BuiltPrompt,
        _ plan: ThinkingPlan,
        _ seed: UInt64,
        _ context: Context
    ) -> AnswerTrace {
        var sampling = request.sampling
        sampling.seed = seed
        var trace = AnswerTrace(
            machine: machine,
            prompt: prompt.ids,
            continued: prompt.continued.count,
            forms: context.forms.runs,
            startsInThought: prompt.parserStart == .thought,
            sampling: sampling,
            maxTokens: request.maxTokens,
            budget: plan.budget
        )
        trace.media = prompt.media
        return trace
    }
}
