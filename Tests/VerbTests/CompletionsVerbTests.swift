import Foundation
import Testing

@Suite(.enabled(if: Program.isThere, "there is no facet beside the tests"))
struct CompletionsVerbTests {
    /// What bash offers for the last of these words.
    private func offered(_ words: String..., by program: Program) throws -> [String] {
        let script = try program.run("completions", "bash").output
        try program.write(script, to: "work/script")
        let asking = """
            source ./script
            compopt() { :; }
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
            _facet "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let run = try program.run(
            ["-c", asking, "bash", Program.path] + words,
            variables: ["PATH": "/usr/bin:/bin"],
            of: "/bin/bash"
        )
        return run.output.split(separator: "\n").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
    }

    @Test("bash completes verbs, options and their values")
    func verbs() throws {
        let program = try Program()
        #expect(try offered("mod", by: program) == ["models"])
        #expect(try offered("sessions", "exp", by: program) == ["export"])
        #expect(try offered("ask", "--preci", by: program) == ["--precision"])
        #expect(try offered("ask", "--precision", "", by: program) == ["exact", "fast"])
    }

    @Test("models and themes are completed by their names, models also by their paths")
    func names() throws {
        let program = try Program()
        try program.write("", to: "work/folder/a.gguf")
        try program.write("", to: "work/folder/a.txt")
        try program.write("", to: ".local/share/facet/models/gemma-x.gguf")
        #expect(try offered("ask", "--model", "gem", by: program) == ["gemma-x"])
        #expect(try offered("ask", "--model", "fold", by: program) == ["folder/"])
        #expect(try offered("models", "show", "folder/", by: program) == ["folder/a.gguf"])
        let themes = try program.run("themes", "list").output.split(separator: "\n")
            .compactMap { $0.split(separator: " ").first.map(String.init) }
        #expect(try offered("themes", "show", "", by: program) == themes)
    }

    @Test("every shell has its script; another one is refused with those there are")
    func shells() throws {
        let program = try Program()
        #expect(try program.run("completions", "zsh").output.hasPrefix("#compdef facet"))
        #expect(try program.run("completions", "fish").output.contains("complete -c"))
        let wrong = try program.run("completions", "csh")
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("bash"))
    }
}
