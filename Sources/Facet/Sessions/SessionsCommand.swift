import ArgumentParser

/// The verb `facet sessions`.
struct SessionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions",
        abstract:
            "List, search, show, export, import, branch, label, replay and delete saved conversations.",
        subcommands: [
            List.self, Search.self, Show.self, Export.self, Import.self, Fork.self, Rename.self,
            Tag.self, Pin.self, Unpin.self, Delete.self, Restore.self, Trash.self, Replay.self,
        ]
    )
}
