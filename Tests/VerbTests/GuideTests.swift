import Foundation
import JSONValues
import Testing

/// The model that comes with facet, in earnest: nothing here is scripted.
@Suite(.enabled(if: Program.isThere, "there is no facet beside the tests"))
struct GuideTests {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()

    private static let python = ProcessInfo.processInfo.environment["PATH", default: ""]
        .split(separator: ":").map { "\($0)/python3" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    private let program: Program

    init() throws { program = try Program() }

    @Test(
        "what it is taught about keys and commands is what the program says of them",
        .enabled(if: python != nil, "there is no python3")
    )
    func taught() throws {
        let script = Self.tests.deletingLastPathComponent()
            .appending(path: "Scripts/train_builtin_model/make_facts.py").path
        let run = try program.run([script, "--check", Program.path], of: Self.python)
        #expect(run.status == 0, "\(run.errors)")
    }

    /// What `facet ask` says, with the most probable tokens.
    private func ask(_ arguments: String...) throws -> String {
        let run = try program.run(["ask", "--model", "builtin", "--temp", "0"] + arguments)
        #expect(run.status == 0, "\(run.errors)")
        return run.output.trimmingCharacters(in: .newlines)
    }

    private func answers(_ lines: [JSONValue]) throws -> [JSONValue] {
        let run = try program.run(
            ["inspect", "answer", "--model", "builtin", "--precision", "exact"],
            input: lines.map { $0.text() + "\n" }.joined()
        )
        #expect(run.status == 0, "\(run.errors)")
        return try run.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    @Test("a question where none is read is answered with how to ask it")
    func misplaced() throws {
        let bare = try program.run("how do I quit")
        #expect(bare.status == 2 && bare.errors.contains("facet ask \""), "\(bare.errors)")
        let dash = try program.run("ask", "-3 + 5")
        #expect(dash.status == 2 && dash.errors.contains("facet ask -- \""), "\(dash.errors)")
        #expect(try ask("--", "-3 + 5") != "")
    }

    @Test("it knows facet, in both precisions", arguments: ["exact", "fast"])
    func facts(precision: String) throws {
        for (question, words) in [
            ("How do I attach a picture?", "Type @"), ("How do I quit facet?", "Ctrl-D"),
            ("how to quit", "Ctrl-D"), ("What does Ctrl-O do?", "thoughts"),
            ("Where are my chats kept?", "sessions"), ("How do I copy an answer?", "Ctrl-X y"),
        ] {
            let answer = try ask("--precision", precision, question)
            #expect(answer.contains(words), "\(question) \(answer)")
        }
    }

    @Test(
        "with a thought its sums are right, without one they are not",
        arguments: ["exact", "fast"]
    )
    func sums(precision: String) throws {
        let sums = [(347, 285), (618, 294), (905, 67), (476, 358), (589, 243)]
        var right = (thinking: 0, silent: 0)
        for (a, b) in sums {
            let question = "What is \(a) + \(b)?"
            let json = try JSONValue(
                parsing: ask(
                    "--precision",
                    precision,
                    "--think",
                    "on",
                    "--output",
                    "json",
                    question
                )
            )
            let thought = json["thought"]?.stringValue ?? ""
            #expect(thought.contains("\(a)") && thought.contains("ones"))
            right.thinking += json["text"]?.stringValue == "\(a + b)." ? 1 : 0
            let silent = try ask("--precision", precision, "--think", "off", question)
            right.silent += silent == "\(a + b)." ? 1 : 0
        }
        #expect(right.thinking == sums.count)
        #expect(right.silent < sums.count - 1)
    }

    @Test("what it does not know it says")
    func unknown() throws {
        #expect(try ask("Who wrote Hamlet?").contains("I do not know"))
        #expect(try ask("Wie koche ich Reis?").contains("I only speak English"))
    }

    @Test("what was said before counts, also in a new process")
    func turns() throws {
        _ = try ask("--session", "guide", "How do I copy an answer?")
        let next = try ask("--session", "guide", "And how do I quit?")
        #expect(next.contains("Ctrl-D"))
        #expect(try ask("--session", "guide", "Say that again.") == next)
        let shown = try program.run("sessions", "show", "guide")
        #expect(shown.output.contains("Ctrl-X y") && shown.output.contains("Ctrl-D"))
    }

    @Test("it calls a calculator that is declared, and uses what that returns")
    func tools() throws {
        let calculator: JSONValue = [
            "type": "function",
            "function": [
                "name": "calculator", "description": "Calculates an expression.",
                "parameters": [
                    "type": "object",
                    "properties": [
                        "expression": ["type": "string", "description": "The expression."]
                    ], "required": ["expression"],
                ],
            ],
        ]
        let user: JSONValue = ["role": "user", "content": "What is 127 times 34?"]
        let call: JSONValue = [
            "role": "assistant",
            "tool_calls": [
                [
                    "id": "1", "type": "function",
                    "function": ["name": "calculator", "arguments": ["expression": "127*34"]],
                ]
            ],
        ]
        let result: JSONValue = ["role": "tool", "tool_call_id": "1", "content": "4318"]
        let found = try answers([
            ["messages": [user], "tools": [calculator]],
            ["messages": [user, call, result], "tools": [calculator]],
        ])
        #expect(
            found[0]["tool_calls"]
                == [["name": "calculator", "arguments": ["expression": "127*34"]]]
        )
        #expect(found[0]["malformed"] == 0)
        #expect(found[1]["text"]?.stringValue?.contains("4318") == true)
    }

    @Test("JSON that it writes can be read, and says what was asked for")
    func json() throws {
        let asked: [(String, JSONValue)] = [
            ("Write a JSON object with name Anna and age 34.", ["name": "Anna", "age": 34]),
            ("Write a JSON object with city Rome and open true.", ["city": "Rome", "open": true]),
            ("Give me JSON with title Faust and pages 120.", ["title": "Faust", "pages": 120]),
            ("Make a JSON object: name Tom, age 7.", ["name": "Tom", "age": 7]),
            ("Return JSON with name Lisa and paid false.", ["name": "Lisa", "paid": false]),
        ]
        var right = 0
        for (question, object) in asked {
            let written = try JSONValue(parsing: ask(question))
            #expect(
                written.objectValue?.map(\.key) == object.objectValue?.map(\.key),
                "\(question) \(written.text())"
            )
            right += written == object ? 1 : 0
        }
        // With other weights another word may be copied with a letter less.
        #expect(right >= 4)
    }

    @Test("it sees and hears: things and voices that it has not met")
    func media() throws {
        let folder = Self.tests.appending(path: "Fixtures/guide")
        let list = try JSONValue(
            parsing: String(contentsOf: folder.appending(path: "guide.json"), encoding: .utf8)
        )
        let items = try #require(list.arrayValue)
        var right = 0
        for item in items {
            let files = try #require(item["files"]?.arrayValue).compactMap(\.stringValue)
            let question = try #require(item["question"]?.stringValue)
            let media = files.flatMap { file in
                [
                    file.hasSuffix(".wav") ? "--audio" : "--image",
                    folder.appending(path: file).path,
                ]
            }
            let run = try program.run(
                ["ask", "--model", "builtin", "--temp", "0"] + media + [question]
            )
            let answer = run.output.trimmingCharacters(in: .newlines)
            #expect(run.status == 0, "\(run.errors)")
            right += answer == item["answer"]?.stringValue ? 1 : 0
        }
        // Of twelve; with other weights another one may be wrong.
        #expect(right > 10)
    }
}
