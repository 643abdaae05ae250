import Conversation
import Foundation
import Glibc
import JSONValues
import SessionStore
import Synchronization

/// A folder of its own for a test, removed with it.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "facet-sessions-\(ULID.next())"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }

    func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
    }
}

/// A disk with room for so many bytes.
final class SmallDisk: Sendable {
    private let room: Mutex<Int>

    init(room: Int) { self.room = Mutex(room) }

    func setRoom(_ bytes: Int) { room.withLock { $0 = bytes } }

    var disk: Disk {
        Disk(
            write: { [self] number, bytes in
                let granted = room.withLock { room in
                    let granted = min(room, bytes.count)
                    room -= granted
                    return granted
                }
                if granted == 0 { return -Int(ENOSPC) }
                return Disk.real.write(number, bytes.prefix(granted))
            },
            // Waiting for a real disk hundreds of times would only take time.
            sync: { _ in 0 }
        )
    }
}

enum Sample {
    static let id = "01KAWQ0000000000000000000A"
    static let otherID = "01KAWQ0000000000000000000B"
    static let date = Date(timeIntervalSince1970: 1_764_020_408.123)

    static func user(_ id: String, _ text: String, parent: String? = nil) -> Message {
        Message(id: id, parent: parent, role: .user, parts: [.text(text)], created: date)
    }

    static func answer(_ id: String, parent: String?, text: String = "") -> Message {
        Message(
            id: id,
            parent: parent,
            role: .assistant,
            parts: text.isEmpty ? [] : [.text(text)],
            created: date,
            answer: AnswerRecord(
                model: "e2b Q4_0",
                modelHash: "abc",
                thinking: .auto,
                sampling: .gemma
            )
        )
    }

    /// A question, and an answer with a thought, a call and text.
    static let records: [JournalRecord] = [
        .message(
            user("u2", "And 1003?\n\u{1F469}\u{200D}\u{1F469}\u{200D}\u{1F467}", parent: "a1")
        ),
        .message(answer("a2", parent: "u2")),
        .started(
            message: "a2",
            ThinkingPlan(thinks: true, budget: 4, rule: "asked for, at most 4 tokens")
        ),
        .thought(message: "a2", "17 x"),
        .thought(message: "a2", " 59"),
        .thoughtClosed(message: "a2", seconds: 1.5, tokens: 4, ending: .budget),
        .toolCall(
            message: "a2",
            ToolCall(id: "c1", name: "check", arguments: ["a": 17, "b": 59])
        ),
        .text(message: "a2", "No: \"17\""),
        .text(message: "a2", " x 59."),
        .finished(
            message: "a2",
            reason: .endOfTurn,
            statistics: Statistics(seed: .max),
            failure: nil
        ),
    ]

    static func transcript(id: String = Sample.id) -> Transcript {
        var first = answer("a1", parent: "u1", text: "No: 7 x 11 x 13.")
        first.answer?.stopReason = .endOfTurn
        return Transcript(
            id: id,
            title: "Primes",
            created: date,
            messages: [user("u1", "Is 1001 prime?"), first]
        )
    }

    static func bytes(id: String = Sample.id) -> [UInt8] {
        SessionFormat.bytes(StoredSession(transcript(id: id)))
    }

    /// What a process that died after these records leaves as its journal.
    static func journal(_ records: [JournalRecord], on file: [UInt8]?) -> [[UInt8]] {
        [JournalContents.header(session: id, base: file.map(FileStamp.fingerprint))]
            + records.map { JournalContents.line($0.json) }
    }
}

/// A disk that refuses one call, the first being number 1, and none before or after it.
final class FailingDisk: Sendable {
    private let calls = Mutex(0)
    private let refused: Int

    init(at call: Int) { refused = call }

    var hasFailed: Bool { calls.withLock { $0 >= refused } }

    private func isRefused() -> Bool {
        calls.withLock { calls in
            calls += 1
            return calls == refused
        }
    }

    var disk: Disk {
        Disk(
            write: { [self] number, bytes in
                isRefused() ? -Int(EIO) : Disk.real.write(number, bytes)
            },
            sync: { [self] _ in isRefused() ? EIO : 0 }
        )
    }
}

extension SessionLibrary {
    /// What a name means among all files of the folder.
    func find(_ name: String) async throws(SessionError) -> SessionLocation? {
        try await resolve(name) { () throws(SessionError) in try await self.list() }
    }
}
