import ArgumentParser
import Foundation
import SessionExchange
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

        @Option(
            help: """
                md (the active branch), html (the same as a page of one file, with pictures; reads back \
                whole), json (everything) or jsonl (a message a line).
                """
        )
        var format: SessionExport.Format = .markdown

        @Flag(help: "Put attached files into json and jsonl too.")
        var embed = false

        func run() async throws {
            let (library, location) = try await storage.existing(session)
            let stored: StoredSession
            do { stored = try await library.read(location.id) } catch { throw Failure(error) }
            let files = AttachmentStore(folder: location.folder)
            let export = SessionExport(
                of: stored,
                as: format,
                embedsAttachments: embed,
                contents: { try? files.read($0, limit: SessionExport.attachmentLimit) }
            )
            // Byte for byte into files and pipes; what is looked at cannot steer the terminal.
            try Console.write(
                Console.isOutputTerminal ? Console.visible(export.text) : export.text
            )
            if !export.omissions.isEmpty {
                Console.complain("Not in it: \(export.omissions.joined(separator: "; ")).")
            }
        }
    }
}
