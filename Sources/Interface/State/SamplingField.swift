import Conversation

/// A sampling setting by the name a person types.
enum SamplingField: String, Sendable, CaseIterable {
    case temperature
    case topK = "top-k"
    case topP = "top-p"
    case minP = "min-p"
    case repetition
    case presence
    case frequency
    case seed

    /// What it may be, in words.
    var range: String {
        switch self {
        case .temperature: "a number from 0 (always the likeliest word) to 5"
        case .topK: "a whole number, 0 for all"
        case .topP: "a number above 0 up to 1"
        case .minP: "a number from 0 to 1"
        case .repetition: "a number above 0 up to 10, 1 for none"
        case .presence, .frequency: "a number from -10 to 10, 0 for none"
        case .seed: "a whole number, or \"random\""
        }
    }

    func value(in settings: SamplingSettings) -> String {
        switch self {
        case .temperature: "\(settings.temperature)"
        case .topK: "\(settings.topK)"
        case .topP: "\(settings.topP)"
        case .minP: "\(settings.minP)"
        case .repetition: "\(settings.repetitionPenalty)"
        case .presence: "\(settings.presencePenalty)"
        case .frequency: "\(settings.frequencyPenalty)"
        case .seed: settings.seed.map(String.init) ?? "random"
        }
    }

    /// False when the value is none of those allowed; then nothing changes.
    func set(_ text: String, in settings: inout SamplingSettings) -> Bool {
        if self == .seed {
            if text.lowercased() == "random" {
                settings.seed = nil
                return true
            }
            guard let seed = UInt64(text), seed <= 1 << 53 else { return false }
            settings.seed = seed
            return true
        }
        if self == .topK {
            guard let count = Int(text), (0...1_000_000).contains(count) else { return false }
            settings.topK = count
            return true
        }
        guard let number = Double(text), number.isFinite else { return false }
        switch self {
        case .temperature where (0...5).contains(number): settings.temperature = number
        case .topP where number > 0 && number <= 1: settings.topP = number
        case .minP where (0...1).contains(number): settings.minP = number
        case .repetition where number > 0 && number <= 10: settings.repetitionPenalty = number
        case .presence where (-10...10).contains(number): settings.presencePenalty = number
        case .frequency where (-10...10).contains(number): settings.frequencyPenalty = number
        default: return false
        }
        return true
    }

    /// All settings in one line.
    static func summary(_ settings: SamplingSettings) -> String {
        allCases.map { "\($0.rawValue) \($0.value(in: settings))" }.joined(separator: ", ")
    }
}
