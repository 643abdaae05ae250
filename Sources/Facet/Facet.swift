import ArgumentParser
import Foundation
import Glibc

/// The root command; without a verb it opens the terminal interface.
struct Facet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "facet",
        abstract: "Gemma 4 in your terminal, with its thoughts open.",
        discussion: """
            Runs Gemma GGUF files in this process, on your processor. Nothing leaves this machine.

            Exit codes: 0 done, 1 failed, 2 usage, 3 model not found or unreadable, \
            4 not enough memory, 6 session damaged, 130 interrupted.
            """,
        version: "0.1.0",
        subcommands: [
            ChatCommand.self, AskCommand.self, InspectCommand.self, ModelsCommand.self,
            SessionsCommand.self, ThemesCommand.self, BenchCommand.self, BenchMedia.self,
            DoctorCommand.self, CompletionsCommand.self, ManualCommand.self,
            DecodeMediaCommand.self,
        ],
        defaultSubcommand: ChatCommand.self
    )
}

@main
enum Main {
    static func main() async {
        Console.openClosedStreams()
        // A reader that has gone away is success: writes report it instead of killing us.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try Facet.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            leave(with: error)
        }
    }

    private static func leave(with error: any Error) -> Never {
        if let failure = error as? Failure {
            if !failure.message.isEmpty { Console.complain(failure.message) }
            exit(failure.code.rawValue)
        }
        if let ended = error as? EndedBySignal { exit(128 + ended.number) }
        if error is ClosedPipe { exit(0) }
        let message = Facet.fullMessage(for: error)
        if Facet.exitCode(for: error).isSuccess {
            try? Console.write(message + "\n")
            exit(0)
        }
        let isUsage =
            error is ValidationError || Facet.exitCode(for: error) == .validationFailure
        let hint = isUsage ? hint(for: Array(CommandLine.arguments.dropFirst())) : nil
        Console.complain(message + (hint.map { "\n" + $0 } ?? ""))
        exit(isUsage ? 2 : 1)
    }

    /// How a question is asked, for who wrote one where options and verbs are read.
    private static func hint(for arguments: [String]) -> String? {
        if arguments.contains(where: {
            $0.hasPrefix("-") && !$0.hasPrefix("--") && $0.contains(" ")
        }) {
            return "A question that begins with - goes behind --: facet ask -- \"-3 + 5\"."
        }
        guard let first = arguments.first, first.contains(" ") else { return nil }
        return "A question is asked with facet ask \"...\"; facet alone opens the interface."
    }
}
