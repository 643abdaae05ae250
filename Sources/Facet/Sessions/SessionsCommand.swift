import ArgumentParser

/// The verb `facet sessions`.
struct SessionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions",
        abstract: "List, search, show, export and import saved conversations.",
        subcommands: [List.self, Search.self, Show.self, Export.self, Import.self]
    )
}
