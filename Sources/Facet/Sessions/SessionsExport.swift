import ArgumentParser
import SessionStore

extension SessionExport.Format: ExpressibleByArgument {}

extension SessionsCommand {
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a session for other programs and people."
        )

        @OptionGroup var storage: StorageOptions

        @Argument(help: "An id, its prefix, a title or a path.")
        var session: String

        @Option(help: "md (the active branch), json (everything) or jsonl (a message a line).")
        var format: SessionExport.Format = .markdown

        func run() async throws {
            let stored = try await storage.read(session)
            try Console.write(SessionExport.text(of: stored, as: format))
        }
    }
}
