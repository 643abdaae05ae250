import Conversation
import Foundation
import JSONValues

/// What a session's file says against itself, which no schema can tell.
struct TreeCheck {
    struct Contradiction: Sendable, Hashable {
        var kind: SessionFinding.Kind
        /// JSON pointer of the place.
        var pointer: String
        var text: String
    }

    private(set) var found: [Contradiction] = []
    private let transcript: Transcript

    /// Holds what was read against the file it was read from.
    /// - Parameters:
    ///   - transcript: as `SessionFormat` read it.
    ///   - file: the same file as JSON, of the format that is written now.
    ///   - now: the time to go by.
    init(_ transcript: Transcript, file: JSONValue, now: Date) {
        self.transcript = transcript
        checkParents()
        checkPath(file)
        checkCuts()
        checkResults()
        checkDates(file, now: now)
        if let id = file["id"]?.stringValue, id != transcript.id {
            add(.otherID, "/id", "the id is \(id); the file's name counts")
        }
    }

    private mutating func add(_ kind: SessionFinding.Kind, _ pointer: String, _ text: String) {
        found.append(Contradiction(kind: kind, pointer: pointer, text: text))
    }

    private mutating func checkParents() {
        let flaws = transcript.treeFlaws
        for (index, parent) in flaws.orphans {
            add(
                .unknownParent,
                "/messages/\(index)/parent",
                "the parent \"\(parent)\" is no message of this session"
            )
        }
        for index in flaws.loops {
            add(
                .parentLoop,
                "/messages/\(index)/parent",
                "the parents of \"\(transcript.messages[index].id)\" lead back to it"
            )
        }
    }

    private mutating func checkPath(_ file: JSONValue) {
        let ids = Set(transcript.messages.map(\.id))
        let path = file["path"]?.arrayValue?.compactMap(\.stringValue)
        let leaf = file["active_leaf"]?.stringValue
        if let leaf, !ids.contains(leaf) {
            add(.unknownLeaf, "/active_leaf", "\"\(leaf)\" is no message of this session")
        } else if leaf == nil, let last = path?.last, !ids.contains(last) {
            let place = (path?.count ?? 1) - 1
            add(.unknownLeaf, "/path/\(place)", "\"\(last)\" is no message of this session")
        }
        guard let path, path != transcript.path.map(\.id) else { return }
        add(
            .otherPath,
            "/path",
            "it is not the branch that ends in \"\(transcript.activeLeaf ?? "")\"; "
                + "Facet goes by the parents"
        )
    }

    private mutating func checkCuts() {
        for (index, message) in transcript.messages.enumerated() {
            guard let cut = message.contextCut, transcript[cut.start] == nil else { continue }
            add(
                .unknownCutStart,
                "/messages/\(index)/context_cut/start",
                "\"\(cut.start)\" is no message of this session"
            )
        }
    }

    private mutating func checkResults() {
        let calls = Set(transcript.messages.flatMap { $0.toolCalls.map(\.id) })
        for (index, message) in transcript.messages.enumerated() {
            for (place, result) in message.toolResults.enumerated()
            where !result.callID.isEmpty && !calls.contains(result.callID) {
                add(
                    .resultWithoutCall,
                    "/messages/\(index)/tool_results/\(place)/call_id",
                    "there is no call \"\(result.callID)\" in this session"
                )
            }
        }
    }

    /// A clock that jumped leaves odd times in good sessions; each kind is told once.
    private mutating func checkDates(_ file: JSONValue, now: Date) {
        let messages = transcript.messages
        let older = messages.indices.filter { messages[$0].created < transcript.created }
        if let first = older.first {
            add(
                .dates,
                "/messages/\(first)/created",
                "\(Self.count(older)) than the session is said to be"
            )
        }
        let disordered = messages.indices.filter { index in
            guard let parent = messages[index].parent.flatMap({ transcript[$0] }) else {
                return false
            }
            return messages[index].created < parent.created
        }
        if let first = disordered.first {
            add(
                .dates,
                "/messages/\(first)/created",
                "\(Self.count(disordered)) than the one before"
            )
        }
        guard file["updated"]?.stringValue != nil else { return }
        if transcript.updated < transcript.created {
            add(.dates, "/updated", "it is before the session was made")
        }
        if transcript.updated.timeIntervalSince(now) > 86_400 {
            add(.dates, "/updated", "it is more than a day from now")
        }
    }

    private static func count(_ places: [Int]) -> String {
        places.count == 1 ? "1 message is older" : "\(places.count) messages are older"
    }
}

extension Transcript {
    /// Messages whose parent leads nowhere, and one message of each circle of parents, by index.
    var treeFlaws: (orphans: [(index: Int, parent: String)], loops: [Int]) {
        var orphans: [(index: Int, parent: String)] = []
        var loops: [Int] = []
        let places = Dictionary(
            messages.enumerated().map { ($0.element.id, $0.offset) },
            uniquingKeysWith: { $1 }
        )
        // The walk in which a message was seen first.
        var walks = Array(repeating: -1, count: messages.count)
        for start in messages.indices {
            var index = start
            while walks[index] == -1 {
                walks[index] = start
                guard let parent = messages[index].parent else { break }
                guard let next = places[parent] else {
                    orphans.append((index, parent))
                    break
                }
                // Back where this walk has been: a circle, which is cut at its first message.
                if walks[next] == start { loops.append(circle(through: next, places)) }
                index = next
            }
        }
        return (orphans.sorted { $0.index < $1.index }, loops.sorted())
    }

    private func circle(through start: Int, _ places: [String: Int]) -> Int {
        var first = start
        var index = start
        while let next = messages[index].parent.flatMap({ places[$0] }), next != start {
            first = min(first, next)
            index = next
        }
        return first
    }

    /// Makes a root of each message whose parent is not there and of the first of each circle, so
    /// that every message is in a branch with a beginning.
    mutating func mendTree() {
        let flaws = treeFlaws
        for index in flaws.orphans.map(\.index) + flaws.loops {
            var message = messages[index]
            message.parent = nil
            update(message)
        }
    }
}
