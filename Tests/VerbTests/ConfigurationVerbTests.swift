import Foundation
import JSONValues
import Testing

@Suite(.enabled(if: Program.isThere, "there is no facet beside the tests"))
struct ConfigurationVerbTests {
    private let configuration = ".config/facet/config.toml"

    @Test("a wrong setting ends a verb with exit code 2 and the line; doctor lists all of them")
    func wrong() throws {
        let program = try Program()
        try program.write("thme = \"dark\"\nmouse = 1\n", to: configuration)
        for verb in [["sessions", "list"], ["ask", "hello"]] {
            let run = try program.run(verb[0], verb[1])
            #expect(run.status == 2)
            #expect(run.output.isEmpty)
            #expect(run.errors.contains("config.toml:1: \"thme\" is not a setting."))
        }
        let doctor = try program.run("doctor")
        #expect(doctor.status == 1)
        #expect(doctor.output.contains("config.toml:1: \"thme\" is not a setting."))
        #expect(doctor.output.contains("config.toml:2: \"mouse\" is a whole number"))
    }

    @Test("doctor opens the model that is configured, and lists what may be configured")
    func model() throws {
        let program = try Program()
        try program.write("no model", to: "half.gguf")
        try program.write("model = \"~/half.gguf\"\n", to: configuration)
        let run = try program.run("doctor")
        #expect(run.status == 1)
        #expect(run.output.contains("half.gguf") && !run.output.contains("Nothing is wrong"))
        let list = try program.run("doctor", "--settings")
        #expect(list.status == 0)
        #expect(
            list.output.contains(
                "thinking                     \"on\", \"off\" or \"auto\"; default auto\n"
            )
        )
        #expect(list.output.contains("sampling.top_k"))
    }

    @Test("verbs that need no configuration work with a broken one")
    func independent() throws {
        let program = try Program()
        try program.write("= broken", to: configuration)
        #expect(try program.run("themes", "list").status == 0)
        #expect(try program.run("models", "list").status == 0)
        #expect(try program.run("--version").status == 0)
    }

    @Test("doctor says who set each value: flag, variable, project, own file, default")
    func sources() throws {
        let program = try Program()
        try program.write("threads = 2\nthinking = \"on\"\nmouse = true\n", to: configuration)
        try program.write("thinking = \"off\"\n", to: "work/.facet.toml")
        let run = try program.run(
            "doctor",
            "--json",
            "--threads",
            "3",
            variables: ["FACET_THEME": "dusk", "FACET_SESSIONS": ""]
        )
        let settings = try #require(try JSONValue(parsing: run.output)["settings"])
        func entry(_ key: String) -> (JSONValue?, String?) {
            (settings[key]?["value"], settings[key]?["source"]?.stringValue)
        }
        #expect(entry("threads") == (.number(3), "--threads"))
        #expect(entry("theme") == ("dusk", "$FACET_THEME"))
        #expect(entry("thinking").0 == "off")
        #expect(entry("thinking").1?.hasSuffix("/work/.facet.toml:1") == true)
        #expect(entry("mouse").0 == true)
        #expect(entry("mouse").1?.hasSuffix("/.config/facet/config.toml:3") == true)
        #expect(entry("sampling.presence_penalty") == (.number(0), "default"))
        // It depends on the model.
        #expect(entry("sampling.top_k") == (.null, "default"))
        #expect(entry("model") == (.null, "default"))
    }

    @Test("doctor finds a missing model, an unknown theme, a broken theme and a locked folder")
    func findings() throws {
        let program = try Program()
        try program.write("theme = \"drak\"\nmodel = \"nowhere\"", to: configuration)
        try program.write("extends = \"dark\"\ntext = 1", to: ".config/facet/themes/mine.toml")
        try program.write("", to: "file")
        let run = try program.run(
            "doctor",
            "--json",
            variables: ["FACET_SESSIONS": program.folder + "/file/sessions"]
        )
        #expect(run.status == 1)
        let problems = try #require(try JSONValue(parsing: run.output)["problems"]?.arrayValue)
            .compactMap(\.stringValue)
        #expect(problems.contains { $0.hasPrefix("There is no model \"nowhere\"") })
        #expect(problems.contains { $0.contains("no theme \"drak\". Did you mean \"dark\"?") })
        #expect(problems.contains { $0.contains("mine.toml:2: \"text\" is a whole number") })
        #expect(problems.contains { $0.contains("is not a folder") })
    }

    @Test("a shown theme is its file, and makes a theme of one's own")
    func themes() throws {
        let program = try Program()
        let dusk = try program.run("themes", "show", "dusk")
        #expect(dusk.status == 0 && !dusk.output.contains("\u{1B}"))
        try program.write(dusk.output, to: ".config/facet/themes/mine.toml")
        let list = try program.run("themes", "list")
        let lines = list.output.split(separator: "\n")
        #expect(lines.count == 10)
        #expect(lines.last?.hasPrefix("mine ") == true)
        #expect(lines.last?.hasSuffix("/.config/facet/themes/mine.toml") == true)
        let unknown = try program.run("themes", "show", "dsuk")
        #expect(unknown.status == 2)
        #expect(unknown.errors.contains("Did you mean \"dusk\"?"))
    }

    @Test("a theme in the list that cannot be read is a sentence and exit code 1")
    func brokenTheme() throws {
        let program = try Program()
        try program.write("extends = \"nothing\"", to: ".config/facet/themes/mine.toml")
        let list = try program.run("themes", "list")
        #expect(list.status == 1)
        #expect(list.output.split(separator: "\n").count == 9)
        #expect(list.errors.contains("mine.toml: extends: There is no theme \"nothing\"."))
    }
}
