import Foundation
import JSONValues
import Testing

@Suite(.enabled(if: Program.isThere, "there is no facet beside the tests"))
struct AnswerVerbTests {
    private static func fixture(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/\(name)").path
    }

    private let options = [
        "--model", Self.fixture("tiny-e2b.gguf"), "--mmproj",
        Self.fixture("tiny-encoders-small.gguf"), "--max-tokens", "12", "--context", "4096",
    ]

    private func line(_ text: String, thinks: Bool = false) -> String {
        #"{"messages":[{"role":"user","content":"\#(text)"}],"enable_thinking":\#(thinks)}"#
    }

    private func answers(_ lines: [String], _ more: String...) throws -> [JSONValue] {
        let run = try Program().run(
            ["inspect", "answer"] + options + more,
            input: lines.joined(separator: "\n") + "\n"
        )
        #expect(run.status == 0, "\(run.errors)")
        return try run.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    @Test("an answer is what ask says, and its tokens are what inspect parse takes apart")
    func agreeing() throws {
        let answer = try #require(try answers([line("Why is the sky blue?")]).first)
        let program = try Program()
        let asked = try program.run(
            ["ask"] + options
                + ["--precision", "exact", "--temp", "0", "--think", "off", "Why is the sky blue?"]
        )
        #expect(asked.output == (answer["text"]?.stringValue ?? "") + "\n")
        #expect(answer["ids"]?.arrayValue?.isEmpty == false)
        #expect(answer["end"]?.stringValue != nil)
        let parts: JSONValue = [
            "raw": answer["raw"] ?? .null, "start": answer["start"] ?? .null,
        ]
        let parsed = try program.run(["inspect", "parse"], input: parts.text() + "\n")
        let json = try JSONValue(parsing: parsed.output)
        for key in ["thought", "text", "tool_calls", "malformed"] {
            #expect(json[key] != nil && json[key] == answer[key])
        }
    }

    @Test("no answer depends on the lines before it", arguments: ["exact", "fast"])
    func order(precision: String) throws {
        let lines = ["What is up?", "What is down?", "Who are you?"].map { line($0, thinks: true) }
        let some = try answers(lines, "--precision", precision)
        let others = try answers(lines.reversed(), "--precision", precision)
        #expect(some.count == 3)
        #expect(some == others.reversed())
    }

    @Test("calls, their results, pictures and sounds are part of a conversation")
    func everything() throws {
        let calling = """
            {"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"2+2?"},\
            {"role":"assistant","tool_calls":[{"id":"a","type":"function","function":\
            {"name":"sum","arguments":{"a":2,"b":2}}}]},\
            {"role":"tool","tool_call_id":"a","content":"4"}],"tools":[{"type":"function",\
            "function":{"name":"sum","description":"Adds.","parameters":{"type":"object",\
            "properties":{"a":{"type":"number"}}}}}]}
            """
        let media = Self.fixture("media")
        let showing = """
            {"messages":[{"role":"user","content":[{"type":"image"},{"type":"text","text":"and"},\
            {"type":"image"},{"type":"audio"}]}],"images":["\(media)/420.jpg","\(media)/rgb.png"],\
            "audio":["\(media)/stereo.mp3"]}
            """
        let swapped = showing.replacing("420.jpg", with: "x").replacing("rgb.png", with: "420.jpg")
            .replacing("/x", with: "/rgb.png")
        let found = try answers([calling, showing, swapped], "--image-tokens", "70")
        #expect(found.count == 3)
        #expect(found.allSatisfy { $0["ids"]?.arrayValue?.isEmpty == false })
        #expect(found[1]["raw"] != found[2]["raw"])
    }

    @Test("lines may end as Windows ends them; empty ones count and say nothing")
    func lineEnds() throws {
        let program = try Program()
        func inspect(_ input: String) throws -> Program.Run {
            try program.run(["inspect", "parse"], input: input)
        }
        let good = #"{"raw":"a<turn|>"}"#
        let run = try inspect("\(good)\r\n\r\n\(good)\r\n")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.split(separator: "\n").count == 2)
        #expect(try inspect("\n \n{bad\n").errors.contains("Line 3 of standard input is not JSON"))
        #expect(try program.run(["inspect", "parse"]).status == 0)
    }

    @Test("what cannot be answered is named by its line, before the model says anything")
    func refusing() throws {
        let program = try Program()
        let user = #"{"role":"user","content":"a"}"#
        for (line, words) in [
            ("{", "is not JSON"),
            (#"{"messages":[\#(user),{"role":"assistant","content":"b"}]}"#, "not the user's"),
            (#"{"messages":[\#(user),{"role":"tool","content":"b"}]}"#, "answers no call"),
            (#"{"messages":[{"role":"user","content":[{"type":"image"}]}]}"#, "no path is left"),
            (#"{"messages":[\#(user)],"images":["a.png"]}"#, "a.png is shown by no part"),
            (#"{"messages":[\#(user)],"images":"a.png"}"#, "is not a list of paths"),
            (#"{"messages":[\#(user)],"tools":"clock"}"#, "\"tools\" is not a list"),
            (#"{"messages":[\#(user)],"tools":[{"function":{}}]}"#, "a tool has no name"),
            (
                #"{"messages":[\#(user)],"tools":[{"name":"clock","parameters":[]}]}"#,
                "the parameters of the tool clock are not an object"
            ),
            (#"{"messages":[{"role":"king","content":"a"}]}"#, "\"king\" is no role"),
        ] {
            let run = try program.run(
                ["inspect", "answer"] + options,
                input: self.line("hi") + "\n" + line + "\n"
            )
            #expect(run.status == 1)
            #expect(run.output.isEmpty)
            #expect(run.errors.contains("Line 2") && run.errors.contains(words), "\(run.errors)")
        }
    }
}
