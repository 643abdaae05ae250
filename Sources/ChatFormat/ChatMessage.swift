package import JSONValues

/// Why a conversation cannot be written down for the model.
package enum ChatFormatError: Error, Sendable, Hashable {
    /// A message does not have the shape the format asks for.
    case badMessage(index: Int, reason: String)

    package var userMessage: String {
        switch self {
        case .badMessage(let index, let reason):
            "Message \(index + 1) cannot be given to the model: \(reason). "
                + "Correct it and try again."
        }
    }
}

/// One message as the chat template sees it.
package struct ChatMessage: Sendable, Hashable {
    /// `system`, `developer`, `user`, `assistant`, `tool`, or any other name.
    package var role: String
    package var content: ChatContent
    /// What the model thought before this message; empty for none.
    package var reasoning: String
    package var toolCalls: [ChatToolCall]
    /// Results that travel with the call itself, of any JSON type.
    package var toolResponses: [ChatToolResponse]
    /// For role `tool`: the call this answers.
    package var toolCallID: String?
    package var name: String?

    package init(
        role: String,
        content: ChatContent = .none,
        reasoning: String = "",
        toolCalls: [ChatToolCall] = [],
        toolResponses: [ChatToolResponse] = [],
        toolCallID: String? = nil,
        name: String? = nil
    ) {
        self.role = role
        self.content = content
        self.reasoning = reasoning
        self.toolCalls = toolCalls
        self.toolResponses = toolResponses
        self.toolCallID = toolCallID
        self.name = name
    }
}

/// What a message says.
package enum ChatContent: Sendable, Hashable {
    case none
    case text(String)
    case parts([ChatPart])
}

/// A piece of a message.
package enum ChatPart: Sendable, Hashable {
    package enum Media: Sendable, Hashable {
        case image
        case audio
        case video
    }

    case text(String)
    case media(Media)
    /// A picture or sound under OpenAI's name, which older templates do not know.
    case mediaByURL(Media)
    /// A type no template knows; prints nothing.
    case unknown
}

/// A call in an assistant's message.
package struct ChatToolCall: Sendable, Hashable {
    package var id: String?
    package var name: String
    /// An object or null; a string only in the older template.
    package var arguments: JSONValue

    package init(id: String?, name: String, arguments: JSONValue) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// A result in an assistant's message.
package struct ChatToolResponse: Sendable, Hashable {
    package var name: String
    package var response: JSONValue

    package init(name: String, response: JSONValue) {
        self.name = name
        self.response = response
    }
}

extension ChatMessage {
    /// Reads messages in the form of OpenAI's interface.
    /// - Throws: `ChatFormatError.badMessage` naming the message and what is wrong with it.
    package static func list(from json: JSONValue) throws(ChatFormatError) -> [ChatMessage] {
        guard let items = json.arrayValue else {
            throw .badMessage(index: 0, reason: "\"messages\" is not a list")
        }
        var messages: [ChatMessage] = []
        for (index, item) in items.enumerated() {
            messages.append(try ChatMessage(json: item, index: index))
        }
        return messages
    }

    private init(json: JSONValue, index: Int) throws(ChatFormatError) {
        guard let role = json["role"]?.stringValue else {
            throw .badMessage(index: index, reason: "it has no role")
        }
        self.init(role: role)
        switch json["content"] {
        case nil, .null: content = .none
        case .string(let text): content = .text(text)
        case .array(let items): content = .parts(items.map(ChatPart.init(json:)))
        default:
            throw .badMessage(
                index: index,
                reason: "its content is neither text nor a list of parts"
            )
        }
        reasoning =
            [json["reasoning"], json["reasoning_content"]]
            .compactMap { $0?.stringValue }.first { !$0.isEmpty } ?? ""
        for call in json["tool_calls"]?.arrayValue ?? [] {
            let function = call["function"] ?? call
            guard let name = function["name"]?.stringValue else {
                throw .badMessage(index: index, reason: "a tool call has no name")
            }
            toolCalls.append(
                ChatToolCall(
                    id: call["id"]?.stringValue,
                    name: name,
                    arguments: function["arguments"] ?? .null
                )
            )
        }
        for response in json["tool_responses"]?.arrayValue ?? [] {
            toolResponses.append(
                ChatToolResponse(
                    name: response["name"]?.stringValue ?? "unknown",
                    response: response["response"] ?? .null
                )
            )
        }
        toolCallID = json["tool_call_id"]?.stringValue
        name = json["name"]?.stringValue
    }
}

extension ChatPart {
    fileprivate init(json: JSONValue) {
        switch json["type"]?.stringValue {
        case "text": self = .text(json["text"]?.stringValue ?? "")
        case "image": self = .media(.image)
        case "audio": self = .media(.audio)
        case "video": self = .media(.video)
        case "image_url": self = .mediaByURL(.image)
        case "input_audio": self = .mediaByURL(.audio)
        default: self = .unknown
        }
    }
}
