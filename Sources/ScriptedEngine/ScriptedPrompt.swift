import Conversation

/// A request as a scripted engine is given it: a word is a token, and roles are special ones.
struct ScriptedPrompt: Sendable, Hashable {
    private(set) var pieces: [String] = []

    init(_ request: GenerationRequest) {
        if !request.systemPrompt.isEmpty { add("system", request.systemPrompt) }
        if let summary = request.summary { add("summary", summary) }
        for message in request.messages { add(message.role.rawValue, message.text) }
        if !request.continuesAnswer { pieces.append("<assistant>") }
    }

    private mutating func add(_ role: String, _ text: String) {
        pieces.append("<\(role)>")
        pieces += text.split(whereSeparator: \.isWhitespace).map { " \($0)" }
    }

    /// How many pieces two prompts begin with in common.
    func common(with held: [String]) -> Int {
        zip(pieces, held).prefix { $0.utf8.elementsEqual($1.utf8) }.count
    }
}
