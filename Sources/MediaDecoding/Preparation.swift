import CFFmpeg
package import Media

/// What a helper is asked for.
package enum DecodingRequest: Sendable, Hashable {
    case prepare(MediaKind?, MediaSettings)
    case preview(PreviewRequest)
}

/// What it answers; sentences are not its business.
package struct DecodedMedia: Sendable, Hashable {
    package enum Content: Sendable, Hashable {
        case prepared(PreparedMedia.Content)
        case preview(pictures: [Picture], waveform: [Float])
    }

    package var facts: MediaFacts
    package var content: Content
    package var notes: [DecodingNote]
}

/// Decodes a file and makes it ready: the work of the helper process.
@safe struct Preparation {
    private let av: UnsafePointer<facet_ffmpeg>
    private let source: ByteSource

    init(_ source: ByteSource) throws(DecodingFailure) {
        unsafe av = try Libav.functions()
        self.source = source
    }

    /// - Throws: `DecodingFailure`.
    func answer(_ request: DecodingRequest) throws(DecodingFailure) -> DecodedMedia {
        guard source.size > 0 else { throw .cutOff }
        let isCut = ContainerEnd.isMissing(source)
        do throws(DecodingFailure) {
            var media = try decode(request)
            if isCut, media.facts.kind != .picture { media.notes.insert(.endMissing, at: 0) }
            return media
        } catch {
            // What is wrong with a file that is cut is that it is cut.
            if isCut, [.unknownType, .damaged, .noFrames, .noSound].contains(error) { throw .cutOff }
            throw error
        }
    }

    private func decode(_ request: DecodingRequest) throws(DecodingFailure) -> DecodedMedia {
        switch request {
        case .prepare(let kind, let settings): try prepare(kind, settings)
        case .preview(let request): try preview(request)
        }
    }

    /// A still picture, when the file is one that may be taken for it.
    private func still(_ kind: MediaKind?) throws(DecodingFailure) -> StillDecoder.Still? {
        // An animation is a video only where one was asked for.
        if kind == .video, source.bytes(from: 0, count: 4).elementsEqual("GIF8".utf8) { return nil }
        guard let still = try unsafe StillDecoder(av).decode(source) else { return nil }
        guard kind == nil || kind == .picture else { throw .wrongKind(.picture) }
        return still
    }

    private func prepare(
        _ kind: MediaKind?,
        _ settings: MediaSettings
    ) throws(DecodingFailure) -> DecodedMedia {
        if let still = try still(kind) {
            let resized = try Self.resize(still.picture, settings.budget ?? .picture)
            return DecodedMedia(
                facts: still.facts,
                content: .prepared(.picture(resized)),
                notes: still.notes
            )
        }
        let container = try unsafe Container(av, source)
        let found: MediaKind = unsafe container.stream(AVMEDIA_TYPE_VIDEO) == nil ? .sound : .video
        if kind == .picture { throw .wrongKind(found) }
        if kind == .sound || found == .sound {
            if kind == .video { throw .wrongKind(.sound) }
            let result = try unsafe SoundDecoder(av).decode(container)
            return DecodedMedia(
                facts: .sound(result.facts),
                content: .prepared(.sound(result.sound)),
                notes: result.notes
            )
        }
        let budget = settings.budget ?? .frame
        let video = try unsafe VideoDecoder(av, source).decode(
            wanted: settings.frameCount,
            among: { $0 },
            shrink: { picture throws(DecodingFailure) in try Self.resize(picture, budget) }
        )
        let track = try soundtrack()
        var facts = video.facts
        facts.sound = track.result?.facts
        var notes: [DecodingNote] = []
        if video.frames.count < facts.frameCount {
            notes.append(.framesSampled(taken: video.frames.count, total: facts.frameCount))
        }
        if settings.takesSoundtrack { notes += track.notes }
        return DecodedMedia(
            facts: .video(facts),
            content: .prepared(
                .video(
                    video.frames.map {
                        VideoFrame(picture: $0.picture, index: $0.index, seconds: $0.seconds)
                    },
                    sound: settings.takesSoundtrack ? track.result?.sound : nil
                )
            ),
            notes: notes
        )
    }

    /// A video's sound, or why there is none.
    private func soundtrack() throws(DecodingFailure) -> (
        result: SoundDecoder.Result?, notes: [DecodingNote]
    ) {
        do {
            let container = try unsafe Container(av, source)
            let result = try unsafe SoundDecoder(av).decode(container)
            return (result, result.notes)
        } catch .undecodable(let codec) {
            return (nil, [.soundtrackUndecodable(codec)])
        } catch .noSound {
            return (nil, [.silentVideo])
        } catch .damaged {
            return (nil, [.soundtrackUndecodable("")])
        }
    }

    private func preview(_ request: PreviewRequest) throws(DecodingFailure) -> DecodedMedia {
        func small(_ picture: Picture) -> Picture {
            PictureResizer.fit(
                picture,
                maxWidth: request.maxWidth,
                maxHeight: request.maxHeight
            )
        }
        if let still = try still(nil) {
            return DecodedMedia(
                facts: still.facts,
                content: .preview(pictures: [small(still.picture)], waveform: []),
                notes: still.notes
            )
        }
        let container = try unsafe Container(av, source)
        guard unsafe container.stream(AVMEDIA_TYPE_VIDEO) != nil else {
            let result = try unsafe SoundDecoder(av).decode(container)
            let waveform = Waveform.peaks(result.sound.samples, columns: request.columns)
            return DecodedMedia(
                facts: .sound(result.facts),
                content: .preview(pictures: [], waveform: waveform),
                notes: result.notes
            )
        }
        let video = try unsafe VideoDecoder(av, source).decode(
            wanted: MediaSettings.frameCount,
            among: { numbers in
                VideoSampling.indices(total: numbers.count, wanted: max(request.frames, 1))
                    .map { numbers[$0] }
            },
            shrink: { picture throws(DecodingFailure) in small(picture) }
        )
        var facts = video.facts
        let track = try soundtrack().result
        facts.sound = track?.facts
        let taken = min(MediaSettings.frameCount, facts.frameCount)
        return DecodedMedia(
            facts: .video(facts),
            content: .preview(
                pictures: request.frames > 0 ? video.frames.map(\.picture) : [],
                waveform: Waveform.peaks(track?.sound.samples ?? [], columns: request.columns)
            ),
            notes: taken < facts.frameCount
                ? [.framesSampled(taken: taken, total: facts.frameCount)] : []
        )
    }

    private static func resize(
        _ picture: Picture,
        _ budget: TokenBudget
    ) throws(DecodingFailure) -> Picture {
        let (width, height) = (picture.width, picture.height)
        guard
            let size = try? PictureSize.target(width: width, height: height, budget: budget),
            let resized = PictureResizer.resize(picture, width: size.width, height: size.height)
        else { throw .shape(width: width, height: height) }
        return resized
    }
}

extension StillDecoder.Still {
    fileprivate var facts: MediaFacts {
        .picture(PictureFacts(format: format, width: picture.width, height: picture.height))
    }
}
