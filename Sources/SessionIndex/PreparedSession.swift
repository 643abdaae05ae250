import Conversation
import Foundation
import SessionStore

/// A session made ready for the index.
struct PreparedSession {
    var entry: SessionEntry
    var stamp: Int64
    var messages: [PreparedMessage] = []

    /// - Parameters:
    ///   - entry: what is known of it.
    ///   - stamp: of the files before they were read; 0 when they have to be read again anyway.
    init(entry: SessionEntry, stamp: Int64) {
        self.entry = entry
        self.stamp = stamp
    }

    /// Adds the words of all messages.
    /// - Parameters:
    ///   - reading: what the files hold.
    ///   - reader: cuts them.
    ///   - bytes: gives the session's file, for the places of its messages.
    mutating func add(
        _ reading: SessionReading,
        reader: inout WordReader,
        bytes: () -> [UInt8]?
    ) {
        let all = reading.transcript?.messages ?? []
        // With a journal a message may be newer than the file's.
        var places = reading.hasJournal ? nil : bytes().flatMap(MessagePlaces.find)
        if places?.count != all.count { places = nil }
        messages.reserveCapacity(all.count)
        for (ordinal, message) in all.enumerated() {
            messages.append(PreparedMessage(message, place: places?[ordinal], reader: &reader))
        }
    }

    /// Bytes of words, which is what makes a batch large.
    var size: Int { messages.reduce(0) { $0 + $1.size } }
}

/// The words of a message, folded, and where it stands.
struct PreparedMessage {
    var text: [UInt8] = []
    var thought: [UInt8] = []
    var tool: [UInt8] = []
    var name: [UInt8] = []
    var kind: String
    var created: Date
    /// Within the session's file; nil when it is not there as it is.
    var place: Range<Int>?
    /// The same for the same words, role and time.
    var fingerprint: Int64

    init(_ message: Message, place: Range<Int>?, reader: inout WordReader) {
        let texts = SearchableTexts(message)
        reader.append(texts.text, to: &text)
        reader.append(texts.thought, to: &thought)
        reader.append(texts.tool, to: &tool)
        reader.append(texts.name, to: &name)
        kind = Self.kind(message.role)
        created = message.created
        self.place = place
        var hash: UInt64 = created.timeIntervalSinceReferenceDate.bitPattern
        for bytes in [text, thought, tool, name, Array(kind.utf8)] {
            hash = (hash ^ FileStamp.fingerprint(bytes)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 31
        }
        fingerprint = Int64(bitPattern: hash)
    }

    var size: Int { text.count + thought.count + tool.count + name.count }

    /// The word that stands for a role in column `kind`.
    static func kind(_ role: Role) -> String { String(role.rawValue.prefix(1)) }
}
