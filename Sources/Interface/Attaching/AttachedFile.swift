package import Conversation
package import Media

/// A file that goes with a message.
package struct AttachedFile: Sendable, Hashable {
    /// What goes of it.
    package enum Content: Sendable, Hashable {
        /// Its text, before the message.
        case text
        /// Itself: a picture, sound or video.
        case media(MediaKind)
        /// The texts of so many files that a pattern names.
        case tree(count: Int)
        /// A document's pages, as text or as pictures.
        case document(PageChoice)
    }

    /// Where it is, absolute; empty for one that is kept already.
    package var path: String
    package var sizeInBytes: Int
    package var content: Content
    /// Tokens that its picture or each of its frames may take; nil leaves it to the configuration.
    package var budget: TokenBudget?
    /// What the message holds, for a file that an earlier version of the message had.
    package var kept: Attachment?
    /// Tokens that its text might have; nil leaves it to the size.
    package var textTokens: Int?

    package init(
        path: String,
        sizeInBytes: Int,
        content: Content = .text,
        budget: TokenBudget? = nil,
        textTokens: Int? = nil
    ) {
        self.textTokens = textTokens
        self.path = path
        self.sizeInBytes = sizeInBytes
        self.content = content
        self.budget = budget
    }

    /// A file that was sent with an earlier version of the message; nil for what is no media.
    init?(kept attachment: Attachment) {
        guard let kind = attachment.kind.media else { return nil }
        self.init(path: "", sizeInBytes: attachment.sizeInBytes, content: .media(kind))
        budget = attachment.imageTokens.flatMap(TokenBudget.init(rawValue:))
        kept = attachment
    }

    package var name: String {
        if let kept { return kept.name }
        if case .tree = content { return patternName }
        return path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The last parts of a pattern, from the first that holds a sign on.
    private var patternName: String {
        let parts = path.split(separator: "/")
        let first = parts.firstIndex { GlobPattern.isPattern(String($0)) } ?? 0
        return parts[max(0, first - 1)...].joined(separator: "/")
    }

    /// Whether a message would hold both only once.
    func isSame(as other: AttachedFile) -> Bool {
        path.isEmpty ? kept?.hash == other.kept?.hash : path == other.path
    }

    /// Tokens that its text might have.
    var estimate: Int { textTokens ?? TokenEstimate.tokens(bytes: sizeInBytes) }

    /// How it is to be read again; nil when nobody said.
    var options: AttachOptions? {
        // The pictures that a pattern named have chips of their own.
        if case .tree = content { return AttachOptions(takesTextsOnly: true) }
        if case .document(let choice) = content {
            return AttachOptions(budget: budget, pages: choice)
        }
        return budget.map { AttachOptions(budget: $0) }
    }

    /// What the message holds, with the tokens that are wanted now.
    var keptWithBudget: Attachment? {
        var attachment = kept
        attachment?.imageTokens = budget?.rawValue
        return attachment
    }

    /// How the message speaks of it.
    var mention: String { "@" + PathText.quoted(name) }

    var isMedia: Bool { if case .media = content { true } else { false } }

    /// What a preview of it is asked for by; nil for texts.
    package var source: MediaSource? {
        guard isMedia else { return nil }
        return kept.map { .kept($0) } ?? .file(path)
    }
}

extension Attachment.Kind {
    /// What it is to a model that sees and hears; nil for what is neither.
    package var media: MediaKind? {
        switch self {
        case .image: .picture
        case .audio: .sound
        case .video: .video
        case .file: nil
        }
    }

    package init(_ kind: MediaKind) {
        switch kind {
        case .picture: self = .image
        case .sound: self = .audio
        case .video: self = .video
        }
    }
}

extension Attachment.Kind {
    /// How a person is told what it is.
    var word: String {
        switch self {
        case .image: "picture"
        case .audio: "sound"
        case .video: "video"
        case .file: "file"
        }
    }
}
