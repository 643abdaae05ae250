import Conversation
import JSONValues

/// Where in a session words were found.
package enum SearchPlace: String, Sendable, Hashable, CaseIterable {
    case text
    case thought
    case toolCall = "tool_call"
    /// The name of a file that was sent.
    case attachment
    case title
}

/// The texts of a message that can be searched.
struct SearchableTexts {
    var text: String
    var thought: String
    /// Calls with their arguments, and what came back.
    var tool: String
    var name: String

    init(_ message: Message) {
        text = message.text
        thought = message.thoughts.map(\.text).joined(separator: "\n\n")
        let calls = message.toolCalls.map { "\($0.name) \($0.arguments.text())" }
        let results = message.toolResults.map { result in
            "\(result.name) \(result.response.stringValue ?? result.response.text())"
        }
        tool = (calls + results).joined(separator: "\n")
        var names: [String] = []
        for case .attachment(let attachment) in message.parts { names.append(attachment.name) }
        name = names.joined(separator: "\n")
    }

    subscript(place: SearchPlace) -> String {
        switch place {
        case .text: text
        case .thought: thought
        case .toolCall: tool
        case .attachment: name
        case .title: ""
        }
    }
}

extension SearchPlace {
    /// The column of the index; nil for titles, which are few enough to be looked through.
    var column: String? {
        switch self {
        case .text: "text"
        case .thought: "thought"
        case .toolCall: "tool"
        case .attachment: "name"
        case .title: nil
        }
    }
}
