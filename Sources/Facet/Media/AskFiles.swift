import Conversation
import Foundation
import Interface
import Media
import MediaDecoding

/// The files of `facet ask --file`: texts, patterns, PDF files, and whatever a model sees or hears.
struct AskFiles {
    private(set) var documents: [(name: String, text: String)] = []
    /// Files that are no text, by what they hold.
    private(set) var media: [(path: String, kind: Attachment.Kind)] = []

    /// Reads files in their order; what is left out of them is said on stderr.
    ///
    /// - Parameter paths: or patterns, as `src/**/*.swift`.
    /// - Throws: `Failure` naming the file that cannot be used.
    init(_ paths: [String]) async throws {
        for path in paths { try await read(path) }
    }

    private mutating func read(_ path: String) async throws {
        let found = LocalFiles.read(path)
        switch found {
        case .reading(.missing):
            guard let pattern = GlobPattern(path) else { throw refused(.missing, path) }
            try await read(pattern, path)
        case .reading(let reading):
            // Large texts are a document too; the interface has its own limit.
            if case .tooLarge = reading {
                documents.append((Self.name(path), try TextFile.read(path)))
            } else if case .text(let text, _) = reading {
                documents.append((Self.name(path), text))
            } else {
                throw refused(reading, path)
            }
        case .document: try await readDocument(path)
        case .data(let file, _, let looksLikeMedia):
            do { try await readMedia(file) } catch {
                guard !looksLikeMedia else { throw error }
                throw Failure(
                    "\(path) is neither UTF-8 text nor a picture, sound, video or PDF file that is "
                        + "read here. Convert it first; text for example with iconv."
                )
            }
        }
    }

    /// The texts that a pattern names, and its pictures, sounds and videos.
    private mutating func read(_ pattern: GlobPattern, _ path: String) async throws {
        var found: [String]? = []
        let reading = LocalFiles.texts(of: pattern, path: path, media: &found)
        guard case .texts(let bundle) = reading else { throw refused(reading, path) }
        for note in bundle.notes { Console.complain(note) }
        documents += bundle.documents.map { ($0.name, $0.text) }
        let shown = found ?? []
        for file in shown.prefix(TextBundle.mostMedia) { try await readMedia(file) }
        if shown.count > TextBundle.mostMedia {
            Console.complain(
                "\(path): \(shown.count - TextBundle.mostMedia) more pictures, sounds or videos are left "
                    + "out; \(TextBundle.mostMedia) are taken at most."
            )
        }
    }

    private mutating func readDocument(_ path: String) async throws {
        let text: DocumentText
        do { text = try await SenseOptions.documents.text(path) } catch {
            throw Failure(error.userMessage)
        }
        for note in text.notes { Console.complain(note) }
        guard !text.holdsNoText else {
            throw Failure(
                "\(path) holds no text, only pictures. Make pictures of its pages (pdftoppm -png "
                    + "FILE page) and give them with --image."
            )
        }
        documents.append((Self.name(path), text.pages.joined(separator: "\n\n")))
    }

    private mutating func readMedia(_ path: String) async throws {
        do {
            let request = PreviewRequest(maxWidth: 1, maxHeight: 1)
            switch try await SenseOptions.reader.preview(path, request).facts.kind {
            case .picture: media.append((path, .image))
            case .sound: media.append((path, .audio))
            case .video: media.append((path, .video))
            }
        } catch { throw Failure(error.userMessage) }
    }

    private func refused(_ reading: FileReading, _ path: String) -> Failure {
        if case .folder = reading {
            return Failure(
                "\"\(path)\" is a folder. Name a file in it, or several by a pattern: "
                    + "--file '\(FileReading.pattern(below: path))'."
            )
        }
        return Failure(reading.refusal(of: path) ?? "Can't read \(path).")
    }

    private static func name(_ path: String) -> String {
        URL(filePath: path).lastPathComponent
    }
}
