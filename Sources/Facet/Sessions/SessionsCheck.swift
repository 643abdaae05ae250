import ArgumentParser
import Foundation
import JSONValues
import SessionStore

extension SessionsCommand {
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Hold the files against their format, their schema and their hashes.",
            discussion: """
                Looks at every session, the trash and the attachments, and says what is wrong (exit \
                code 6) or worth knowing. --repair does what loses nothing: it folds journals in, sets \
                damaged files aside, gives messages without a parent a branch of their own, and \
                removes what dead processes left; a file that is written anew is kept beside it.
                """
        )

        @OptionGroup var storage: StorageOptions

        @Argument(help: "Ids, their prefixes, titles or paths; none is all there is.")
        var sessions: [String] = []

        @Flag(help: "Mend what can be mended without losing anything.")
        var repair = false

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            var tally = SessionCheckTally()
            let printer = CheckPrinter(isJSON: json)
            do {
                for (library, ids) in try await libraries() {
                    var check = SessionCheck(of: library, repairs: repair) { printer.take($0) }
                    tally += try await check.run(only: ids)
                }
            } catch let error as SessionError { throw Failure(error) }
            try printer.finish(tally)
            guard tally.faults == 0 else {
                throw Failure(
                    repair
                        ? "What is left needs a person; see above."
                        : "facet sessions check --repair mends what can be mended.",
                    .session
                )
            }
        }

        /// Which sessions to look at in which folder; nil stands for all.
        private func libraries() async throws -> [(SessionLibrary, [String]?)] {
            let usual = try storage.library()
            if sessions.isEmpty { return [(usual, nil)] }
            var found: [(library: SessionLibrary, ids: [String]?)] = []
            for name in sessions {
                var (library, id) = (usual, "")
                if let place = try await StorageOptions.lookUp(name, in: usual) {
                    (library, id) = (place.0, place.1.id)
                } else {
                    do { id = try await usual.resolveTrashed(name).summary.id } catch {
                        guard case .notInTrash = error else { throw Failure(error) }
                        throw Failure(SessionError.notFound(name, folder: usual.folder))
                    }
                }
                if let place = found.firstIndex(where: { $0.library.folder == library.folder }) {
                    found[place].ids?.append(id)
                } else {
                    found.append((library, [id]))
                }
            }
            return found
        }
    }
}

/// Prints findings as they come, or all of them as one JSON document.
private final class CheckPrinter {
    private let isJSON: Bool
    private var values: [JSONValue] = []
    private var failure: (any Error)?

    init(isJSON: Bool) { self.isJSON = isJSON }

    func take(_ finding: SessionFinding) {
        if isJSON { return values.append(finding.json) }
        guard failure == nil else { return }
        do { try Console.write(finding.words + "\n") } catch { failure = error }
    }

    func finish(_ tally: SessionCheckTally) throws {
        if let failure { throw failure }
        if isJSON {
            let value: JSONValue = [
                "findings": .array(values), "sessions": .number(tally.sessions),
                "trashed": .number(tally.trashed), "attachments": .number(tally.attachments),
                "faults": .number(tally.faults), "notes": .number(tally.notes),
                "repaired": .number(tally.repaired),
            ]
            return try Console.write(value, .pretty)
        }
        Console.complain(
            "\(tally.sessions) sessions, \(tally.trashed) in the trash, \(tally.attachments) "
                + "attachments: \(tally.faults) faults, \(tally.notes) notes"
                + (tally.repaired > 0 ? ", \(tally.repaired) repaired" : "")
        )
    }
}

extension SessionFinding {
    /// One line of the report.
    fileprivate var words: String {
        var line = "\(kind.isFault ? "fault" : "note ")  \(place)"
        if let pointer { line += " (\(pointer.isEmpty ? "the whole file" : pointer))" }
        line += "  \(text)"
        switch outcome {
        case .found: break
        case .done(let what): line += "  -> done: \(what)"
        case .left(let why): line += "  -> left: \(why)"
        }
        return Console.visible(line.replacing("\n", with: " "))
    }

    fileprivate var json: JSONValue {
        var value: JSONValue = [
            "path": .string(path), "kind": .string(kind.rawValue),
            "severity": .string(kind.isFault ? "fault" : "note"), "text": .string(text),
        ]
        if let pointer { value["pointer"] = .string(pointer) }
        if let line { value["line"] = .number(line) }
        if let column { value["column"] = .number(column) }
        switch outcome {
        case .found: break
        case .done(let what): value["done"] = .string(what)
        case .left(let why): value["left"] = .string(why)
        }
        return value
    }
}
