import Conversation
import Foundation
import SessionIndex
import SessionStore

/// Hits as a good grep prints them: a line for each session, below it the lines with matches.
struct SearchPrinter {
    private let hasColour: Bool

    /// - Parameters:
    ///   - isTerminal: whether a person looks at it directly.
    ///   - environment: of the process; `NO_COLOR` and a dumb terminal are honoured.
    init(
        isTerminal: Bool,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        hasColour =
            isTerminal && environment["NO_COLOR", default: ""].isEmpty
            && environment["TERM"] != "dumb"
    }

    func text(_ hits: [SearchHit]) -> String {
        // A session stands where its newest hit does; within it messages are in their order.
        var order: [String] = []
        var hitsOfSession: [String: [SearchHit]] = [:]
        for hit in hits {
            if hitsOfSession[hit.session] == nil { order.append(hit.session) }
            hitsOfSession[hit.session, default: []].append(hit)
        }
        return order.map { id in
            session((hitsOfSession[id] ?? []).sorted { $0.ordinal < $1.ordinal })
        }.joined(separator: "\n")
    }

    private func session(_ hits: [SearchHit]) -> String {
        guard let first = hits.first else { return "" }
        let day = Timestamp.text(hits.map(\.date).max() ?? first.date).prefix(10)
        var head = ModelsCommand.printable(first.title)
        // A title that has the words is shown with them marked.
        if first.message == nil, let line = first.excerpts.first?.lines.first {
            head = marked(line)
        }
        return styled("\(first.session)  \(day)", "1") + "  \(head)\n"
            + hits.filter { $0.message != nil }.map(message).joined(separator: "  --\n")
    }

    private func message(_ hit: SearchHit) -> String {
        hit.excerpts.map { excerpt in
            let name = Self.name(of: hit.role, in: excerpt.place)
            var before: Int?
            return excerpt.lines.map { line in
                let gap = before.map { line.number > $0 + 1 } == true ? "  ...\n" : ""
                before = line.number
                return line.matches.isEmpty
                    ? "\(gap)  \(styled("\(name)- \(ModelsCommand.printable(line.text))", "2"))\n"
                    : "\(gap)  \(name): \(marked(line))\n"
            }.joined()
        }.joined()
    }

    private static func name(of role: Role?, in place: SearchPlace) -> String {
        let role = role?.rawValue ?? ""
        return switch place {
        case .text, .title: role
        case .thought: "\(role) thought"
        case .toolCall: role == "tool" ? "tool" : "\(role) call"
        case .attachment: "\(role) file"
        }
    }

    private func marked(_ line: SearchHit.Line) -> String {
        let bytes = Array(line.text.utf8)
        func part(_ range: Range<Int>) -> String {
            ModelsCommand.printable(String(decoding: bytes[range], as: UTF8.self))
        }
        var out = ""
        var position = 0
        for match in line.matches {
            out += part(position..<match.lowerBound) + styled(part(match), "1;31")
            position = match.upperBound
        }
        return out + part(position..<bytes.count)
    }

    private func styled(_ text: String, _ style: String) -> String {
        hasColour ? "\u{1B}[\(style)m\(text)\u{1B}[0m" : text
    }
}
