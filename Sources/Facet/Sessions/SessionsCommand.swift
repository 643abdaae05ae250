import ArgumentParser

/// The verb `facet sessions`.
struct SessionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions",
        abstract: "Find, show, export, import, branch, label, replay, delete, check sessions.",
        subcommands: [
            List.self, Search.self, Show.self, Export.self, Import.self, Fork.self, Rename.self,
            Tag.self, Pin.self, Unpin.self, Delete.self, Restore.self, Trash.self, Prune.self,
            Check.self, Replay.self,
        ]
    )
}
