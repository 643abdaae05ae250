import Conversation
import Foundation
import Interface
import Media
import Pictures
import SessionStore
import Synchronization
import TerminalCore

/// Files that go with messages: reads them, keeps copies of media, shows them in small.
///
/// Copies of a private conversation lie in a folder of this process that goes with it.
final class AttachmentDesk: Sendable {
    private let reader: any MediaReading
    let documents: any DocumentReading
    private let store: AttachmentStore
    private let ownFolder = Mutex<String?>(nil)
    /// Draws what is shown.
    let pictures = PictureShelf()

    /// - Parameters:
    ///   - reader: decodes media.
    ///   - documents: reads PDF files.
    ///   - sessions: the folder of the sessions.
    init(reader: any MediaReading, documents: any DocumentReading, sessions: String) {
        self.reader = reader
        self.documents = documents
        store = AttachmentStore(folder: sessions)
    }

    /// Reads files in their order; media are kept when they are to be sent.
    func read(_ request: FileRequest, isPrivate: Bool) async -> [FileReading] {
        var readings: [FileReading] = []
        for path in request.paths {
            let job = Job(
                keeps: request.purpose == .send,
                isPrivate: isPrivate,
                options: request.chosen[path] ?? request.options
            )
            readings.append(await read(path, job))
        }
        return readings
    }

    /// How a file is read.
    struct Job {
        /// It is about to be sent.
        var keeps: Bool
        var isPrivate: Bool
        var options: AttachOptions
    }

    func read(_ path: String, _ job: Job) async -> FileReading {
        let found = LocalFiles.read(path)
        if case .reading(.missing) = found, let pattern = GlobPattern(path) {
            return await read(pattern, path, job)
        }
        if case .document(let path, let size) = found {
            return await read(document: path, size, job)
        }
        guard case .data(let path, let size, let looksLikeMedia) = found else {
            if case .reading(let reading) = found { return reading }
            return .binary
        }
        do throws(MediaError) {
            let preview = drawn(try await reader.preview(path, Self.request))
            guard job.keeps else {
                return .media(preview, path: path, sizeInBytes: size, kept: nil)
            }
            let kind = Attachment.Kind(preview.facts.kind)
            do throws(SessionError) {
                let kept = try store(job).add(file: path, name: nil, kind: kind)
                return .media(preview, path: path, sizeInBytes: kept.sizeInBytes, kept: kept)
            } catch {
                return .unusable(error.userMessage)
            }
        } catch {
            return looksLikeMedia ? .unusable(error.userMessage) : .binary
        }
    }

    func store(_ job: Job) throws(SessionError) -> AttachmentStore {
        try job.isPrivate ? privateStore() : store
    }

    /// Looks at a media file.
    func preview(of source: MediaSource) async -> PreviewOutcome {
        let path: String
        switch source {
        case .file(let file): path = file
        case .kept(let attachment):
            guard let copy = self.path(of: attachment) else {
                return .failed(
                    SessionError.attachmentMissing(name: attachment.name, folder: store.folder)
                        .userMessage
                )
            }
            path = copy
        }
        do throws(MediaError) {
            return .there(drawn(try await reader.preview(path, Self.request)))
        } catch {
            guard case .kept(let attachment) = source, (try? store.isWhole(path)) == false else {
                return .failed(error.userMessage)
            }
            let damage = SessionError.attachmentDamaged(name: attachment.name, path: path)
            return .failed(damage.userMessage)
        }
    }

    /// Where the bytes of messages' files are, by hash.
    func paths(of messages: [Message]) -> [String: String] {
        var paths: [String: String] = [:]
        for attachment in messages.flatMap(\.attachments) where paths[attachment.hash] == nil {
            paths[attachment.hash] = path(of: attachment)
        }
        return paths
    }

    /// Removes what was kept for private conversations.
    func close() {
        guard let folder = ownFolder.withLock({ $0 }) else { return }
        try? FileManager.default.removeItem(atPath: folder)
    }

    // MARK: - Copies

    private func path(of attachment: Attachment) -> String? {
        if let path = store.path(of: attachment) { return path }
        return ownFolder.withLock { $0 }.flatMap {
            AttachmentStore(folder: $0).path(of: attachment)
        }
    }

    /// A folder that goes with the process; nil when none can be made.
    var privateFolder: String? { try? privateStore().sessions }

    private func privateStore() throws(SessionError) -> AttachmentStore {
        let made: Result<String, SessionError> = ownFolder.withLock { folder in
            if let folder { return .success(folder) }
            let temporary = FileManager.default.temporaryDirectory.path
            var template = Array("\(temporary)/facet-private-XXXXXX".utf8CString)
            // Only its owner may look into it.
            let isMade = unsafe template.withUnsafeMutableBufferPointer { buffer in
                unsafe buffer.baseAddress.map { unsafe mkdtemp($0) != nil } ?? false
            }
            guard isMade else {
                return .failure(SessionError(code: errno, "write", temporary))
            }
            let path = String(
                decoding: template.dropLast().map { UInt8(bitPattern: $0) },
                as: UTF8.self
            )
            folder = path
            return .success(path)
        }
        return AttachmentStore(folder: try made.get())
    }

    // MARK: - Drawing

    /// Large enough for the large form on a screen with cells of 10 x 20 pixels.
    private static let request = PreviewRequest(
        maxWidth: FilePreview.largeSize.width * 10,
        maxHeight: FilePreview.largeSize.height * 20,
        frames: PreviewRequest.maxFrames,
        columns: FilePreview.largeSize.width
    )

    private func drawn(_ preview: MediaPreview) -> FilePreview {
        let several = preview.pictures.count > 1
        let large = several ? FilePreview.frameSize : FilePreview.largeSize
        let small = several ? FilePreview.smallFrameSize : FilePreview.smallSize
        return FilePreview(
            facts: preview.facts,
            small: preview.pictures.compactMap { pictures.draw($0, within: small) },
            large: preview.pictures.compactMap { pictures.draw($0, within: large) },
            waveform: preview.waveform,
            notes: preview.notes
        )
    }
}
