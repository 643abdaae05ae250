import Conversation
import Dispatch
package import Foundation
import JSONValues
import Synchronization

/// Messages of a file and what this version has no name for in them.
struct MessageList: Sendable {
    var messages: [Message] = []
    var extras = SessionExtras()
}

/// Long sessions are read by all cores at once, each a part of the messages.
///
/// Where a part begins is guessed from the layout and proved by the part before it, which has to
/// come to a message's first byte exactly there.
extension SessionFormat {
    /// Shorter files are not worth it.
    private static let leastBytes = 1 << 18

    /// Reads a file in which every message names its id, parent and time.
    /// - Returns: Nil for any other file, and for one with an error.
    package static func sessionInParts(
        from bytes: [UInt8],
        id: String,
        modified: Date
    ) -> StoredSession? {
        guard bytes.count >= leastBytes else { return nil }
        var list: MessageList?
        let value = try? JSONValue(parsing: bytes, arrayAt: "messages") { start in
            let starts = starts(in: bytes, from: start)
            guard let (read, end) = read(bytes, starts, modified: modified) else { return nil }
            list = read
            return end
        }
        guard let value, let list, value["format"]?.intValue == version else { return nil }
        let session = try? session(from: value, id: id, modified: modified, messages: list)
        // Repeated ids are an error.
        return session?.transcript.hasUniqueIDs == true ? session : nil
    }

    /// Where the parts begin: the array's begin, then first bytes of messages, evenly spread.
    private static func starts(in bytes: [UInt8], from first: Int) -> [Int] {
        let count = max(1, min(ProcessInfo.processInfo.activeProcessorCount, 8))
        let opening = Array("\n    {\n".utf8)
        var starts = [first]
        for part in 1..<max(1, count) {
            var place = max(starts[starts.count - 1], first + (bytes.count - first) / count * part)
            while place + opening.count <= bytes.count,
                bytes[place] != opening[0]
                    || !bytes[place..<(place + opening.count)].elementsEqual(opening)
            {
                place += 1
            }
            guard place + opening.count <= bytes.count else { break }
            if place + 5 > starts[starts.count - 1] { starts.append(place + 5) }
        }
        return starts
    }

    /// Reads all parts at once; nil when one of them is not what the next one takes it for.
    private static func read(
        _ bytes: [UInt8],
        _ starts: [Int],
        modified: Date
    ) -> (MessageList, end: Int)? {
        let parts = Mutex([Int: (MessageList, end: Int)]())
        DispatchQueue.concurrentPerform(iterations: starts.count) { index in
            let next = index + 1 < starts.count ? starts[index + 1] : nil
            var list = MessageList()
            let end = try? JSONValue.items(in: bytes, from: starts[index], to: next) { item in
                let message = message(complete: item, &list.extras, modified)
                if let message { list.messages.append(message) }
                return message != nil
            }
            guard let end else { return }
            parts.withLock { $0[index] = (list, end) }
        }
        let done = parts.withLock { $0 }
        var whole = MessageList()
        for index in starts.indices {
            guard let part = done[index] else { return nil }
            whole.messages += part.0.messages
            whole.extras.merge(part.0.extras)
        }
        return done[starts.count - 1].map { (whole, $0.end) }
    }

    /// A message that leaves nothing to be filled in; nil for others and for errors.
    private static func message(
        complete value: JSONValue,
        _ extras: inout SessionExtras,
        _ modified: Date
    ) -> Message? {
        guard value["id"]?.stringValue != nil, value["created"]?.stringValue != nil,
            value["parent"] != nil
        else { return nil }
        return try? message(
            from: value,
            at: "",
            spareID: "",
            previous: nil,
            modified: modified,
            extras: &extras
        )
    }
}
