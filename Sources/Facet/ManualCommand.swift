import ArgumentParser
import Interface

/// `facet manual`: what the guide is made from.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Print all keys and commands of the interface as Markdown."
    )

    func run() throws { try Console.write(Manual.text()) }
}
