import Conversation
import Foundation
import JSONValues
import SeededRandom
import SessionIndex
import SessionStore
import Synchronization

/// A folder of sessions and a cache, removed with it.
final class Workshop: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "facet-index-\(ULID.next())"
        try FileManager.default.createDirectory(
            atPath: sessions,
            withIntermediateDirectories: true
        )
    }

    deinit {
        _ = try? FileManager.default.setAttributes(
            [.posixPermissions: 0o700],
            ofItemAtPath: cache
        )
        try? FileManager.default.removeItem(atPath: path)
    }

    var sessions: String { path + "/sessions" }
    var cache: String { path + "/cache" }
    var library: SessionLibrary { SessionLibrary(folder: sessions) }
    var index: SessionIndex { SessionIndex(folder: sessions, cacheFolder: cache) }

    /// The names of the index's files.
    var indexFiles: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: cache + "/index")) ?? []).sorted()
    }

    var database: String {
        cache + "/index/" + (indexFiles.first { $0.hasSuffix(".sqlite") } ?? "")
    }

    func write(_ transcript: Transcript) throws {
        try write(SessionFormat.bytes(StoredSession(transcript)), to: "\(transcript.id).json")
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(filePath: "\(sessions)/\(name)"), options: .atomic)
    }
}

/// Sessions out of few words, so that searches find many and different things.
enum RandomSession {
    static let words = [
        "apple", "Apple", "\u{E4}pple", "applesauce", "pear", "PEAR", "pe\u{301}ar", "prime", "of",
        "the", "a", "snake_case", "1001", "x", "\n", "-", "!",
    ]

    static func transcript(using random: inout SeededGenerator) -> Transcript {
        var messages: [Message] = []
        for index in 0..<Int.random(in: 0...6, using: &random) {
            let parent = Bool.random(using: &random) ? messages.randomElement(using: &random) : nil
            messages.append(message(index, parent: parent?.id, using: &random))
        }
        let models = ["e2b Q4_0", "31b", nil]
        return Transcript(
            id: ULID.next().description,
            title: Bool.random(using: &random) ? text(using: &random) : "",
            created: date(using: &random),
            updated: date(using: &random),
            model: models.randomElement(using: &random) ?? nil,
            tags: ["work", "Home", "\"x\n"].filter { _ in Bool.random(using: &random) },
            isPinned: Int.random(in: 0..<4, using: &random) == 0,
            forkedFrom: Bool.random(using: &random)
                ? ForkOrigin(session: "01", message: messages.first?.id) : nil,
            messages: messages,
            activeLeaf: messages.randomElement(using: &random)?.id
        )
    }

    static func text(using random: inout SeededGenerator) -> String {
        (0..<Int.random(in: 0...7, using: &random))
            .map { _ in words.randomElement(using: &random) ?? "" }.joined(separator: " ")
    }

    private static func message(
        _ index: Int,
        parent: String?,
        using random: inout SeededGenerator
    ) -> Message {
        var message = Message(
            id: "id\(index)",
            parent: parent,
            role: Role.allCases.randomElement(using: &random) ?? .user,
            parts: [.text(text(using: &random))],
            created: date(using: &random)
        )
        if Bool.random(using: &random) { message.thoughts = [Thought(text: text(using: &random))] }
        if Int.random(in: 0..<4, using: &random) == 0 {
            let words = text(using: &random)
            message.toolCalls = [
                ToolCall(id: "c", name: "look_up", arguments: ["q": .string(words)])
            ]
        }
        if Int.random(in: 0..<6, using: &random) == 0 {
            message.parts.append(
                .attachment(
                    Attachment(
                        kind: Bool.random(using: &random) ? .image : .file,
                        name: text(using: &random),
                        hash: "ab",
                        sizeInBytes: 12
                    )
                )
            )
        }
        return message
    }

    /// Some of one moment, some long ago, some to come.
    private static func date(using random: inout SeededGenerator) -> Date {
        let seconds: [Double] = [0, 1, 1.25, 60, 86_400, 90_000, -9e9, 4e9]
        return Date(timeIntervalSince1970: 1_764_020_408)
            + (seconds.randomElement(using: &random) ?? 0)
    }
}

/// A number that a progress report sets.
final class Counter: Sendable {
    private let number = Mutex(0)

    var value: Int { number.withLock { $0 } }

    func set(_ value: Int) { number.withLock { $0 = value } }
}
