import CFFmpeg
import Media

/// Takes evenly spread frames out of a video: exactly those whose numbers the sampling names.
@safe struct VideoDecoder {
    private let av: UnsafePointer<facet_ffmpeg>
    private let source: ByteSource
    private let threads: Int

    init(_ av: UnsafePointer<facet_ffmpeg>, _ source: ByteSource, threads: Int = 2) {
        unsafe self.av = av
        self.source = source
        self.threads = threads
    }

    struct Frame {
        var picture: Picture
        var index: Int
        var seconds: Double
    }

    struct Result {
        var facts: VideoFacts
        var frames: [Frame]
    }

    /// Takes frames.
    ///
    /// - Parameters:
    ///   - wanted: how many at most.
    ///   - pick: chooses from the numbers of the frames that a model is shown.
    ///   - shrink: makes a frame small as soon as it is decoded.
    /// - Returns: frames in the order in which they are shown.
    /// - Throws: `noFrames`, and what decoding throws.
    func decode(
        wanted: Int,
        among pick: ([Int]) -> [Int],
        shrink: (Picture) throws(DecodingFailure) -> Picture
    ) throws(DecodingFailure) -> Result {
        let container = try unsafe Container(av, source)
        guard let stream = unsafe container.stream(AVMEDIA_TYPE_VIDEO) else { throw .noFrames }
        unsafe container.only(stream)
        let index = unsafe VideoIndex(container, stream)
        guard index.packets > 0 else { throw .noFrames }
        var numbers: [Int] = []
        var total = index.times.count
        var pictures: [Int: Picture] = [:]
        if index.isReliable, total > 0 {
            numbers = pick(VideoSampling.indices(total: total, wanted: wanted))
            for seeking in [true, false] where pictures.count < numbers.count {
                pictures = try unsafe VideoPass(av, source, threads: threads)
                    .take(numbers, index, seeking: seeking, shrink)
            }
        }
        if !index.isReliable || pictures.count < numbers.count || numbers.isEmpty {
            // A packet without a time or without a picture: what comes out of the decoder counts.
            total = try unsafe VideoPass(av, source, threads: threads).count()
            guard total > 0 else { throw .noFrames }
            numbers = pick(VideoSampling.indices(total: total, wanted: wanted))
            pictures = try unsafe VideoPass(av, source, threads: threads).take(numbers, shrink)
        }
        let facts = unsafe self.facts(container, stream, index, total)
        let frames = numbers.compactMap { number in
            pictures[number].map {
                let time = VideoSampling.seconds(
                    index: number,
                    framesPerSecond: facts.framesPerSecond
                )
                return Frame(picture: $0, index: number, seconds: time)
            }
        }
        guard !frames.isEmpty else { throw .noFrames }
        return Result(facts: facts, frames: frames)
    }

    private func facts(
        _ container: Container,
        _ stream: UnsafeMutablePointer<AVStream>,
        _ index: VideoIndex,
        _ total: Int
    ) -> VideoFacts {
        let parameters = unsafe stream.pointee.codecpar
        var size = unsafe (
            Int(parameters?.pointee.width ?? 0), Int(parameters?.pointee.height ?? 0)
        )
        if unsafe StreamOrientation(av).orientation(stream).swapsSides { size = (size.1, size.0) }
        let base = unsafe stream.pointee.time_base
        let unit = base.den > 0 ? Double(base.num) / Double(base.den) : 0
        let shown = Double(
            index.end.subtractingReportingOverflow(index.times.first ?? 0).partialValue
        )
        var seconds = max(shown * unit, 0)
        if seconds == 0 { seconds = container.seconds ?? 0 }
        let counted = seconds > 0 ? Double(total) / seconds : VideoSampling.framesPerSecond
        let rate =
            unsafe Self.rate(stream.pointee.avg_frame_rate)
            ?? Self.rate(stream.pointee.r_frame_rate) ?? counted
        return VideoFacts(
            format: unsafe Libav.name(parameters?.pointee.codec_id ?? AV_CODEC_ID_NONE),
            width: size.0,
            height: size.1,
            frameCount: total,
            framesPerSecond: rate,
            seconds: seconds > 0 ? seconds : Double(total) / rate
        )
    }

    /// Frames per second; nil where there is no sense in it.
    private static func rate(_ rate: AVRational) -> Double? {
        guard rate.num > 0, rate.den > 0 else { return nil }
        let value = Double(rate.num) / Double(rate.den)
        return (0.001...1_000).contains(value) ? value : nil
    }
}
