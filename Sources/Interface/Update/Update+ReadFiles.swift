import Conversation
import Media

/// Files that were read, as they go with the draft.
extension AppState {
    /// Files as they go with a message; none for what cannot.
    mutating func attached(
        _ reading: FileReading,
        _ options: AttachOptions
    ) -> [AttachedFile] {
        switch reading {
        case .text(let text, let path):
            return [
                AttachedFile(
                    path: path,
                    sizeInBytes: text.utf8.count,
                    textTokens: TokenEstimate.tokens(of: text)
                )
            ]
        case .media(let preview, let path, let size, _):
            let file = AttachedFile(
                path: path,
                sizeInBytes: size,
                content: .media(preview.facts.kind),
                budget: options.budget
            )
            if let source = file.source { media.take(.there(preview), of: source) }
            return [file]
        case .texts(let bundle):
            if !bundle.notes.isEmpty { show(bundle.notes.joined(separator: " ")) }
            let texts = AttachedFile(
                path: bundle.path,
                sizeInBytes: bundle.sizeInBytes,
                content: bundle.content,
                textTokens: bundle.tokens
            )
            return (bundle.documents.isEmpty ? [] : [texts])
                + bundle.media.flatMap { attached($0, options) }
        case .pages(let pages):
            return [
                AttachedFile(
                    path: pages.path,
                    sizeInBytes: pages.sizeInBytes,
                    content: .document(pages.choice),
                    budget: options.budget
                )
            ]
        default: return []
        }
    }
}

extension AttachOptions {
    /// Why a file cannot go in this way; nil when it can.
    func problem(with file: AttachedFile) -> String? {
        let name = file.name.firstLine
        if pages != nil {
            guard case .document = file.content else {
                return "\(name) is no PDF file, so it has no pages to choose. Nothing is attached."
            }
        }
        if budget != nil, !file.isSeen {
            return "\(name) goes as \(file.isMedia ? "sound" : "text"), which takes no tokens of a "
                + "picture. Nothing is attached."
        }
        return nil
    }
}
