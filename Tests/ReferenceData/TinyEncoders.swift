import Foundation
import JSONValues

/// Encoders of random weights that travel with the project, and what they must compute.
///
/// Scripts/make_tiny_encoders.py made the files, and the numbers with a reference of its own in
/// double precision. Pictures and sounds are formulas that both sides compute.
package struct TinyEncoders: Sendable {
    package static let names = ["small", "large", "unified"]

    package var path: String
    package var textWidth: Int
    /// Expected soft tokens, `[tokens, textWidth]`, of each thing that the encoders take.
    package var picture: [Float]
    package var mel: [Float]
    package var samples: [Float]

    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

    package static func path(_ name: String) -> String {
        folder.appending(path: "tiny-encoders-\(name).gguf").path
    }

    /// Reads the reference of one file.
    /// - Throws: when the fixtures are not whole.
    package init(_ name: String) throws {
        path = Self.path(name)
        let text = try String(
            contentsOf: Self.folder.appending(path: "tiny-encoders.json"),
            encoding: .utf8
        )
        let json = try JSONValue(parsing: text)
        let entry = json["encoders"]?.arrayValue?.first {
            $0["file"]?.stringValue == "tiny-encoders-\(name).gguf"
        }
        guard let entry, let width = json["textWidth"]?.intValue else {
            throw CocoaError(.fileReadCorruptFile)
        }
        func floats(_ key: String) -> [Float] {
            (entry[key]?.arrayValue ?? []).compactMap { $0.doubleValue.map { Float($0) } }
        }
        textWidth = width
        picture = floats("picture")
        mel = floats("mel")
        samples = floats("samples")
    }

    /// The picture that every reference is of.
    package static let width = 144
    package static let height = 96
    package static let frames = 103
    package static let sampleCount = 1_500

    /// RGB, `[height, width, 3]`.
    package static let pixels: [UInt8] = (0..<height * width * 3).map { index in
        let (x, y) = (index / 3 % width, index / 3 / width)
        return UInt8(truncatingIfNeeded: number(x / 5, y / 7, index % 3) % 256)
    }

    /// Log-mel frames, `[frames, 128]`.
    package static let melFrames: [Float] = (0..<frames * 128).map {
        Float(number($0 / 128, $0 % 128)) / 100 - 7
    }

    package static let sound: [Float] = (0..<sampleCount).map { Float(number($0)) / 500 - 1 }

    /// A whole number from 0 to 999 that depends on its places alone.
    private static func number(_ places: Int...) -> Int {
        let sum = zip(places, [7_919, 104_729, 1_299_709]).reduce(0) { $0 + $1.0 * $1.1 }
        return sum * 31 % 7_907 % 1_000
    }
}
