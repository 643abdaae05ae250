import ArgumentParser
import Conversation
import Foundation
import JSONValues
import SessionIndex
import SessionStore

extension SessionsCommand {
    struct Search: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find messages by their words, the newest first; thoughts too.",
            discussion: """
                All words have to occur in a message or in a title; case and accents do not count. \
                An argument with spaces is a row of words. The last word may go on, as any word \
                with a * after it. Exit code 1 means that nothing was found.
                """
        )

        @OptionGroup var storage: StorageOptions
        @OptionGroup var filters: SessionFilterOptions

        @Argument(help: "What to look for.")
        var words: [String]

        @Option(help: ArgumentHelp("Lines shown around a match.", valueName: "lines"))
        var context = 1

        @Option(help: ArgumentHelp("Messages shown at most.", valueName: "count"))
        var limit = 50

        @Flag(
            inversion: .prefixedNo,
            help: "Look through thoughts alone, or not through thoughts; by default through both."
        )
        var thoughts: Bool?

        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws {
            guard context >= 0 else { throw ValidationError("--context can't be negative.") }
            guard limit > 0 else { throw ValidationError("--limit has to be at least 1.") }
        }

        func run() async throws {
            let query = SearchQuery(
                words.map(Self.phrase).joined(separator: " "),
                filter: try filters.filter(),
                thoughts: thoughts.map { $0 ? .only : .never } ?? .too,
                contextLines: context,
                limit: limit
            )
            let (folder, index) = try storage.index()
            let notice = IndexingNotice()
            let hits: [SearchHit]
            do {
                hits = try await index.search(query) { notice.report($0, $1) }
            } catch {
                throw Failure(error)
            }
            await index.close()
            if json {
                try Console.write(.array(hits.map(\.json)), .pretty)
            } else {
                let printer = SearchPrinter(isTerminal: Console.isOutputTerminal)
                try Console.write(printer.text(hits))
            }
            guard hits.isEmpty else { return }
            let wanted = words.joined(separator: " ")
            throw Failure(
                query.isEmpty
                    ? "\"\(wanted)\" has no letter or digit to look for. Give a word."
                    : "Nothing in \(folder.path) has all of: \(wanted)"
            )
        }

        /// An argument with spaces was one for the shell too.
        private static func phrase(_ word: String) -> String {
            word.contains(where: \.isWhitespace) && !word.contains("\"") ? "\"\(word)\"" : word
        }
    }
}

extension SearchHit {
    fileprivate var json: JSONValue {
        var value: JSONValue = [
            "session": .string(session), "title": .string(title),
            "date": .string(Timestamp.text(date)), "excerpts": .array(excerpts.map(\.json)),
        ]
        if let message { value["message"] = .string(message) }
        if let role { value["role"] = .string(role.rawValue) }
        return value
    }
}

extension SearchHit.Excerpt {
    fileprivate var json: JSONValue {
        let lines = lines.map { line -> JSONValue in
            [
                "number": .number(line.number), "text": .string(line.text),
                "matches": .array(
                    line.matches.map { [.number($0.lowerBound), .number($0.upperBound)] }
                ),
            ]
        }
        return ["place": .string(place.rawValue), "lines": .array(lines)]
    }
}
