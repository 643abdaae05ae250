import ArgumentParser
import Foundation
import JSONValues
import SessionStore

extension SessionsCommand {
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
}
