import ArgumentParser
import Conversation
import Foundation
import SessionStore

/// The pictures, videos and sounds of `facet ask`.
struct MediaArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("A picture to look at (repeatable).", valueName: "path"),
        completion: .file()
    )
    var image: [String] = []

    @Option(
        help: ArgumentHelp("A video to look at (repeatable).", valueName: "path"),
        completion: .file()
    )
    var video: [String] = []

    @Option(
        help: ArgumentHelp("A sound to listen to (repeatable).", valueName: "path"),
        completion: .file()
    )
    var audio: [String] = []

    var isEmpty: Bool { image.isEmpty && video.isEmpty && audio.isEmpty }

    /// Copies the files to the session's, if there is one.
    ///
    /// - Parameters:
    ///   - session: where the question is kept; nil keeps nothing, and the files are read in place.
    ///   - others: files that turned out to be media.
    ///   - imageTokens: what a picture may take, when that was said.
    /// - Returns: what the question holds, pictures first, and where the bytes are.
    /// - Throws: `Failure` naming the file that cannot be read or copied.
    func attach(
        to session: OpenSession?,
        besides others: [(path: String, kind: Attachment.Kind)],
        imageTokens: Int?
    ) throws -> (attachments: [Attachment], paths: [String: String]) {
        let store = session.map { AttachmentStore(folder: $0.folder) }
        let files: [(String, Attachment.Kind)] =
            image.map { ($0, .image) } + video.map { ($0, .video) } + audio.map { ($0, .audio) }
            + others.map { ($0.path, $0.kind) }
        var attachments: [Attachment] = []
        var paths: [String: String] = [:]
        for (path, kind) in files {
            let type = try? FileManager.default.attributesOfItem(atPath: path)[.type]
            switch type as? FileAttributeType {
            case .typeDirectory:
                throw Failure("\(path) is a folder. Name one of its files.", .usage)
            case .typeRegular, .typeSymbolicLink, nil: break
            default:
                throw Failure("\(path) is no regular file. Save it as a file first.", .usage)
            }
            do {
                var attachment: Attachment
                if let store {
                    attachment = try store.add(file: path, name: nil, kind: kind)
                    paths[attachment.hash] = store.path(of: attachment)
                } else {
                    attachment = try AttachmentStore.describe(file: path, kind: kind)
                    paths[attachment.hash] = path
                }
                if kind == .image { attachment.imageTokens = imageTokens }
                attachments.append(attachment)
            } catch { throw Failure(error) }
        }
        return (attachments, paths)
    }
}
