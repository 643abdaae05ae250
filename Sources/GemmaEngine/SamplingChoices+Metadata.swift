package import Conversation
package import GGUF

extension SamplingChoices {
    /// What a file says in `general.sampling.*`, as llama.cpp reads it; numbers that make no sense
    /// are left out.
    package init(metadata: [String: MetadataValue]) {
        self.init()
        func real(_ name: String, _ range: ClosedRange<Double>) -> Double? {
            guard let value = metadata["general.sampling." + name]?.doubleValue,
                range.contains(value)
            else { return nil }
            // Files hold single precision: 0.95 is not to become 0.949999988079071.
            return Double("\(Float(value))")
        }
        temperature = real("temp", 0...100)
        topK = metadata["general.sampling.top_k"]?.intValue.flatMap { $0 >= 0 ? $0 : nil }
        topP = real("top_p", 0...1)
        minP = real("min_p", 0...1)
        repetitionPenalty = real("penalty_repeat", 0.01...100)
    }
}
