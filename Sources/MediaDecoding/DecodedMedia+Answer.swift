import Media

/// An answer of a helper as bytes; both sides of the pipe are in this file.
enum DecodingAnswer {
    /// Begins every answer and ends it, so that one that was cut is noticed.
    private static let mark = 0x4641_4345_5401

    static func bytes(_ result: Result<DecodedMedia, DecodingFailure>) -> [UInt8] {
        var writer = AnswerWriter()
        writer.write(mark)
        switch result {
        case .failure(let failure):
            writer.write(0)
            failure.write(to: &writer)
        case .success(let media):
            writer.write(1)
            media.write(to: &writer)
        }
        writer.write(mark)
        return writer.bytes
    }

    /// Reads an answer.
    ///
    /// - Parameters:
    ///   - bytes: all that came.
    ///   - request: what was asked; an answer to something else is none.
    /// - Returns: what was decoded, or why nothing was.
    /// - Throws: `Malformed` for anything that `bytes(_:)` does not write.
    static func read(
        _ bytes: [UInt8],
        to request: DecodingRequest
    ) throws(AnswerReader.Malformed) -> Result<DecodedMedia, DecodingFailure> {
        var reader = AnswerReader(bytes)
        _ = try reader.number(in: mark...mark)
        let result: Result<DecodedMedia, DecodingFailure> =
            try reader.number(in: 0...1) == 0
            ? .failure(try DecodingFailure(from: &reader))
            : .success(try DecodedMedia(from: &reader, to: request))
        _ = try reader.number(in: mark...mark)
        guard reader.isAtEnd else { throw AnswerReader.Malformed() }
        return result
    }
}

extension DecodedMedia {
    fileprivate func write(to writer: inout AnswerWriter) {
        switch facts {
        case .picture(let facts):
            writer.write(0)
            writer.write(facts.format)
            writer.write(facts.width)
            writer.write(facts.height)
        case .sound(let facts):
            writer.write(1)
            facts.write(to: &writer)
        case .video(let facts):
            writer.write(2)
            facts.write(to: &writer)
        }
        writer.write(notes.count)
        for note in notes { note.write(to: &writer) }
        switch content {
        case .prepared(.picture(let picture)): writer.write(picture)
        case .prepared(.sound(let sound)): writer.write(sound.samples)
        case .prepared(.video(let frames, let sound)):
            writer.write(frames.count)
            for frame in frames {
                writer.write(frame.index)
                writer.write(frame.seconds)
                writer.write(frame.picture)
            }
            writer.write(sound == nil ? 0 : 1)
            if let sound { writer.write(sound.samples) }
        case .preview(let pictures, let waveform):
            writer.write(pictures.count)
            for picture in pictures { writer.write(picture) }
            writer.write(waveform)
        }
    }

    fileprivate init(
        from reader: inout AnswerReader,
        to request: DecodingRequest
    ) throws(AnswerReader.Malformed) {
        switch try reader.number(in: 0...2) {
        case 0:
            facts = .picture(
                PictureFacts(
                    format: try reader.name(),
                    width: try reader.number(in: 0...Libav.maxSide),
                    height: try reader.number(in: 0...Libav.maxSide)
                )
            )
        case 1: facts = .sound(try SoundFacts(from: &reader))
        default: facts = .video(try VideoFacts(from: &reader))
        }
        notes = []
        for _ in 0..<(try reader.number(in: 0...16)) {
            notes.append(try DecodingNote(from: &reader))
        }
        switch request {
        case .preview(let request):
            var pictures: [Picture] = []
            for _ in 0..<(try reader.number(in: 0...PreviewRequest.maxFrames)) {
                let picture = try reader.picture(maxSide: PreviewRequest.maxSide)
                guard picture.width <= request.maxWidth, picture.height <= request.maxHeight else {
                    throw AnswerReader.Malformed()
                }
                pictures.append(picture)
            }
            let waveform = try reader.samples(atMost: request.columns)
            guard waveform.allSatisfy({ $0 >= 0 }) else { throw AnswerReader.Malformed() }
            content = .preview(pictures: pictures, waveform: waveform)
        case .prepare(let kind, let settings):
            guard kind == nil || kind == facts.kind else { throw AnswerReader.Malformed() }
            content = .prepared(try Self.content(facts, settings, from: &reader))
        }
    }

    private static func content(
        _ facts: MediaFacts,
        _ settings: MediaSettings,
        from reader: inout AnswerReader
    ) throws(AnswerReader.Malformed) -> PreparedMedia.Content {
        switch facts {
        case .picture:
            return .picture(try reader.resized(settings.budget ?? .picture))
        case .sound:
            return .sound(Sound(samples: try reader.samples(atMost: Sound.maxSamples)))
        case .video(let facts):
            var frames: [VideoFrame] = []
            for _ in 0..<(try reader.number(in: 1...max(settings.frameCount, 1))) {
                let index = try reader.number(in: 0...max(facts.frameCount - 1, 0))
                guard index > frames.last?.index ?? -1 else { throw AnswerReader.Malformed() }
                let seconds = try reader.amount()
                let picture = try reader.resized(settings.budget ?? .frame)
                frames.append(VideoFrame(picture: picture, index: index, seconds: seconds))
            }
            var sound: Sound?
            if try reader.number(in: 0...(settings.takesSoundtrack ? 1 : 0)) == 1 {
                sound = Sound(samples: try reader.samples(atMost: Sound.maxSamples))
            }
            return .video(frames, sound: sound)
        }
    }
}

extension AnswerReader {
    /// A picture whose sides are multiples of 48 within its budget.
    fileprivate mutating func resized(_ budget: TokenBudget) throws(Malformed) -> Picture {
        let side = SoftTokenCount.side
        let picture = try picture(maxSide: budget.rawValue * side)
        guard picture.width % side == 0, picture.height % side == 0,
            SoftTokenCount.picture(picture) <= budget.rawValue
        else { throw Malformed() }
        return picture
    }
}

extension SoundFacts {
    fileprivate func write(to writer: inout AnswerWriter) {
        writer.write(format)
        writer.write(seconds)
        writer.write(sampleRate)
        writer.write(channels)
    }

    fileprivate init(from reader: inout AnswerReader) throws(AnswerReader.Malformed) {
        self.init(
            format: try reader.name(),
            seconds: try reader.amount(),
            sampleRate: try reader.number(in: 0...Int(Int32.max)),
            channels: try reader.number(in: 0...1_024)
        )
    }
}

extension VideoFacts {
    fileprivate func write(to writer: inout AnswerWriter) {
        writer.write(format)
        writer.write(width)
        writer.write(height)
        writer.write(frameCount)
        writer.write(framesPerSecond)
        writer.write(seconds)
        writer.write(sound == nil ? 0 : 1)
        sound?.write(to: &writer)
    }

    fileprivate init(from reader: inout AnswerReader) throws(AnswerReader.Malformed) {
        self.init(
            format: try reader.name(),
            width: try reader.number(in: 0...Libav.maxSide),
            height: try reader.number(in: 0...Libav.maxSide),
            frameCount: try reader.number(in: 0...(1 << 40)),
            framesPerSecond: try reader.amount(),
            seconds: try reader.amount()
        )
        if try reader.number(in: 0...1) == 1 { sound = try SoundFacts(from: &reader) }
    }
}
