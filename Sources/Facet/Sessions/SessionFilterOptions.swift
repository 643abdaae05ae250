import ArgumentParser
import Conversation
import Foundation
import Glibc
import SessionIndex
import SessionStore
import Synchronization

extension Role: ExpressibleByArgument {}

/// What `--has` names.
enum SessionContent: String, ExpressibleByArgument, CaseIterable {
    case toolCall = "tool-call"
    case picture
}

/// Which sessions, or messages of which sessions, a verb is about.
struct SessionFilterOptions: ParsableArguments {
    @Option(name: .customLong("tag"), help: "Only sessions with this tag; can be given again.")
    var tags: [String] = []

    @Option(help: "Only sessions that used a model with this in its name.")
    var model: String?

    @Option(
        help: ArgumentHelp(
            "Only from this time on: 2026-11-24, 2026-11-24T21:40Z, or 36h, 7d, 2w ago.",
            valueName: "time"
        )
    )
    var since: String?

    @Option(help: ArgumentHelp("Only before this time.", valueName: "time"))
    var before: String?

    @Option(
        help: "Only messages of this role, or sessions with one: system, user, assistant, tool."
    )
    var role: Role?

    @Option(help: "Only sessions that have a tool-call or a picture; can be given again.")
    var has: [SessionContent] = []

    @Flag(help: "Only pinned sessions.")
    var pinned = false

    func filter() throws -> SessionFilter {
        SessionFilter(
            tags: tags,
            model: model,
            since: try since.map { try Self.date($0, for: "--since") },
            before: try before.map { try Self.date($0, for: "--before") },
            role: role,
            hasToolCalls: has.contains(.toolCall),
            hasPictures: has.contains(.picture),
            isPinned: pinned
        )
    }

    /// A date alone is its first moment here, not in UTC.
    static func date(_ text: String, for option: String) throws -> Date {
        let units: [Character: Double] = ["h": 3600, "d": 86_400, "w": 604_800]
        if let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
            (0...100_000).contains(count)
        {
            return Date() - Double(count) * unit
        }
        guard let date = Timestamp.date(text) else {
            throw Failure(
                "\(option) \"\(text)\" is no time. Write a date such as 2026-11-24, a time such as "
                    + "2026-11-24T21:40Z, or how long ago: 36h, 7d, 2w.",
                .usage
            )
        }
        let isDateAlone = text.utf8.count == 10
        return isDateAlone ? date - Double(TimeZone.current.secondsFromGMT(for: date)) : date
    }
}

/// Says on a terminal that an index is being made, once it takes longer than a person waits gladly.
final class IndexingNotice: Sendable {
    private let began = ContinuousClock.now
    private let isSaid = Mutex(false)
    private let isTerminal = isatty(2) == 1

    func report(_ done: Int, _ total: Int) {
        guard isTerminal, done < total, began.duration(to: .now) > .milliseconds(500),
            isSaid.withLock({ said in
                defer { said = true }; return !said
            })
        else { return }
        Console.murmur("Indexing \(total) sessions...\n")
    }
}

extension StorageOptions {
    /// The folder and its index in the user's cache.
    func index() throws -> (SessionFolder, SessionIndex) {
        let folder = try folder()
        return (folder, SessionIndex(of: folder.path))
    }
}

extension SessionIndex {
    /// The index of a folder in this user's cache.
    init(of folder: String) {
        let environment = ProcessInfo.processInfo.environment
        self.init(folder: folder, cacheFolder: Self.cacheFolder(environment: environment))
    }
}
