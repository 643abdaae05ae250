import ArgumentParser

/// The verb `facet sessions`.
struct SessionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions",
        abstract: "List, show, export, import and replay saved conversations.",
        subcommands: [List.self, Show.self, Export.self, Import.self, Replay.self]
    )
}
