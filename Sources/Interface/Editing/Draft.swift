import Conversation
import Media

/// An unfinished message as it is kept from start to start, readable in a file.
package struct Draft: Sendable, Hashable, Codable {
    /// A stretch of the draft: exactly one of its texts is set.
    package struct Piece: Sendable, Hashable, Codable {
        var text: String?
        var paste: String?
        /// The path of an attached file.
        var file: String?
        var bytes: Int?
        /// `picture`, `sound` or `video`; nil for a text.
        var media: String?
        /// Tokens that a picture may take.
        var tokens: Int?
        /// How many files a pattern names.
        var files: Int?
        /// Pages of a document, as `1-3` or `all`; pictures of them when that is so.
        var pages: String?
        var asPictures: Bool?
        /// Of a file that an earlier version of the message had; `file` is its name then.
        var hash: String?
        /// Tokens that its text might have.
        var textTokens: Int?
    }

    var pieces: [Piece]
    var caret: Int?
    /// Messages that waited for an answer to end, oldest first.
    var queued: [[Piece]]?

    package init(_ contents: Editor.Contents, queued: [Editor.Contents] = []) {
        pieces = Self.pieces(of: contents)
        caret = contents.caret
        self.queued = queued.isEmpty ? nil : queued.map(Self.pieces)
    }

    /// The draft again; what waited comes before it.
    package var contents: Editor.Contents {
        var editor = Editor()
        editor.begin(with: Self.contents(of: pieces, caret: caret))
        editor.prepend((queued ?? []).map { Self.contents(of: $0, caret: nil) })
        return editor.contents
    }

    private static func pieces(of contents: Editor.Contents) -> [Piece] {
        var pieces: [Piece] = []
        var text = ""
        func endText() {
            if !text.isEmpty { pieces.append(Piece(text: text)) }
            text = ""
        }
        for scalar in contents.text.unicodeScalars {
            switch contents.chips[scalar] {
            case nil: text.unicodeScalars.append(scalar)
            case .paste(let pasted):
                endText()
                pieces.append(Piece(paste: pasted))
            case .file(let file):
                endText()
                pieces.append(Piece(file))
            }
        }
        endText()
        return pieces
    }

    private static func contents(of pieces: [Piece], caret: Int?) -> Editor.Contents {
        let written = pieces.compactMap(\.text).joined()
        var contents = Editor.Contents()
        for piece in pieces {
            var content: Chips.Content?
            if let paste = piece.paste { content = .paste(paste) }
            if let file = piece.attached { content = .file(file) }
            if let content, let chip = contents.chips.add(content, absentFrom: written) {
                contents.text.unicodeScalars.append(chip)
            } else {
                contents.text += Editor.withPlainLineEnds(piece.text ?? "")
            }
        }
        contents.caret = caret ?? contents.text.utf8.count
        return contents
    }
}

extension Draft.Piece {
    fileprivate init(_ file: AttachedFile) {
        self.file = file.kept?.name ?? file.path
        bytes = file.sizeInBytes
        tokens = file.budget?.rawValue
        textTokens = file.textTokens
        hash = file.kept?.hash
        switch file.content {
        case .text: break
        case .media(let kind): media = kind.rawValue
        case .tree(let count): files = count
        case .document(let choice):
            pages = choice.pages.map { "\($0.lowerBound)-\($0.upperBound)" } ?? "all"
            files = choice.count
            asPictures = choice.arePictures ? true : nil
        }
    }

    fileprivate var attached: AttachedFile? {
        guard let file else { return nil }
        let size = max(0, bytes ?? 0)
        let kind = media.flatMap(MediaKind.init(rawValue:))
        let budget = tokens.flatMap(TokenBudget.init(rawValue:))
        if let hash, let kind {
            let kept = Attachment(
                kind: Attachment.Kind(kind),
                name: file,
                hash: hash,
                sizeInBytes: size,
                imageTokens: budget?.rawValue
            )
            return AttachedFile(kept: kept)
        }
        return AttachedFile(
            path: file,
            sizeInBytes: size,
            content: content(kind),
            budget: budget,
            textTokens: textTokens.map { max(0, $0) }
        )
    }

    private func content(_ kind: MediaKind?) -> AttachedFile.Content {
        if let kind { return .media(kind) }
        let count = max(0, files ?? 0)
        if let pages {
            return .document(
                PageChoice(
                    pages: PageChoice.range(pages),
                    arePictures: asPictures == true,
                    count: count
                )
            )
        }
        return files == nil ? .text : .tree(count: count)
    }
}
