import Foundation
import JSONValues

/// A model of random weights that travels with the project, and what it must compute.
///
/// Scripts/make_tiny_models.py made the files, and the numbers with a forward pass of its own in
/// double precision.
package struct TinyModel: Sendable {
    package static let names = ["e2b", "moe", "dense"]

    package var path: String
    package var ids: [Int32]
    /// The expected logits, `[positions, vocabulary]`.
    package var logits: [Float]
    /// The residual stream before layer 0 and after each, `[layers + 1, hiddenPositions, d]`.
    package var hidden: [Float]
    package var hiddenPositions: Int

    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

    package static func path(_ name: String) -> String {
        folder.appending(path: "tiny-\(name).gguf").path
    }

    /// Reads the reference of one model.
    /// - Throws: when the fixtures are not whole.
    package init(_ name: String) throws {
        path = Self.path(name)
        let text = try String(
            contentsOf: Self.folder.appending(path: "tiny-reference.json"),
            encoding: .utf8
        )
        let json = try JSONValue(parsing: text)
        let entry = json["models"]?.arrayValue?.first {
            $0["file"]?.stringValue == "tiny-\(name).gguf"
        }
        guard let entry, let positions = json["hiddenPositions"]?.intValue else {
            throw CocoaError(.fileReadCorruptFile)
        }
        func floats(_ key: String) -> [Float] {
            (entry[key]?.arrayValue ?? []).compactMap { $0.doubleValue.map { Float($0) } }
        }
        ids = (entry["ids"]?.arrayValue ?? []).compactMap { $0.intValue.map(Int32.init) }
        logits = floats("logits")
        hidden = floats("hidden")
        hiddenPositions = positions
    }
}
