import ArgumentParser
import Foundation
import JSONValues
import SessionStore

extension SessionsCommand {
    struct Trash: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List deleted sessions, the last deleted first, or remove them for good."
        )

        @OptionGroup var storage: StorageOptions

        @Flag(help: "Print JSON.")
        var json = false

        @Flag(help: "Remove what is in the trash for good.")
        var empty = false

        @Option(help: "With --empty: only what was deleted at least so many days ago.")
        var olderThan: Double?

        @Flag(help: "With --empty: do not ask.")
        var yes = false

        func validate() throws {
            if !empty, olderThan != nil || yes {
                throw ValidationError("--older-than and --yes go with --empty.")
            }
            if let olderThan, !(olderThan >= 0) {
                throw ValidationError("--older-than is a number of days, 0 or more.")
            }
        }

        func run() async throws {
            let library = try storage.library()
            do {
                let shown = try await library.trashed().filter(isOldEnough)
                if empty { return try await remove(shown, from: library) }
                if json {
                    let value = JSONValue.array(shown.map(Self.json))
                    return try Console.write(value, .pretty)
                }
                for session in shown { try Console.write(Self.line(session) + "\n") }
                Console.complain("\(shown.count) in \(library.trashFolder)")
            } catch let error as SessionError { throw Failure(error) }
        }

        private func isOldEnough(_ session: TrashedSession) -> Bool {
            olderThan.map { Date().timeIntervalSince(session.deleted) >= $0 * 86_400 } ?? true
        }

        private func remove(
            _ sessions: [TrashedSession],
            from library: SessionLibrary
        ) async throws {
            if !sessions.isEmpty, !yes { try ask(about: sessions.count) }
            let removed =
                sessions.isEmpty
                ? [] : try await library.emptyTrash(olderThan: olderThan.map { $0 * 86_400 })
            if json {
                let value = JSONValue.array(removed.map { .string($0) })
                try Console.write(value, .pretty)
            }
            Console.complain("Removed for good: \(removed.count)")
        }

        /// Asks a person whether that many sessions are to go; nobody there is a no.
        private func ask(about count: Int) throws {
            let amount = count == 1 ? "1 session" : "\(count) sessions"
            guard Console.isInputTerminal else {
                throw Failure(
                    "\(amount) would be removed for good. Say --yes to do it without "
                        + "being asked.",
                    .usage
                )
            }
            Console.murmur("Remove \(amount) for good? [y/N] ")
            guard ["y", "yes"].contains(readLine()?.lowercased()) else {
                throw Failure("Nothing was removed.")
            }
        }

        private static func line(_ session: TrashedSession) -> String {
            let date = session.deleted.formatted(
                .iso8601.dateSeparator(.dash).timeSeparator(.colon)
            )
            return "\(session.summary.id)  deleted \(date)  "
                + "\(session.summary.messageCount) messages  "
                + ModelsCommand.printable(session.summary.title)
        }

        private static func json(_ session: TrashedSession) -> JSONValue {
            [
                "id": .string(session.summary.id), "title": .string(session.summary.title),
                "deleted": .string(Timestamp.text(session.deleted)),
                "updated": .string(Timestamp.text(session.summary.updated)),
                "messages": .number(session.summary.messageCount),
                "bytes": .number(session.summary.sizeInBytes),
            ]
        }
    }
}
