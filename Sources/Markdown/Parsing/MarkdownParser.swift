import CMarkGFM
import Synchronization

/// The Markdown parser: text in, values out.
enum MarkdownParser {
    /// The extensions are registered once for the process.
    private static let isRegistered: Bool = {
        cmark_gfm_core_extensions_ensure_registered()
        return true
    }()

    /// Parses a text.
    ///
    /// - Parameters:
    ///   - source: The text, made ready.
    ///   - definitions: What references of the text may name beside its own definitions.
    ///   - followsBlank: A blank line stands before the text.
    /// - Returns: The top-level blocks.
    static func blocks(
        _ source: ProtectedSource,
        definitions: [LinkDefinition] = [],
        followsBlank: Bool = false
    ) -> [Block] {
        var preface = ""
        var labels: Set<String> = []
        for definition in definitions + source.definitions
        where labels.insert(LinkLabels.key(definition.label)).inserted {
            preface += "[\(definition.label)]: <\(definition.target.escaped)>\n\n"
        }
        var result: [Block] = []
        unsafe withParser { parser in
            unsafe feed(Array(preface.utf8), to: parser)
            unsafe feed(source.bytes, to: parser)
            guard let document = unsafe cmark_parser_finish(parser) else { return }
            defer { unsafe cmark_node_free(document) }
            let reader = TreeReader(
                source: source,
                linesBefore: labels.count * 2,
                followsBlank: followsBlank
            )
            result = unsafe reader.blocks(of: document, depth: 0, base: MarkdownStyle(.text))
        }
        return result
    }

    /// One text at a time: the library keeps what its extensions look for in global tables.
    private static let turn = Mutex(())

    private static func withParser(_ body: (OpaquePointer) -> Void) {
        turn.withLock { _ in
            guard isRegistered, let parser = unsafe facet_parser_new() else { return }
            defer { unsafe cmark_parser_free(parser) }
            unsafe body(parser)
        }
    }

    private static func feed(_ bytes: [UInt8], to parser: OpaquePointer) {
        unsafe bytes.withUnsafeBytes { buffer in
            unsafe cmark_parser_feed(
                parser,
                buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                buffer.count
            )
        }
    }
}

extension String {
    /// With backslashes before what has a meaning between `<` and `>`.
    fileprivate var escaped: String {
        // Scalar by scalar: with what stands before it such a mark can be one character.
        unicodeScalars.reduce(into: "") { text, scalar in
            if "<>\\&".unicodeScalars.contains(scalar) { text.append("\\") }
            text.unicodeScalars.append(scalar)
        }
    }
}
