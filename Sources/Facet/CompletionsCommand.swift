import ArgumentParser
import Foundation
import ModelLibrary

/// `facet completions`: what a shell needs to complete verbs, options, files and models.
struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print a script with which a shell completes facet's verbs and options.",
        discussion: """
            bash: facet completions bash > ~/.local/share/bash-completion/completions/facet
            zsh:  facet completions zsh > FOLDER/_facet, where FOLDER is in $fpath
            fish: facet completions fish > ~/.config/fish/completions/facet.fish
            """
    )

    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish

        var script: String {
            let shell: CompletionShell =
                switch self {
                case .bash: .bash
                case .zsh: .zsh
                case .fish: .fish
                }
            return Facet.completionScript(for: shell)
        }
    }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() throws { try Console.write(shell.script + "\n") }
}

extension CompletionKind {
    /// Names of models, and the GGUF files and folders that a path begins to name.
    static let model = CompletionKind.custom { _, _, begun in
        let search = ModelSearch.ofProcess
        let names = (search.models() + [search.builtIn].compactMap(\.self)).map(\.name)
        return names.filter { $0.hasPrefix(begun) } + files(begun)
    }

    /// Names of themes.
    static let theme = CompletionKind.custom { _, _, begun in
        ThemesCommand.names.filter { $0.hasPrefix(begun) }
    }

    /// The GGUF files and folders whose paths begin like this; hidden ones are named by nobody.
    private static func files(_ begun: String) -> [String] {
        let folder = begun.lastIndex(of: "/").map { String(begun[...$0]) } ?? ""
        let place = URL(filePath: folder.isEmpty ? "." : folder)
        let found = try? FileManager.default.contentsOfDirectory(
            at: place,
            includingPropertiesForKeys: [.isDirectoryKey],
            options: .skipsHiddenFiles
        )
        return (found ?? []).compactMap { file in
            let isFolder = (try? file.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory
            guard isFolder == true || file.pathExtension == "gguf" else { return nil }
            let path = folder + file.lastPathComponent + (isFolder == true ? "/" : "")
            return path.hasPrefix(begun) ? path : nil
        }.sorted()
    }
}
