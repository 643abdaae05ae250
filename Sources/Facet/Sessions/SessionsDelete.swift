import ArgumentParser
import Configuration
import Conversation
import Interface
import JSONValues
import SessionStore
import SnapshotStore

extension SessionsCommand {
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Move sessions to the trash, where they can be taken back."
        )

        @OptionGroup var storage: StorageOptions

        @Argument(help: "Ids, their prefixes, titles or paths.")
        var sessions: [String]

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            let named = try await storage.existing(sessions)
            let snapshots = try Settings.inForce().snapshotFolder
            var done: [JSONValue] = []
            for (library, location) in named {
                let title = (try? await library.read(location.id))?.transcript.displayTitle ?? ""
                do { try await library.delete(location.id) } catch { throw Failure(error) }
                // What the engine kept of it is readable too.
                snapshots?.remove(session: location.id)
                Console.complain(
                    "Deleted: \(location.id) \(ModelsCommand.printable(title)). "
                        + "Undo: facet sessions restore \(location.id)\(try place(library))"
                )
                done.append(
                    [
                        "id": .string(location.id), "title": .string(title),
                        "folder": .string(location.folder),
                    ]
                )
            }
            if json { try Console.write(.array(done), .pretty) }
        }

        /// The option that names the folder, where a command without it would look elsewhere.
        private func place(_ library: SessionLibrary) throws -> String {
            let usual = try storage.library().folder
            guard storage.sessions != nil || library.folder != usual else { return "" }
            return " --sessions \(library.folder.shellWord)"
        }
    }

    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take sessions back from the trash."
        )

        @OptionGroup var storage: StorageOptions

        @Argument(help: "Ids, their prefixes or titles.")
        var sessions: [String]

        func run() async throws {
            let library = try storage.library()
            do {
                var found: [TrashedSession] = []
                for name in sessions { found.append(try await library.resolveTrashed(name)) }
                for session in found {
                    try await library.restore(session.summary.id)
                    let title = ModelsCommand.printable(session.summary.title)
                    Console.complain("Back: \(session.summary.id) \(title)")
                }
            } catch { throw Failure(error) }
        }
    }
}
