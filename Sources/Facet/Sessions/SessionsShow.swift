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

        @Flag(help: "Print each message's number on the branch and its id, which fork takes.")
        var ids = false

        func run() async throws {
            let stored = try await storage.read(session)
            if json {
                return try Console.write(
                    json: String(decoding: SessionFormat.bytes(stored), as: UTF8.self)
                )
            }
            let isTerminal = Console.isOutputTerminal
            func shown(_ text: String) -> String { isTerminal ? Console.visible(text) : text }
            try Console.write("# \(ModelsCommand.printable(stored.transcript.displayTitle))\n")
            for (index, message) in stored.transcript.path.enumerated() {
                let mark = ids ? "  [\(index + 1)  \(ModelsCommand.printable(message.id))]" : ""
                try Console.write("\n## \(ModelsCommand.printable(Self.name(message)))\(mark)\n\n")
                if thoughts {
                    for thought in message.thoughts {
                        let quoted = thought.text.split(
                            separator: "\n",
                            omittingEmptySubsequences: false
                        ).map { "> \($0)\n" }.joined()
                        try Console.write(shown(quoted) + "\n")
                    }
                }
                for file in message.attachments {
                    let name = ModelsCommand.printable(file.name)
                    try Console.write(
                        "[\(file.kind.rawValue) \(name), \(file.sizeInBytes) bytes]\n"
                    )
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
