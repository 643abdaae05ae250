package import Foundation
import JSONValues

/// The folder of golden models that stands beside a developer's checkout, where there is one.
///
/// `FACET_REFERENCE` names it; otherwise one beside the checkout is taken. Tests that
/// need it are skipped elsewhere, and fixtures of the project's own cover the same ground.
package enum ReferenceFolder {
    package static let url: URL? = {
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["FACET_REFERENCE"] { return existing(URL(filePath: path)) }
        let checkout = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return existing(checkout.deletingLastPathComponent().appending(path: "shared"))
    }()

    package static var isPresent: Bool { url != nil }

    private static func existing(_ url: URL) -> URL? {
        FileManager.default.fileExists(atPath: url.appending(path: "golden").path) ? url : nil
    }

    package static func path(_ relative: String) -> String? { url?.appending(path: relative).path }
}

/// The reference of one golden model, as transformers computed it in float32.
package struct GoldenModel: Sendable {
    package struct Case: Sendable {
        package var ids: [Int32]
        /// Shape `[positions, vocabulary]`.
        package var logits: [Float]
        package var greedy: [Int32]
        /// `[layers + 1, positions, d]`, for one case.
        package var hidden: [Float]?
    }

    package var folder: URL
    package var cases: [Case]
    /// Each quantised file with the logits of exactly the weights it holds.
    package var quantised: [(file: String, ids: [Int32], logits: [Float])]

    package init(_ name: String) throws {
        guard let root = ReferenceFolder.url else { throw CocoaError(.fileNoSuchFile) }
        folder = root.appending(path: "golden/\(name)")
        let text = try String(contentsOf: folder.appending(path: "reference.json"), encoding: .utf8)
        let json = try JSONValue(parsing: text)
        let base = folder
        func floats(_ value: JSONValue?) throws -> [Float]? {
            guard let file = value?["file"]?.stringValue else { return nil }
            return try Self.floats(base.appending(path: file))
        }
        let cases = try (json["cases"]?.arrayValue ?? []).map { entry in
            Case(
                ids: Self.ids(entry["ids"]),
                logits: try floats(entry["logits"]) ?? [],
                greedy: Self.ids(entry["greedy"]),
                hidden: try floats(entry["hidden"])
            )
        }
        // The quantised files share the case whose logits have as many positions.
        self.cases = cases
        quantised = try (json["quantised"]?.arrayValue ?? []).compactMap { entry in
            guard let file = entry["file"]?.stringValue, let logits = try floats(entry["logits"]),
                let positions = entry["logits"]?["shape"]?.arrayValue?.first?.intValue,
                let ids = cases.first(where: { $0.ids.count == positions })?.ids
            else { return nil }
            return (file, ids, logits)
        }
    }

    private static func ids(_ value: JSONValue?) -> [Int32] {
        (value?.arrayValue ?? []).compactMap { $0.intValue.map(Int32.init) }
    }

    /// Raw little-endian float32.
    package static func floats(_ url: URL) throws -> [Float] {
        let data = try Data(contentsOf: url)
        return stride(from: 0, to: data.count / 4 * 4, by: 4).map { offset in
            let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(data[offset + $1]) << (8 * $1) }
            return Float(bitPattern: bits)
        }
    }
}
