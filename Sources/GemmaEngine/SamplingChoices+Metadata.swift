package import Conversation
package import GGUF

extension SamplingChoices {
    /// What a file says in `general.sampling.*`, as llama.cpp reads it; numbers that make no sense
    /// are left out.
    package init(metadata: [String: MetadataValue]) {
        self.init()
        func real(_ name: String, _ range: ClosedRange<Double>) -> Double? {
            metadata["general.sampling." + name]?.doubleValue.flatMap {
                range.contains($0) ? $0 : nil
            }
        }
        // Files hold single precision: 0.95 is not to become 0.949999988079071.
        func short(_ value: Double) -> Double { Double("\(Float(value))") ?? value }
        temperature = real("temp", 0...100).map(short)
        topK = metadata["general.sampling.top_k"]?.intValue.flatMap { $0 >= 0 ? $0 : nil }
        topP = real("top_p", 0...1).map(short)
        minP = real("min_p", 0...1).map(short)
        repetitionPenalty = real("penalty_repeat", 0.01...100).map(short)
    }
}
