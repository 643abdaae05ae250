package import Foundation
package import JSONValues

/// Who speaks in a message.
package enum Role: String, Sendable, Hashable, CaseIterable {
    case system
    case user
    case assistant
    case tool
}

/// One piece of a message's content.
package enum Part: Sendable, Hashable {
    case text(String)
    case attachment(Attachment)
}

/// A file that travels with a message; its bytes live beside the session, named by their hash.
package struct Attachment: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case image
        case audio
        case video
        case file
    }

    package var kind: Kind
    /// The name the user knows it by; outside data, never used as a path.
    package var name: String
    /// Lower-case hexadecimal SHA-256 of the bytes.
    package var hash: String
    package var sizeInBytes: Int
    /// Soft tokens that a picture or a video's frame may take: 70, 140, 280, 560 or 1120; nil for
    /// what its kind takes by default.
    package var imageTokens: Int?

    package init(
        kind: Kind,
        name: String,
        hash: String,
        sizeInBytes: Int,
        imageTokens: Int? = nil
    ) {
        self.kind = kind
        self.name = name
        self.hash = hash
        self.sizeInBytes = sizeInBytes
        self.imageTokens = imageTokens
    }
}

/// A function call the model asked for.
package struct ToolCall: Sendable, Hashable {
    package var id: String
    package var name: String
    /// Always a JSON object, members in the model's order.
    package var arguments: JSONValue

    package init(id: String, name: String, arguments: JSONValue) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// What came back for a tool call.
package struct ToolResult: Sendable, Hashable {
    package var callID: String
    package var name: String
    package var response: JSONValue

    package init(callID: String, name: String, response: JSONValue) {
        self.callID = callID
        self.name = name
        self.response = response
    }
}

/// One node of a conversation's tree.
package struct Message: Sendable, Hashable, Identifiable {
    package var id: String
    /// The message this one answers or follows; nil for a root.
    package var parent: String?
    package var role: Role
    package var parts: [Part]
    package var thoughts: [Thought]
    package var toolCalls: [ToolCall]
    package var toolResults: [ToolResult]
    package var created: Date
    /// Only on answers of a model.
    package var answer: AnswerRecord?
    /// From here on a model is given only a part of the branch.
    package var contextCut: ContextCut?

    package init(
        id: String,
        parent: String?,
        role: Role,
        parts: [Part],
        thoughts: [Thought] = [],
        toolCalls: [ToolCall] = [],
        toolResults: [ToolResult] = [],
        created: Date,
        answer: AnswerRecord? = nil,
        contextCut: ContextCut? = nil
    ) {
        self.id = id
        self.parent = parent
        self.role = role
        self.parts = parts
        self.thoughts = thoughts
        self.toolCalls = toolCalls
        self.toolResults = toolResults
        self.created = created
        self.answer = answer
        self.contextCut = contextCut
    }

    /// An answer that was stopped or cut, and that a model can go on with.
    package var canBeContinued: Bool {
        guard role == .assistant, toolCalls.isEmpty else { return false }
        return switch answer?.stopReason {
        case .endOfTurn, .toolCall: false
        case .length, .contextFull, .cancelled, nil: true
        }
    }

    /// Thoughts came although thinking was off.
    package var hasUnaskedThoughts: Bool {
        guard !thoughts.isEmpty, let answer else { return false }
        return answer.thinkingPlan.map { !$0.thinks } ?? (answer.thinking == .off)
    }

    /// The answer broke off within its last thought.
    ///
    /// Where nobody noted how the thought ended, one without any text after it is taken for open.
    package var endsInsideThought: Bool {
        guard let last = thoughts.last else { return false }
        return last.ending.map { $0 == .cut } ?? (text.isEmpty && toolCalls.isEmpty)
    }

    /// The files that travel with it.
    package var attachments: [Attachment] {
        parts.compactMap { if case .attachment(let file) = $0 { file } else { nil } }
    }

    /// The text parts, joined without a separator.
    package var text: String {
        if parts.count == 1, case .text(let text) = parts[0] { return text }
        return parts.map { if case .text(let text) = $0 { text } else { "" } }.joined()
    }
}
