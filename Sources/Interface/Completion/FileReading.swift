package import Conversation

/// Files that are wanted for a conversation.
package struct FileRequest: Sendable, Hashable {
    package enum Purpose: Sendable, Hashable {
        /// Chips for the draft, in place of this text if it still stands there.
        case attach(replacing: String?)
        /// What goes with a message that is about to be sent: media are kept before the answer.
        case send
    }

    package var session: String
    /// What stands for it among the places of the draft.
    package var number = 0
    package var paths: [String]
    package var purpose: Purpose
    /// How files go that nobody said more about.
    package var options: AttachOptions
    /// How single files go, by path.
    package var chosen: [String: AttachOptions] = [:]

    package init(
        session: String,
        paths: [String],
        purpose: Purpose,
        options: AttachOptions = AttachOptions()
    ) {
        self.session = session
        self.paths = paths
        self.purpose = purpose
        self.options = options
    }
}

/// What became of reading one file.
package enum FileReading: Sendable, Hashable {
    /// With the absolute path.
    case text(String, path: String)
    case missing
    case folder
    case tooLarge(bytes: Int)
    /// A picture, sound or video, with the absolute path; on sending, the copy that was kept.
    case media(FilePreview, path: String, sizeInBytes: Int, kept: Attachment?)
    /// The texts of a pattern's files or of a document.
    case texts(TextBundle)
    /// Pages of a document as pictures.
    case pages(PageReading)
    /// A picture, sound or video that no model could be given; the sentence says why.
    case unusable(String)
    /// Neither text nor media.
    case binary
    /// The reason in a few words.
    case unreadable(String)

    /// Bytes that a file may have as part of a message.
    package static let largest = 256 << 10

    /// The pattern that names all files below a folder.
    package static func pattern(below folder: String) -> String {
        var folder = folder[...]
        while folder.last == "/" { folder.removeLast() }
        return folder + "/**"
    }

    /// Why it is not attached, as a sentence; nil when it was read.
    package func refusal(of path: String) -> String? {
        let name = "\"\(path)\""
        return switch self {
        case .text, .media, .texts, .pages: nil
        case .unusable(let sentence): sentence
        case .missing: "There is no file \(name). Check the path; ~ is your home folder."
        case .folder:
            "\(name) is a folder. Name a file in it, or several by a pattern: "
                + "@\(Self.pattern(below: path))."
        case .tooLarge(let bytes):
            "\(name) has \(bytes.bytes); a file in a message may have \(Self.largest.bytes) at most. "
                + "Attach a part of it."
        case .binary:
            "\(name) is neither text nor a picture, sound or video, so it cannot be attached. "
                + "Convert it first."
        case .unreadable(let reason): "\(name) can't be read: \(reason)."
        }
    }
}

/// A text that goes before a message.
package struct Document: Sendable, Hashable {
    package var name: String
    package var text: String

    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// Reads what `whole` wrote; nil for any other text.
    init?(whole: String) {
        guard let end = whole.firstIndex(where: \.isNewline), whole.hasSuffix("\n\n"),
            whole[..<end].last == ":", whole[end...].hasPrefix("\n\n"), end > whole.startIndex
        else { return nil }
        name = String(whole[..<end].dropLast())
        text = String(whole[whole.index(end, offsetBy: 2)...].dropLast(2))
    }

    /// As the model is given it.
    package var whole: String { "\(name):\n\n\(text)\n\n" }
}

extension Message {
    /// What a person said, without the documents before it.
    var question: String {
        parts.map { part in
            guard case .text(let text) = part, part == parts.last || Document(whole: text) == nil
            else { return "" }
            return text
        }
        .joined()
    }

    /// Whether a part is a document that goes before what a person said.
    func isDocument(_ index: Int) -> Bool {
        guard index + 1 < parts.count, case .text(let text) = parts[index] else { return false }
        return Document(whole: text) != nil
    }

    /// The documents that go before what a person said.
    var documents: [String] {
        parts.dropLast().compactMap { part in
            if case .text(let text) = part, Document(whole: text) != nil { text } else { nil }
        }
    }
}
