import ArgumentParser
import Conversation
import SessionStore

extension StorageOptions {
    /// Changes a session that a person named.
    func edit(
        _ name: String,
        _ change: @Sendable (inout Transcript) -> Void
    ) async throws -> Transcript {
        let (library, location) = try await existing(name)
        do { return try await library.edit(location.id, change) } catch { throw Failure(error) }
    }
}

extension SessionsCommand {
    struct Rename: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give a session another title.")

        @OptionGroup var storage: StorageOptions

        @Argument(help: "An id, its prefix, a title or a path.")
        var session: String

        @Argument(help: "The title; an empty one shows the first words of the first question.")
        var title: String

        func run() async throws {
            let title = SessionLabel.title(title)
            _ = try await storage.edit(session) { $0.title = title }
        }
    }

    struct Tag: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add or remove tags of a session, and print those it has."
        )

        @OptionGroup var storage: StorageOptions

        @Argument(help: "An id, its prefix, a title or a path.")
        var session: String

        @Option(help: ArgumentHelp("A tag to add; may be repeated.", valueName: "tag"))
        var add: [String] = []

        @Option(help: ArgumentHelp("A tag to remove; may be repeated.", valueName: "tag"))
        var remove: [String] = []

        func validate() throws {
            for tag in add + remove where SessionLabel.tag(tag) == nil {
                throw ValidationError(
                    "\"\(tag)\" is no tag: it holds nothing but spaces or commas."
                )
            }
        }

        func run() async throws {
            let (add, remove) = (add, remove)
            let tags: [String]
            if add.isEmpty, remove.isEmpty {
                tags = try await storage.read(session).transcript.tags
            } else {
                tags = try await storage.edit(session) { transcript in
                    for tag in remove { transcript.removeTag(tag) }
                    for tag in add { transcript.addTag(tag) }
                }.tags
            }
            for tag in tags { try Console.write(ModelsCommand.printable(tag) + "\n") }
        }
    }

    struct Pin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keep sessions above the others in lists and away from retention rules."
        )

        @OptionGroup var storage: StorageOptions

        @Argument(help: "Ids, their prefixes, titles or paths.")
        var sessions: [String]

        func run() async throws { try await storage.pin(sessions, true) }
    }

    struct Unpin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take pins off again.")

        @OptionGroup var storage: StorageOptions

        @Argument(help: "Ids, their prefixes, titles or paths.")
        var sessions: [String]

        func run() async throws { try await storage.pin(sessions, false) }
    }
}

extension StorageOptions {
    fileprivate func pin(_ names: [String], _ isPinned: Bool) async throws {
        for (library, location) in try await existing(names) {
            do { try await library.edit(location.id) { $0.isPinned = isPinned } } catch {
                throw Failure(error)
            }
        }
    }
}
