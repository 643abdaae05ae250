import CFFmpeg

/// One stream's decoder: packets in, frames out.
///
/// After each packet all frames are to be taken, until there is none.
@safe final class FrameDecoder {
    private let av: UnsafePointer<facet_ffmpeg>
    private var context: UnsafeMutablePointer<AVCodecContext>?
    private var slot: UnsafeMutablePointer<AVFrame>?

    /// - Parameters:
    ///   - av: FFmpeg's functions.
    ///   - parameters: of the stream; nil for a file that is one packet.
    ///   - codec: what it is coded with.
    ///   - threads: that may decode.
    /// - Throws: `undecodable`, `noMemory`.
    init(
        _ av: UnsafePointer<facet_ffmpeg>,
        parameters: UnsafePointer<AVCodecParameters>?,
        codec: AVCodecID,
        threads: Int = 1
    ) throws(DecodingFailure) {
        unsafe self.av = av
        guard let decoder = unsafe av.pointee.avcodec_find_decoder(codec),
            unsafe Libav.decoders.contains(String(cString: decoder.pointee.name))
        else { throw .undecodable(Libav.name(codec)) }
        unsafe context = av.pointee.avcodec_alloc_context3(decoder)
        unsafe slot = av.pointee.av_frame_alloc()
        guard let context = unsafe context, unsafe slot != nil else { throw .noMemory }
        if let parameters = unsafe parameters,
            unsafe av.pointee.avcodec_parameters_to_context(context, parameters) < 0
        {
            throw .damaged
        }
        // Rows are rounded up before this is asked; sizes are checked exactly before and after.
        unsafe context.pointee.max_pixels = Int64(Libav.maxPixels + Libav.maxPixels / 8)
        unsafe context.pointee.thread_count = Int32(threads)
        // The transform of libjpeg.
        if codec == AV_CODEC_ID_MJPEG { unsafe context.pointee.idct_algo = FF_IDCT_INT }
        guard unsafe av.pointee.avcodec_open2(context, decoder, nil) >= 0 else {
            throw .undecodable(Libav.name(codec))
        }
    }

    deinit {
        unsafe av.pointee.av_frame_free(&slot)
        unsafe av.pointee.avcodec_free_context(&context)
    }

    /// Gives a packet; nil says that there are no more.
    ///
    /// - Returns: whether the decoder could use it.
    @discardableResult
    func send(_ packet: UnsafePointer<AVPacket>?) -> Bool {
        unsafe av.pointee.avcodec_send_packet(context, packet) >= 0
    }

    /// The next frame, valid until the next call.
    func receive() -> UnsafeMutablePointer<AVFrame>? {
        guard let slot = unsafe slot,
            unsafe av.pointee.avcodec_receive_frame(context, slot) >= 0
        else { return nil }
        return unsafe slot
    }

    /// Whether packets are passed over that no other frame depends on.
    var skipsWhatNobodyNeeds = false {
        didSet {
            unsafe context?.pointee.skip_frame =
                skipsWhatNobodyNeeds ? AVDISCARD_NONREF : AVDISCARD_DEFAULT
        }
    }

    /// Forgets packets that were given, before others from elsewhere in the file.
    func flush() {
        if let context = unsafe context { unsafe av.pointee.avcodec_flush_buffers(context) }
    }
}
