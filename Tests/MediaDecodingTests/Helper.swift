import Foundation
import Media
import MediaDecoding
import Testing

/// The program under test as a helper, and the project's own media.
enum Helper {
    private static let checkout = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The program of the same build as this test.
    static let facet: String = {
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: own).deletingLastPathComponent().appending(path: "facet").path
    }()

    static let popplerIsInstalled = FileManager.default
        .isExecutableFile(atPath: "/usr/bin/pdftotext")

    static func reader(_ limits: DecodingWorker.Limits = .init()) -> MediaReader {
        MediaReader(program: facet, limits: limits)
    }

    static func fixture(_ name: String) -> String {
        checkout.appending(path: "Tests/Fixtures/media/\(name)").path
    }

    /// What a person is told when a file cannot be used; empty when it can.
    static func sentence(_ path: String, as kind: MediaKind? = nil) async -> String {
        do throws(MediaError) {
            _ = try await reader().prepare(path, as: kind, MediaSettings())
            return ""
        } catch {
            return error.userMessage
        }
    }

    /// Writes a file that is gone when the test is.
    static func write(_ name: String, _ bytes: [UInt8]) throws -> TemporaryFile {
        try TemporaryFile(name, bytes)
    }
}

final class TemporaryFile {
    let path: String
    private let folder: URL

    init(_ name: String, _ bytes: [UInt8]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "facet-media-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: name)
        try Data(bytes).write(to: file)
        path = file.path
    }

    deinit { try? FileManager.default.removeItem(at: folder) }
}
