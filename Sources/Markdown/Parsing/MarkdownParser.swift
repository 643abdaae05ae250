import CMarkGFM
import Synchronization

/// Where a reference like `[label]` leads.
struct LinkDefinition: Sendable, Hashable {
    var label: String
    var target: String
}

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
        for definition in definitions {
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
                linesBefore: definitions.count * 2,
                followsBlank: followsBlank
            )
            result = unsafe reader.blocks(of: document, depth: 0, base: MarkdownStyle(.text))
        }
        return result
    }

    /// The link reference definitions of a text, in its order.
    static func definitions(_ source: ProtectedSource) -> [LinkDefinition] {
        var result: [LinkDefinition] = []
        unsafe withParser { parser in
            // A blank line closes the paragraph that a definition would stand in.
            unsafe feed(source.bytes + [.newline], to: parser)
            var reference = unsafe facet_newest_reference(parser)
            while let current = unsafe reference {
                let label =
                    unsafe current.pointee.entry.label.map { unsafe String(cString: $0) } ?? ""
                let target = unsafe text(current.pointee.url)
                // A label with a mark in it names nothing but itself.
                if !label.utf8.contains(1), !target.contains(where: \.isNewline) {
                    result.append(LinkDefinition(label: label, target: source.restored(target)))
                }
                unsafe reference = unsafe facet_older_reference(current)
            }
            unsafe cmark_node_free(cmark_parser_finish(parser))
        }
        return result.reversed()
    }

    /// One text at a time: the library keeps what its extensions look for in global tables.
    private static let turn = Mutex(())

    private static func withParser(_ body: (UnsafeMutablePointer<cmark_parser>) -> Void) {
        turn.withLock { _ in
            guard isRegistered, let parser = unsafe facet_parser_new() else { return }
            defer { unsafe cmark_parser_free(parser) }
            unsafe body(parser)
        }
    }

    private static func feed(_ bytes: [UInt8], to parser: UnsafeMutablePointer<cmark_parser>) {
        unsafe bytes.withUnsafeBytes { buffer in
            unsafe cmark_parser_feed(
                parser,
                buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                buffer.count
            )
        }
    }

    private static func text(_ chunk: cmark_chunk) -> String {
        guard let data = unsafe chunk.data, unsafe chunk.len > 0 else { return "" }
        return unsafe String(
            decoding: UnsafeBufferPointer(start: data, count: Int(chunk.len)),
            as: UTF8.self
        )
    }
}

extension String {
    /// With backslashes before what has a meaning between `<` and `>`.
    fileprivate var escaped: String {
        reduce(into: "") { text, character in
            if "<>\\&".contains(character) { text.append("\\") }
            text.append(character)
        }
    }
}
