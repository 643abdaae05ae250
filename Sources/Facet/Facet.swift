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
            DoctorCommand.self, ManualCommand.self, DecodeMediaCommand.self,
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
        Console.complain(message)
        exit(error is ValidationError || Facet.exitCode(for: error) == .validationFailure ? 2 : 1)
    }
}
