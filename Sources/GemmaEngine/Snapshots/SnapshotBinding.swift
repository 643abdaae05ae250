import ChatFormat
import Crypto
import Foundation
import Gemma
import Tensors

/// Everything that keys and values depend on beside the ids, as one hash.
///
/// A snapshot made under another one is of no use here, however whole it is.
struct SnapshotBinding: Sendable, Hashable {
    /// Of the file's layout, and of anything in this program that changes keys or values.
    static let version = 2

    /// 32 bytes.
    let hash: [UInt8]

    /// What stands in a file's name.
    var name: String { hash.prefix(10).map { String(format: "%02x", $0) }.joined() }

    /// - Parameters:
    ///   - modelHash: of the file, its vocabulary included.
    ///   - configuration: its layers.
    ///   - style: which template its prompts are written in.
    ///   - options: how numbers are kept.
    init(
        modelHash: String,
        configuration: Configuration,
        style: PromptBuilder.Style,
        options: EngineOptions
    ) {
        var parts = [
            "facet kv \(Self.version)", modelHash, Kernels.name, options.precision.rawValue,
            options.kvFormat.rawValue, "window \(configuration.slidingWindow)", "from 0",
            "vocabulary \(configuration.vocabularySize)",
        ]
        switch style {
        case .chat(let renderer): parts.append("\(renderer.template) \(renderer.size)")
        case .completion: parts.append("completion")
        }
        for (index, layer) in configuration.layers.enumerated() where layer.cacheLayer == index {
            parts.append(
                "\(index) \(layer.isSliding) \(layer.keyValueHeads) x \(layer.headSize)"
            )
        }
        hash = Array(SHA256.hash(data: Array(parts.joined(separator: "\n").utf8)))
    }
}
