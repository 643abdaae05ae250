import CFFmpeg
import Media

/// Decodes files that hold one picture.
@safe struct StillDecoder {
    let av: UnsafePointer<facet_ffmpeg>

    init(_ av: UnsafePointer<facet_ffmpeg>) { unsafe self.av = av }

    /// A picture as it is shown: upright, on white.
    struct Still {
        var picture: Picture
        var format: String
        var notes: [DecodingNote] = []
    }

    /// Decodes a file that holds a picture.
    ///
    /// - Returns: nil when it begins like none of them.
    /// - Throws: `DecodingFailure`; sizes are refused before anything is decoded.
    func decode(_ source: ByteSource) throws(DecodingFailure) -> Still? {
        if let item = ItemHeader(FileBytes(bytes: source.bytes(from: 0, count: 1 << 20))) {
            return try decode(item, source)
        }
        // Enough for every beginning; the rest is read once the type is known.
        guard StillHeader(FileBytes(bytes: source.bytes(from: 0, count: 64))) != nil else {
            return nil
        }
        guard source.size <= Libav.maxPictureFile else {
            throw .fileTooLarge(Libav.maxPictureFile)
        }
        let file = FileBytes(bytes: source.bytes(from: 0, count: source.size))
        guard file.count == source.size, let header = StillHeader(file) else { throw .cutOff }
        try Self.check(width: header.width, height: header.height)
        guard header.isComplete else { throw .cutOff }
        var bytes = file.bytes
        if header.format == .png {
            guard let bare = PNGChunks.bare(file) else { throw .damaged }
            bytes = bare
        }
        if let frame = header.firstFrame {
            guard let still = WebPFrame.file(of: frame, in: file) else { throw .damaged }
            bytes = still
        }
        let stored = try picture(bytes, codec: Self.codec(header.format))
        return Still(
            picture: header.orientation.applied(to: stored),
            format: header.format.rawValue,
            notes: header.pictures > 1 ? [.firstOfAnimation(count: header.pictures)] : []
        )
    }

    /// The first picture of an ISO container, as its demuxer finds it.
    private func decode(
        _ header: ItemHeader,
        _ source: ByteSource
    ) throws(DecodingFailure) -> Still {
        let container: Container
        do throws(DecodingFailure) {
            container = try unsafe Container(av, source)
        } catch .unknownType {
            throw .undecodable(header.format)
        }
        guard let stream = unsafe container.stream(AVMEDIA_TYPE_VIDEO),
            let parameters = unsafe stream.pointee.codecpar
        else { throw .undecodable(header.format) }
        try Self.check(
            width: unsafe Int(parameters.pointee.width),
            height: unsafe Int(parameters.pointee.height)
        )
        let decoder = try unsafe FrameDecoder(
            av,
            parameters: parameters,
            codec: parameters.pointee.codec_id
        )
        guard let packet = unsafe container.packet(of: stream) else { throw .cutOff }
        unsafe decoder.send(packet)
        unsafe decoder.send(nil)
        guard let frame = unsafe decoder.receive() else { throw .damaged }
        let stored = try unsafe FrameConversion(av).picture(frame)
        return Still(picture: header.orientation.applied(to: stored), format: header.format)
    }

    static func check(
        width: Int,
        height: Int,
        atMost limit: Int = Libav.maxPixels
    ) throws(DecodingFailure) {
        guard (0...Libav.maxSide).contains(width), (0...Libav.maxSide).contains(height),
            width * height <= limit
        else { throw .pictureTooLarge(width: width, height: height, limit: limit) }
    }

    private static func codec(_ format: StillHeader.Format) -> AVCodecID {
        switch format {
        case .png: AV_CODEC_ID_PNG
        case .jpeg: AV_CODEC_ID_MJPEG
        case .gif: AV_CODEC_ID_GIF
        case .bmp: AV_CODEC_ID_BMP
        case .tiff: AV_CODEC_ID_TIFF
        case .webp: AV_CODEC_ID_WEBP
        }
    }

    /// The file is the one packet that its decoder gets.
    private func picture(_ bytes: [UInt8], codec: AVCodecID) throws(DecodingFailure) -> Picture {
        let decoder = try unsafe FrameDecoder(av, parameters: nil, codec: codec)
        var packet = unsafe av.pointee.av_packet_alloc()
        defer { unsafe av.pointee.av_packet_free(&packet) }
        guard let packet = unsafe packet,
            unsafe av.pointee.av_new_packet(packet, Int32(bytes.count)) >= 0
        else { throw .noMemory }
        unsafe UnsafeMutableRawBufferPointer(
            start: packet.pointee.data,
            count: bytes.count
        ).copyBytes(from: bytes)
        unsafe decoder.send(packet)
        unsafe decoder.send(nil)
        guard let frame = unsafe decoder.receive() else { throw .damaged }
        if let conversion = unsafe StillConversion(
            AVPixelFormat(frame.pointee.format),
            codec: codec
        ), let picture = unsafe conversion.picture(frame) {
            return picture
        }
        return try unsafe FrameConversion(av).picture(frame)
    }
}
