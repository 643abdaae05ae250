import CFFmpeg
import Glibc

/// A file of sound or video, opened for its packets.
@safe final class Container {
    let av: UnsafePointer<facet_ffmpeg>
    private let source: ByteSource
    private var io: UnsafeMutablePointer<AVIOContext>?
    private var context: UnsafeMutablePointer<AVFormatContext>?
    private var slot: UnsafeMutablePointer<AVPacket>?

    private static let bufferSize = 64 << 10

    /// Opens a file from its beginning and finds out what its streams are.
    ///
    /// - Throws: `unknownType`, `damaged`, `noMemory`.
    init(_ av: UnsafePointer<facet_ffmpeg>, _ source: ByteSource) throws(DecodingFailure) {
        unsafe self.av = av
        self.source = source
        source.rewind()
        guard let buffer = unsafe av.pointee.av_malloc(Self.bufferSize) else { throw .noMemory }
        unsafe io = av.pointee.avio_alloc_context(
            buffer.assumingMemoryBound(to: UInt8.self),
            Int32(Self.bufferSize),
            0,
            Unmanaged.passUnretained(source).toOpaque(),
            readPacket,
            nil,
            seekPlace
        )
        unsafe slot = av.pointee.av_packet_alloc()
        unsafe context = av.pointee.avformat_alloc_context()
        guard unsafe io != nil else {
            unsafe av.pointee.av_free(buffer)
            throw .noMemory
        }
        guard let opened = unsafe context, unsafe slot != nil else { throw .noMemory }
        unsafe opened.pointee.pb = io
        unsafe opened.pointee.max_streams = 64
        // A file that names other files gets none of them.
        unsafe opened.pointee.io_open = { _, _, _, _, _ in facet_averror(EACCES) }
        var options: OpaquePointer?
        _ = unsafe av.pointee.av_dict_set(&options, "format_whitelist", Libav.containers, 0)
        _ = unsafe av.pointee.av_dict_set(&options, "protocol_whitelist", "none", 0)
        _ = unsafe av.pointee.av_dict_set(
            &options,
            "codec_whitelist",
            Libav.decoders.sorted().joined(separator: ","),
            0
        )
        let result = unsafe av.pointee.avformat_open_input(&context, "", nil, &options)
        unsafe av.pointee.av_dict_free(&options)
        guard result >= 0 else { throw Self.failure(result) }
        try findStreams()
    }

    deinit {
        unsafe av.pointee.av_packet_free(&slot)
        unsafe av.pointee.avformat_close_input(&context)
        if let io = unsafe io { unsafe av.pointee.av_free(io.pointee.buffer) }
        unsafe av.pointee.avio_context_free(&io)
    }

    private static func failure(_ result: Int32) -> DecodingFailure {
        if result == facet_averror(ENOMEM) { return .noMemory }
        return result == facet_averror_eof() ? .cutOff : .unknownType
    }

    private func findStreams() throws(DecodingFailure) {
        guard let context = unsafe context else { throw .damaged }
        // Each stream's decoder is bounded while its parameters are found.
        let count = unsafe Int(context.pointee.nb_streams)
        var options = unsafe [OpaquePointer?](repeating: nil, count: count)
        for number in 0..<count {
            _ = unsafe av.pointee.av_dict_set(
                &options[number],
                "max_pixels",
                String(Libav.maxPixels),
                0
            )
        }
        _ = unsafe options.withUnsafeMutableBufferPointer { pointer in
            unsafe av.pointee.avformat_find_stream_info(context, pointer.baseAddress)
        }
        for number in 0..<count { unsafe av.pointee.av_dict_free(&options[number]) }
    }

    /// FFmpeg's name of the container: `mov`, `matroska`, `wav`.
    var format: String {
        guard let name = unsafe context?.pointee.iformat?.pointee.name else { return "" }
        let names = unsafe String(cString: name)
        return names.split(separator: ",").first.map(String.init) ?? ""
    }

    /// Of the whole file in seconds, where it says.
    var seconds: Double? {
        guard let duration = unsafe context?.pointee.duration, duration > 0 else { return nil }
        return Double(duration) / Double(AV_TIME_BASE)
    }

    /// The streams that hold a kind of contents and are no cover picture, best first.
    func stream(_ type: AVMediaType) -> UnsafeMutablePointer<AVStream>? {
        guard let context = unsafe context else { return nil }
        let best = unsafe av.pointee.av_find_best_stream(context, type, -1, -1, nil, 0)
        let count = unsafe Int(context.pointee.nb_streams)
        for number in [Int(best)] + Array(0..<count) where number >= 0 && number < count {
            guard let stream = unsafe context.pointee.streams[number],
                let parameters = unsafe stream.pointee.codecpar,
                unsafe parameters.pointee.codec_type == type,
                unsafe stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
            else { continue }
            return unsafe stream
        }
        return nil
    }

    /// Passes over the packets of all other streams.
    func only(_ stream: UnsafeMutablePointer<AVStream>) {
        guard let context = unsafe context else { return }
        for number in unsafe 0..<Int(context.pointee.nb_streams) {
            guard let other = unsafe context.pointee.streams[number] else { continue }
            unsafe other.pointee.discard =
                unsafe other == stream ? AVDISCARD_DEFAULT : AVDISCARD_ALL
        }
    }

    /// The next packet of a stream, valid until the next call; nil at the end.
    func packet(of stream: UnsafeMutablePointer<AVStream>) -> UnsafeMutablePointer<AVPacket>? {
        guard let context = unsafe context, let slot = unsafe slot else { return nil }
        while true {
            unsafe av.pointee.av_packet_unref(slot)
            guard unsafe av.pointee.av_read_frame(context, slot) >= 0 else { return nil }
            if unsafe slot.pointee.stream_index == stream.pointee.index { return unsafe slot }
        }
    }

    /// Goes to the last packet that can be begun with, no later than a time in the stream's units.
    func seek(_ stream: UnsafeMutablePointer<AVStream>, to time: Int64) -> Bool {
        guard let context = unsafe context else { return false }
        return unsafe av.pointee.av_seek_frame(
            context,
            stream.pointee.index,
            time,
            AVSEEK_FLAG_BACKWARD
        ) >= 0
    }
}

/// libav's reading of a `ByteSource`, which the container keeps alive.
private func readPacket(
    _ opaque: UnsafeMutableRawPointer?,
    _ buffer: UnsafeMutablePointer<UInt8>?,
    _ count: Int32
) -> Int32 {
    guard let opaque = unsafe opaque, let buffer = unsafe buffer, count > 0 else {
        return facet_averror(EINVAL)
    }
    let source = unsafe Unmanaged<ByteSource>.fromOpaque(opaque).takeUnretainedValue()
    let room = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: Int(count))
    let read = unsafe source.read(into: room)
    if read == 0 { return facet_averror_eof() }
    return read < 0 ? facet_averror(EIO) : Int32(read)
}

private func seekPlace(
    _ opaque: UnsafeMutableRawPointer?,
    _ offset: Int64,
    _ whence: Int32
) -> Int64 {
    guard let opaque = unsafe opaque else { return -1 }
    let source = unsafe Unmanaged<ByteSource>.fromOpaque(opaque).takeUnretainedValue()
    return Int64(source.seek(Int(offset), whence: whence))
}
