import Conversation
import GGUF
import GemmaEngine
import Testing

@Suite("What a file says of sampling") struct SamplingMetadataTests {
    @Test("it is read as it was written")
    func read() {
        let choices = SamplingChoices(metadata: [
            "general.sampling.temp": .real(Double(Float(0.2))),
            "general.sampling.top_k": .integer(40),
            "general.sampling.top_p": .real(Double(Float(0.95))),
            "general.sampling.min_p": .real(0),
        ])
        #expect(choices.temperature == 0.2)
        #expect(choices.topK == 40 && choices.topP == 0.95 && choices.minP == 0)
        #expect(choices.repetitionPenalty == nil && choices.seed == nil)
    }

    @Test("what makes no sense is left out")
    func senseless() {
        let choices = SamplingChoices(metadata: [
            "general.sampling.temp": .real(.nan),
            "general.sampling.top_k": .integer(-1),
            "general.sampling.top_p": .real(1.5),
            "general.sampling.min_p": .string("0"),
            "general.sampling.penalty_repeat": .real(0),
        ])
        #expect(choices == SamplingChoices())
    }

    @Test("what a person chose comes before the file, and the file before what Google recommends")
    func order() {
        var model = EngineDescription(
            name: "m",
            modelHash: "",
            isLocal: true,
            contextSize: 512,
            canThink: true
        )
        model.sampling.temperature = 0.2
        model.sampling.topK = 40
        var own = SamplingChoices()
        own.topK = 5
        let settings = own.settings(for: model)
        #expect(settings.temperature == 0.2 && settings.topK == 5)
        #expect(settings.topP == SamplingSettings.gemma.topP)
        #expect(own.settings(for: nil).temperature == SamplingSettings.gemma.temperature)
    }
}
