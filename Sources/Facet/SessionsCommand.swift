import ArgumentParser
import Conversation
import Foundation
import JSONValues
import SessionStore

/// The verb `facet sessions`.
struct SessionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions",
        abstract: "List, show and export saved conversations.",
        subcommands: [List.self, Show.self, Export.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the sessions, the last changed first."
        )

        @OptionGroup var storage: StorageOptions

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            let folder = try storage.folder()
            let all: [SessionSummary]
            do { all = try await SessionLibrary(folder: folder.path).list() } catch {
                throw Failure(error)
            }
            if json {
                let value = JSONValue.array(all.map(Self.json))
                return try Console.write(value.text(.pretty) + "\n")
            }
            for summary in all { try Console.write(Self.line(summary) + "\n") }
            Console.complain("\(all.count) in \(folder.path)")
            if let other = folder.other {
                let count = SessionLibrary.count(in: other)
                if count > 0 {
                    Console.complain("\(count) more in \(other) (--sessions shows them)")
                }
            }
        }

        private static func line(_ summary: SessionSummary) -> String {
            let date = summary.updated.formatted(
                .iso8601.dateSeparator(.dash).timeSeparator(.colon)
            )
            var line = "\(summary.id)  \(date)  \(summary.messageCount) messages  "
            line += ModelsCommand.printable(summary.title)
            switch summary.state {
            case .whole: break
            case .unfinished: line += "  [unfinished answer]"
            case .damaged(let report): line += "  [damaged: \(ModelsCommand.printable(report))]"
            case .newerFormat(let format): line += "  [format \(format), from a later Facet]"
            }
            return line
        }

        private static func json(_ summary: SessionSummary) -> JSONValue {
            var value: JSONValue = [
                "id": .string(summary.id), "title": .string(summary.title),
                "updated": .string(
                    summary.updated.formatted(
                        Date.ISO8601FormatStyle(includingFractionalSeconds: true)
                    )
                ),
                "messages": .number(summary.messageCount), "bytes": .number(summary.sizeInBytes),
            ]
            if let model = summary.model { value["model"] = .string(model) }
            switch summary.state {
            case .whole: value["state"] = "whole"
            case .unfinished: value["state"] = "unfinished"
            case .damaged(let report):
                value["state"] = "damaged"
                value["report"] = .string(report)
            case .newerFormat: value["state"] = "newer format"
            }
            return value
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a session's active branch."
        )

        @OptionGroup var storage: StorageOptions

        @Argument(help: "An id, its prefix, a title or a path.")
        var session: String

        @Flag(help: "Print the session's JSON.")
        var json = false

        @Flag(help: "Print thoughts too.")
        var thoughts = false

        func run() async throws {
            let library = try storage.library()
            guard let (home, location) = try await StorageOptions.find(session, in: library) else {
                throw Failure(SessionError.notFound(session, folder: library.folder))
            }
            let stored: StoredSession
            do { stored = try await home.read(location.id) } catch { throw Failure(error) }
            if json {
                return try Console.write(
                    String(decoding: SessionFormat.bytes(stored), as: UTF8.self)
                )
            }
            let isTerminal = Console.isOutputTerminal
            func shown(_ text: String) -> String { isTerminal ? Console.visible(text) : text }
            try Console.write("# \(ModelsCommand.printable(stored.transcript.displayTitle))\n")
            for message in stored.transcript.path {
                try Console.write("\n## \(Self.name(message))\n\n")
                if thoughts {
                    for thought in message.thoughts {
                        let quoted = thought.text.split(
                            separator: "\n",
                            omittingEmptySubsequences: false
                        ).map { "> \($0)\n" }.joined()
                        try Console.write(shown(quoted) + "\n")
                    }
                }
                try Console.write(shown(message.text) + "\n")
            }
        }

        private static func name(_ message: Message) -> String {
            switch message.role {
            case .user: "you"
            case .assistant: message.answer?.model ?? "gemma"
            case .system, .tool: message.role.rawValue
            }
        }
    }
}
