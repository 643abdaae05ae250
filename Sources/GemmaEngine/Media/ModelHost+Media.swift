import ChatFormat
import Conversation
import Crypto
import Foundation
import Gemma
import Media

/// A request whose attachments have been looked at.
struct GatheredMedia {
    /// The request's messages; what the model cannot take in is words.
    var messages: [Message]
    /// What it can, in the order of the messages.
    var items: [MediaItem] = []
    /// What it cannot.
    var leftOut: [MediaReport] = []
}

extension ModelHost {
    /// Finds out what a request's attachments become in its prompt.
    ///
    /// What is not known from before is decoded, which other conversations need not wait for.
    /// - Throws: `EngineError` with a sentence that names the file, or the encoder to get.
    func gather(_ request: GenerationRequest) async throws(EngineError) -> GatheredMedia {
        var gathered = GatheredMedia(messages: request.messages)
        guard request.messages.contains(where: { $0.parts.contains(where: \.isMedia) }) else {
            return gathered
        }
        let asked = request.messages.lastIndex { $0.role == .user }
        for index in gathered.messages.indices {
            for (place, part) in gathered.messages[index].parts.enumerated() {
                guard case .attachment(let file) = part, let kind = file.kind.media else {
                    continue
                }
                let isWritten = Self.writesMedia(of: index, in: request)
                if isWritten, takes(kind) {
                    let before = Set(gathered.items.map(\.key))
                    gathered.items.append(try await item(file, kind, request, after: before))
                } else if isWritten, index == asked {
                    throw .unsupported(cannotTake(file, kind))
                } else {
                    gathered.leftOut.append(
                        MediaReport(
                            name: file.name,
                            step: .leftOut,
                            summary: isWritten
                                ? senses.missing ?? "It reads text only."
                                : "A prompt has no place for it there.",
                            softTokens: 0
                        )
                    )
                    let why = isWritten ? "this model cannot take in" : "is not given to the model"
                    gathered.messages[index].parts[place] = .text(
                        "\n[\(kind.noun) \(file.name), which \(why)]\n"
                    )
                }
            }
        }
        return gathered
    }

    /// Whether a prompt has a place for media of this message: none has one in a tool's result, nor in
    /// the system turn that it begins with.
    private static func writesMedia(of index: Int, in request: GenerationRequest) -> Bool {
        switch request.messages[index].role {
        case .tool: false
        case .system: index > 0 || !TemplateText.trimmed(request.systemPrompt).isEmpty
        case .user, .assistant: true
        }
    }

    private func takes(_ kind: MediaKind) -> Bool {
        kind == .sound ? senses.hears : senses.sees
    }

    private func cannotTake(_ file: Attachment, _ kind: MediaKind) -> String {
        "\(file.name) cannot be given to this model. "
            + (senses.missing ?? "It reads text only.")
    }

    private func item(
        _ file: Attachment,
        _ kind: MediaKind,
        _ request: GenerationRequest,
        after before: Set<String>
    ) async throws(EngineError) -> MediaItem {
        let budget = try budget(of: file)
        let settings = MediaSettings(
            budget: kind == .sound
                ? nil : budget ?? (kind == .video ? .frame : encoders?.pictureBudget ?? .picture),
            takesSoundtrack: kind == .video && senses.hears
        )
        let key = MediaItem.key(of: file, settings, encoders: encoderIdentity)
        var item = MediaItem(
            attachment: file,
            kind: kind,
            settings: settings,
            path: request.attachmentPaths[file.hash],
            key: key,
            layout: MediaLayout(items: [], summary: "", notes: [])
        )
        if let known = mediaLayouts[key] ?? softTokens?.find(key)?.layout, isReadable(known) {
            item.layout = known
        } else {
            let (prepared, layout) = try await decode(item)
            item.layout = layout
            keep(prepared, of: item, after: before)
        }
        mediaLayouts[key] = item.layout
        return item
    }

    /// Whether a layout that was kept by whomever can be read: a picture whose rows see each other
    /// takes one pass.
    private func isReadable(_ layout: MediaLayout) -> Bool {
        guard model.configuration.spansSeeAhead else { return true }
        return layout.items.allSatisfy { item in
            if case .sound = item { true } else { item.tokens <= model.batchSize }
        }
    }

    private func budget(of file: Attachment) throws(EngineError) -> TokenBudget? {
        guard let tokens = file.imageTokens else { return nil }
        guard let budget = TokenBudget(rawValue: tokens) else {
            throw .unsupported(
                "\(file.name) asks for \(tokens) tokens. A picture takes 70, 140, 280, 560 or 1120."
            )
        }
        guard budget.rawValue <= senses.imageTokens else {
            throw .unsupported(
                "\(file.name) asks for \(tokens) tokens, and this model was opened for pictures of "
                    + "\(senses.imageTokens). Open it with --image-tokens \(tokens)."
            )
        }
        return budget
    }

    /// Keeps a decoded file until it is encoded, in the place of one of another request when there are
    /// too many.
    ///
    /// Files are encoded in the order in which they were decoded: one that finds no room is decoded
    /// again when its turn comes, and takes none from those before it.
    private func keep(_ prepared: PreparedMedia, of item: MediaItem, after before: Set<String>) {
        preparedMedia.removeAll { $0.key == item.key }
        if preparedMedia.count == Self.preparedLimit {
            guard let other = preparedMedia.firstIndex(where: { !before.contains($0.key) }) else {
                return
            }
            preparedMedia.remove(at: other)
        }
        preparedMedia.append((item.key, prepared))
    }

    /// Decodes a file.
    private func decode(
        _ item: MediaItem
    ) async throws(EngineError) -> (PreparedMedia, MediaLayout) {
        guard let reader = mediaReader, let encoders else { throw .closed }
        guard let path = item.path else {
            throw .unsupported(
                "The file \(item.attachment.name) of this conversation is not there any more. "
                    + "Attach it again, or branch before it."
            )
        }
        let start = ContinuousClock.now
        do {
            guard await FileHash.matches(path, item.attachment.hash) else {
                throw EngineError.unsupported(
                    "\(item.attachment.name) is not any more what was attached. Attach it again."
                )
            }
            let prepared = try await reader.prepare(path, as: item.kind, item.settings)
            decodeSeconds[item.key] = Self.seconds(ContinuousClock.now - start)
            return (prepared, MediaLayout(of: prepared) { encoders.softTokens(samples: $0) })
        } catch MediaError.cancelled {
            throw .cancelled
        } catch let error as MediaError {
            throw .unsupported(error.userMessage)
        } catch let error as EngineError {
            throw error
        } catch { throw .failed("\(error)") }
    }

    /// Files that are decoded and not yet encoded.
    private static let preparedLimit = 8

    /// The soft tokens of everything that a prompt holds beyond what was read; nil when cancelled.
    ///
    /// - Parameters:
    ///   - items: what the prompt holds.
    ///   - spans: where.
    ///   - held: ids that need not be read.
    ///   - context: gives others their turn between two pictures; nil has no turns.
    ///   - emit: told of each file while it is encoded and when it is ready.
    /// - Returns: by key.
    /// - Throws: `EngineError` with a sentence that names the file.
    func encode(
        _ items: [MediaItem],
        _ spans: [MediaSpan],
        beyond held: Int,
        _ context: Context?,
        _ emit: (GenerationEvent) -> Void
    ) async throws(EngineError) -> [String: SoftTokens]? {
        var tokens: [String: SoftTokens] = [:]
        let needed = Set(spans.filter { $0.range.upperBound > held }.map(\.key))
        for item in items where needed.contains(item.key) && tokens[item.key] == nil {
            var encodeSeconds: Double?
            if let known = softTokens?.find(item.key), known.layout.items == item.layout.items {
                tokens[item.key] = known
            } else {
                guard let made = try await encode(item, context, emit) else { return nil }
                encodeSeconds = made.seconds
                // A replay, which has no context, is of a session.
                softTokens?.keep(made.tokens, for: item.key, onDisk: context?.isKept ?? true)
                tokens[item.key] = made.tokens
            }
            let decoding = decodeSeconds.removeValue(forKey: item.key)
            emit(
                .media(
                    item.report(
                        .ready(decodeSeconds: decoding, encodeSeconds: encodeSeconds)
                    )
                )
            )
        }
        return tokens
    }

    private func encode(
        _ item: MediaItem,
        _ context: Context?,
        _ emit: (GenerationEvent) -> Void
    ) async throws(EngineError) -> (tokens: SoftTokens, seconds: Double)? {
        guard let encoders else { throw .closed }
        var prepared: PreparedMedia
        if let place = preparedMedia.firstIndex(where: { $0.key == item.key }) {
            prepared = preparedMedia.remove(at: place).media
        } else {
            // Decoding takes a while, in which others have their turns. What is written of this
            // conversation meanwhile is not to be gone on with.
            if let context { leave(context) }
            defer {
                if let context {
                    join(context)
                    context.edition += 1
                }
            }
            prepared = try await decode(item).0
        }
        // A file that decodes otherwise than it did would leave slots without rows.
        let layout = MediaLayout(of: prepared) { encoders.softTokens(samples: $0) }
        guard layout.items == item.layout.items else {
            mediaLayouts[item.key] = nil
            throw .failed("\(item.attachment.name) changed while it was read. Ask again.")
        }
        var computing = Duration.zero
        var rows: [Float] = []
        rows.reserveCapacity(layout.softTokens * encoders.textWidth)
        let pieces = prepared.pieces
        for (index, piece) in pieces.enumerated() {
            emit(.media(item.report(.encoding(done: index, of: pieces.count))))
            let start = ContinuousClock.now
            guard let encoded = encoders.encode(piece, precision: options.precision) else {
                return nil
            }
            computing += ContinuousClock.now - start
            rows += encoded
            if let context { await giveTurn(context) }
            if Task.isCancelled { return nil }
        }
        guard rows.count == layout.softTokens * encoders.textWidth else {
            throw .failed("\(item.attachment.name) was encoded to another length than planned.")
        }
        return (SoftTokens(layout: layout, rows: rows), Self.seconds(computing))
    }
}

extension MediaItem {
    fileprivate func report(_ step: MediaReport.Step) -> MediaReport {
        MediaReport(
            name: attachment.name,
            step: step,
            summary: layout.summary,
            softTokens: layout.softTokens,
            notes: layout.notes
        )
    }
}

extension MediaKind {
    fileprivate var noun: String {
        switch self {
        case .picture: "Picture"
        case .sound: "Sound"
        case .video: "Video"
        }
    }
}

extension Part {
    fileprivate var isMedia: Bool {
        if case .attachment(let file) = self { file.kind.media != nil } else { false }
    }
}
