import ChatFormat
import Conversation
import Foundation
import JSONValues
import SessionStore

/// A conversation written as JSON, in the form that `facet inspect prompt` reads, with its files.
///
/// `images`, `audio` and `videos` are lists of paths: the n-th part of a kind shows the n-th path.
struct PreparedConversation {
    private(set) var messages: [Message] = []
    private(set) var tools: [ToolDeclaration] = []
    private(set) var thinks: Bool
    /// Where the files are, by hash.
    private(set) var paths: [String: String] = [:]

    private var files: [ChatPart.Media: ArraySlice<String>]
    private let imageTokens: Int?
    /// Calls of the last answer that have no result yet.
    private var openCalls: [ToolCall] = []

    /// - Parameters:
    ///   - line: an object.
    ///   - imageTokens: what a picture may take; nil for what the model's encoders say.
    /// - Throws: `Failure` naming what is missing or cannot be read.
    init(_ line: JSONValue, imageTokens: Int?) throws {
        self.imageTokens = imageTokens
        thinks = line["enable_thinking"]?.boolValue ?? false
        files = [
            .image: try Self.paths("images", of: line), .audio: try Self.paths("audio", of: line),
            .video: try Self.paths("videos", of: line),
        ]
        tools = try Self.tools(line["tools"] ?? .null)
        let list: [ChatMessage]
        do { list = try ChatMessage.list(from: line["messages"] ?? .null) } catch {
            throw Failure(error.userMessage)
        }
        for message in list { try add(message) }
        if let kind = files.first(where: { !$0.value.isEmpty }) {
            throw Failure("\(kind.value.first ?? "") is shown by no part of a message.")
        }
        guard let last = messages.last, last.role != .assistant || !last.toolResults.isEmpty else {
            throw Failure("its last message is not the user's and no tool's result.")
        }
    }

    /// What an engine is asked: the most probable token at each place.
    func request(maxTokens: Int) -> GenerationRequest {
        var request = GenerationRequest(
            messages: messages,
            tools: tools,
            thinking: thinks ? .on : .off,
            sampling: SamplingSettings(temperature: 0, seed: 0),
            maxTokens: maxTokens
        )
        request.attachmentPaths = paths
        return request
    }

    private mutating func add(_ message: ChatMessage) throws {
        let role: Role
        switch message.role {
        case "system", "developer": role = .system
        case "user": role = .user
        case "assistant": role = .assistant
        case "tool": role = .tool
        default: throw Failure("\"\(message.role)\" is no role of a message.")
        }
        var added = Message(
            id: "\(messages.count)",
            parent: nil,
            role: role,
            parts: [],
            created: Date(timeIntervalSince1970: 0)
        )
        if role == .tool {
            added.toolResults = [try result(of: message)]
        } else {
            added.parts = try parts(of: message.content)
        }
        if role == .assistant {
            if !message.reasoning.isEmpty {
                added.thoughts = [Thought(text: message.reasoning, ending: .closed)]
            }
            added.toolCalls = try message.toolCalls.enumerated().map { try call($1, $0) }
            openCalls = added.toolCalls
            added.toolResults = try message.toolResponses.map { response in
                try result(response.response) { $0.name == response.name }
            }
        }
        messages.append(added)
    }

    private mutating func parts(of content: ChatContent) throws -> [Part] {
        switch content {
        case .none: return []
        case .text(let text): return [.text(text)]
        case .parts(let parts):
            return try parts.compactMap { part in
                switch part {
                case .text(let text): .text(text)
                case .media(let media), .mediaByURL(let media): .attachment(try file(media))
                case .unknown: nil
                }
            }
        }
    }

    private mutating func file(_ media: ChatPart.Media) throws -> Attachment {
        guard let path = files[media]?.popFirst() else {
            throw Failure(
                "a part of a message is of the kind \(media), and no path is left for it."
            )
        }
        let kind: Attachment.Kind =
            switch media {
            case .image: .image
            case .audio: .audio
            case .video: .video
            }
        do {
            var file = try AttachmentStore.describe(file: path, kind: kind)
            if kind == .image { file.imageTokens = imageTokens }
            paths[file.hash] = path
            return file
        } catch { throw Failure(error) }
    }

    private func call(_ call: ChatToolCall, _ index: Int) throws -> ToolCall {
        let arguments = call.arguments.isNull ? .object([]) : call.arguments
        guard arguments.objectValue != nil else {
            throw Failure("the arguments of a call of \(call.name) are not an object.")
        }
        return ToolCall(
            id: call.id ?? "call_\(messages.count)_\(index)",
            name: call.name,
            arguments: arguments
        )
    }

    /// The result in a tool's message: of the call that it names, else of the first one without.
    private mutating func result(of message: ChatMessage) throws -> ToolResult {
        let response: JSONValue
        switch message.content {
        case .none: response = .null
        case .text(let text): response = .string(text)
        case .parts(let parts):
            response = .string(
                try parts.map {
                    guard case .text(let text) = $0 else {
                        throw Failure("a tool's result holds more than text.")
                    }
                    return text
                }.joined()
            )
        }
        return try result(response) { message.toolCallID == nil || $0.id == message.toolCallID }
    }

    private mutating func result(
        _ response: JSONValue,
        where isAnswered: (ToolCall) -> Bool
    ) throws -> ToolResult {
        guard let index = openCalls.firstIndex(where: isAnswered) else {
            throw Failure("a tool's result answers no call of the message before it.")
        }
        let call = openCalls.remove(at: index)
        return ToolResult(callID: call.id, name: call.name, response: response)
    }

    private static func paths(_ key: String, of line: JSONValue) throws -> ArraySlice<String> {
        guard let value = line[key], !value.isNull else { return [] }
        let paths = value.arrayValue?.map(\.stringValue) ?? [nil]
        guard !paths.contains(nil) else { throw Failure("\"\(key)\" is not a list of paths.") }
        return paths.compactMap(\.self)[...]
    }

    private static func tools(_ json: JSONValue) throws -> [ToolDeclaration] {
        if json.isNull { return [] }
        guard let list = json.arrayValue else { throw Failure("\"tools\" is not a list.") }
        return try list.map(tool)
    }

    private static func tool(_ json: JSONValue) throws -> ToolDeclaration {
        let function = json["function"] ?? json
        guard let name = function["name"]?.stringValue, !name.isEmpty else {
            throw Failure("a tool has no name.")
        }
        if let parameters = function["parameters"], parameters.objectValue == nil {
            throw Failure("the parameters of the tool \(name) are not an object.")
        }
        return ToolDeclaration(
            name: name,
            description: function["description"]?.stringValue ?? "",
            parameters: function["parameters"] ?? .object([])
        )
    }
}
