import Foundation
import Testing

/// The program that was built with the tests, run in folders of its own.
final class Program: Sendable {
    /// What a run left behind.
    struct Run: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    static let path: String = {
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: own).deletingLastPathComponent().appending(path: "facet").path
    }()

    static var isThere: Bool { FileManager.default.isExecutableFile(atPath: path) }

    let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "facet-\(UUID())").path
        try FileManager.default.createDirectory(
            atPath: folder + "/work",
            withIntermediateDirectories: true
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ text: String, to name: String) throws {
        let file = URL(filePath: folder).appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: file)
    }

    /// Runs a verb in the folder `work`, with an empty standard input and no terminal.
    func run(_ arguments: String..., variables: [String: String] = [:]) throws -> Run {
        try run(arguments, variables: variables)
    }

    /// Runs a verb of this program, or of a copy of it.
    func run(
        _ arguments: [String],
        variables: [String: String] = [:],
        input: String? = nil,
        of copy: String? = nil
    ) throws -> Run {
        let process = Process()
        process.executableURL = URL(filePath: copy ?? Self.path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder + "/work")
        process.environment = [
            "HOME": folder, "LANG": "C.UTF-8", "FACET_SESSIONS": folder + "/sessions",
        ].merging(variables) { $1 }
        process.standardInput = FileHandle.nullDevice
        if let input {
            try write(input, to: "input")
            process.standardInput = FileHandle(forReadingAtPath: folder + "/input")
        }
        // Files, since a pipe holds only so much before it is read.
        let names = [folder + "/output", folder + "/errors"]
        for name in names { _ = FileManager.default.createFile(atPath: name, contents: nil) }
        process.standardOutput = FileHandle(forWritingAtPath: names[0])
        process.standardError = FileHandle(forWritingAtPath: names[1])
        try process.run()
        process.waitUntilExit()
        return Run(
            status: process.terminationStatus,
            output: try String(contentsOfFile: names[0], encoding: .utf8),
            errors: try String(contentsOfFile: names[1], encoding: .utf8)
        )
    }
}
