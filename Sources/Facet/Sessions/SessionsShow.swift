import ArgumentParser
import Conversation
import SessionStore

extension SessionsCommand {
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
            let stored = try await storage.read(session)
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
