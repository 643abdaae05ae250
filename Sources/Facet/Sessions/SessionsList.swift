import ArgumentParser
import Conversation
import Foundation
import JSONValues
import SessionIndex
import SessionStore
import TerminalCore

extension SessionsCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the sessions: pinned ones first, then the last changed.",
            discussion: """
                On a terminal, ids are as short as they may be to name a session. Elsewhere lines \
                are whole: id, time, messages, title, then tags and remarks.
                """
        )

        @OptionGroup var storage: StorageOptions
        @OptionGroup var filters: SessionFilterOptions

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            let filter = try filters.filter()
            let (folder, index) = try storage.index()
            let notice = IndexingNotice()
            let all: [SessionSummary]
            do {
                all = try await index.list(filter) { notice.report($0, $1) }
            } catch {
                throw Failure(error)
            }
            await index.close()
            if json {
                let value = JSONValue.array(all.map(Self.json))
                return try Console.write(value, .pretty)
            }
            if Console.isOutputTerminal {
                let width = TerminalSize.ofStandardStreams?.width ?? 80
                try Console.write(SessionTable(all, width: width).text)
            } else {
                try Console.write(all.map { Self.line($0) + "\n" }.joined())
            }
            Console.complain("\(all.count) in \(folder.path)")
            let aside = SessionLibrary.countSetAside(in: folder.path)
            if aside > 0 {
                Console.complain(
                    "\(aside) set aside as damaged; each has a report beside it "
                        + "(\(folder.path)/*.damaged-*.txt)"
                )
            }
            if let other = folder.other {
                let count = SessionLibrary.count(in: other)
                if count > 0 {
                    Console.complain("\(count) more in \(other) (--sessions shows them)")
                }
            }
        }

        private static func line(_ summary: SessionSummary) -> String {
            var line = "\(summary.id)  \(Timestamp.text(summary.updated).prefix(19))Z  "
            line += "\(summary.messageCount) messages  "
            line += ModelsCommand.printable(summary.title)
            for tag in summary.tags { line += "  #\(ModelsCommand.printable(tag))" }
            if summary.isPinned { line += "  [pinned]" }
            if let remark = summary.remark { line += "  [\(ModelsCommand.printable(remark))]" }
            return line
        }

        private static func json(_ summary: SessionSummary) -> JSONValue {
            var value: JSONValue = [
                "id": .string(summary.id), "title": .string(summary.title),
                "created": .string(Timestamp.text(summary.created)),
                "updated": .string(Timestamp.text(summary.updated)),
                "messages": .number(summary.messageCount), "bytes": .number(summary.sizeInBytes),
                "tags": .array(summary.tags.map { .string($0) }),
                "pinned": .bool(summary.isPinned), "tool_calls": .bool(summary.hasToolCalls),
                "pictures": .bool(summary.hasPictures),
            ]
            if let model = summary.model { value["model"] = .string(model) }
            if let origin = summary.forkedFrom {
                value["forked_from"] = ["session": .string(origin.session)]
                if let message = origin.message {
                    value["forked_from"]?["message"] = .string(message)
                }
            }
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

extension SessionSummary {
    /// What is unusual about its file; nil when nothing is.
    var remark: String? {
        switch state {
        case .whole: nil
        case .unfinished: "unfinished answer"
        case .damaged(let report): "damaged: \(report)"
        case .newerFormat(let format): "format \(format), from a later Facet"
        }
    }
}
