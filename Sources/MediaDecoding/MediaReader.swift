import Foundation
import Glibc
package import Media

/// Reads media files in a helper process: this program again, with a verb of its own.
///
/// A file is opened here and given to the helper open; what comes back is checked byte by byte.
/// Whatever a file does to the helper is a sentence here.
package struct MediaReader: MediaReading {
    private let program: String
    private let arguments: [String]
    private let limits: DecodingWorker.Limits

    /// - Parameters:
    ///   - program: the path of the program whose verb is `DecodingWorker.run`.
    ///   - arguments: the verb.
    ///   - limits: of each file.
    package init(
        program: String,
        arguments: [String] = ["decode-media"],
        limits: DecodingWorker.Limits = .init()
    ) {
        self.program = program
        self.arguments = arguments
        self.limits = limits
    }

    package func prepare(
        _ path: String,
        as kind: MediaKind?,
        _ settings: MediaSettings
    ) async throws(MediaError) -> PreparedMedia {
        let request = DecodingRequest.prepare(kind, settings)
        let media = try await decode(path, request)
        guard case .prepared(let content) = media.content else {
            throw .unusable(Sentences.garbage(path))
        }
        let notes = media.notes.map { Sentences.note($0, path) }
        return PreparedMedia(facts: media.facts, content: content, notes: notes)
    }

    package func preview(
        _ path: String,
        _ request: PreviewRequest
    ) async throws(MediaError) -> MediaPreview {
        let media = try await decode(path, .preview(request))
        guard case .preview(let pictures, let waveform) = media.content else {
            throw .unusable(Sentences.garbage(path))
        }
        return MediaPreview(
            facts: media.facts,
            pictures: pictures,
            waveform: waveform,
            notes: media.notes.map { Sentences.note($0, path) }
        )
    }

    /// What still works inside a helper: `facet_try_everything`'s bits; nil when there is no answer.
    package func probe() async -> Int? {
        let input = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { return nil }
        defer { close(input) }
        let words = arguments + limits.words + ["probe"]
        guard let child = ChildProcess(program, words, input: input) else { return nil }
        return await child.outcome(limit: 1, seconds: limits.seconds).bytes.first.map(
            Int.init
        )
    }

    /// Helpers at a time: a folder full of pictures must not become a machine full of processes.
    private static let turnstile = Turnstile(room: 3)

    private func decode(
        _ path: String,
        _ request: DecodingRequest
    ) async throws(MediaError) -> DecodedMedia {
        await Self.turnstile.enter()
        do throws(MediaError) {
            guard !Task.isCancelled else { throw .cancelled }
            let media = try await decodeNow(path, request)
            await Self.turnstile.leave()
            return media
        } catch {
            await Self.turnstile.leave()
            throw error
        }
    }

    private func decodeNow(
        _ path: String,
        _ request: DecodingRequest
    ) async throws(MediaError) -> DecodedMedia {
        let file = try MediaFile(path)
        let words = arguments + limits.words + request.words
        guard let child = ChildProcess(program, words, input: file.descriptor) else {
            throw .unusable(Sentences.noHelper(path, program))
        }
        let outcome = await withTaskCancellationHandler {
            await child.outcome(limit: request.answerLimit, seconds: limits.seconds)
        } onCancel: {
            child.kill()
        }
        guard !Task.isCancelled else { throw .cancelled }
        guard let result = try? DecodingAnswer.read(outcome.bytes, to: request) else {
            throw .unusable(Sentences.failed(outcome.end, path, limits))
        }
        switch result {
        case .success(let media): return media
        case .failure(let failure): throw .unusable(Sentences.failure(failure, path))
        }
    }
}
