import CFFmpeg
import Media

/// One decoding of a video from its beginning, which may pass over what is not needed.
@safe final class VideoPass {
    private let container: Container
    private let stream: UnsafeMutablePointer<AVStream>
    private let decoder: FrameDecoder
    private let conversion: FrameConversion
    private let orientation: Orientation
    /// Packets given to the decoder, counted from the stream's first.
    private var position = 0
    private var isAtEnd = false
    /// Times of the frames that are wanted, where no other is.
    private var needed: Set<Int64>?

    /// Packets that are decoded rather than passed over.
    private static let worthSeeking = 48
    /// Pixels of a video that is decoded from one end to the other.
    private static let decodedWhole = 500_000_000

    init(
        _ av: UnsafePointer<facet_ffmpeg>,
        _ source: ByteSource,
        threads: Int
    ) throws(DecodingFailure) {
        container = try unsafe Container(av, source)
        guard let stream = unsafe container.stream(AVMEDIA_TYPE_VIDEO),
            let parameters = unsafe stream.pointee.codecpar
        else { throw .noFrames }
        unsafe self.stream = stream
        unsafe container.only(stream)
        try StillDecoder.check(
            width: unsafe Int(parameters.pointee.width),
            height: unsafe Int(parameters.pointee.height)
        )
        decoder = try unsafe FrameDecoder(
            av,
            parameters: parameters,
            codec: parameters.pointee.codec_id,
            threads: threads
        )
        unsafe conversion = FrameConversion(av)
        unsafe orientation = StreamOrientation(av).orientation(stream)
    }

    /// The next frame in the order in which they are shown, valid until the next call.
    private func next() -> UnsafeMutablePointer<AVFrame>? {
        while true {
            if let frame = unsafe decoder.receive() { return unsafe frame }
            if isAtEnd { return nil }
            let packet = unsafe container.packet(of: stream)
            if unsafe packet == nil { isAtEnd = true } else { position += 1 }
            if let needed, let time = unsafe packet?.pointee.pts {
                decoder.skipsWhatNobodyNeeds = !needed.contains(time)
            }
            // A packet that cannot be decoded is missed later, when its frame is.
            unsafe decoder.send(packet)
        }
    }

    private func upright(_ frame: UnsafeMutablePointer<AVFrame>) throws(DecodingFailure) -> Picture
    {
        orientation.applied(to: try unsafe conversion.picture(frame))
    }

    /// How many frames come out of the decoder.
    func count() -> Int {
        var count = 0
        while unsafe next() != nil { count += 1 }
        return count
    }

    /// Frames by their numbers, counted as they come out of the decoder.
    func take(
        _ numbers: [Int],
        _ shrink: (Picture) throws(DecodingFailure) -> Picture
    ) throws(DecodingFailure) -> [Int: Picture] {
        var pictures: [Int: Picture] = [:]
        let wanted = Set(numbers)
        var number = 0
        while pictures.count < wanted.count, let frame = unsafe next() {
            if wanted.contains(number) {
                pictures[number] = try shrink(try unsafe upright(frame))
            }
            number += 1
        }
        return pictures
    }

    /// Frames by their numbers, known by their times; fewer where one does not come out.
    ///
    /// - Parameters:
    ///   - numbers: ascending.
    ///   - index: of the same file, reliable.
    ///   - seeking: whether frames that nobody needs may be passed over.
    ///   - shrink: makes a frame small as soon as it is decoded.
    /// - Returns: pictures by their numbers.
    /// - Throws: what conversion throws.
    func take(
        _ numbers: [Int],
        _ index: VideoIndex,
        seeking: Bool,
        _ shrink: (Picture) throws(DecodingFailure) -> Picture
    ) throws(DecodingFailure) -> [Int: Picture] {
        let area =
            unsafe Int(stream.pointee.codecpar.pointee.width)
            * Int(stream.pointee.codecpar.pointee.height)
        let seeks = seeking && area > 0 && index.packets > Self.decodedWhole / area
        if seeks { needed = Set(numbers.map { index.times[$0] }) }
        var pictures: [Int: Picture] = [:]
        for number in numbers {
            let time = index.times[number]
            if seeks, let start = index.start(for: time),
                start.packet > position + Self.worthSeeking,
                unsafe container.seek(stream, to: start.decodeTime)
            {
                decoder.flush()
                position = start.packet
            }
            while let frame = unsafe next() {
                let shown = unsafe frame.pointee.best_effort_timestamp
                if shown < time { continue }
                if shown == time { pictures[number] = try shrink(try unsafe upright(frame)) }
                break
            }
            // One that is missing is enough to know that numbers and times do not agree.
            guard pictures[number] != nil else { break }
        }
        return pictures
    }
}
