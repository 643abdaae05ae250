import ArgumentParser
import SessionStore

extension SessionsCommand {
    struct Fork: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Begin a session of its own from another's branch, and print its id."
        )

        @OptionGroup var storage: StorageOptions

        @Argument(help: "An id, its prefix, a title or a path.")
        var session: String

        @Option(
            help: ArgumentHelp(
                "The last message to take over: an id, its beginning, or its number as show --ids "
                    + "prints it; else the whole branch.",
                valueName: "message"
            )
        )
        var at: String?

        @Option(help: "A title; else the other session's.")
        var title: String?

        func run() async throws {
            let (library, location) = try await storage.existing(session)
            do {
                let fork = try await library.fork(location.id, at: at, title: title)
                try Console.write(fork.id + "\n")
            } catch let error as SessionError { throw Failure(error) }
        }
    }
}
