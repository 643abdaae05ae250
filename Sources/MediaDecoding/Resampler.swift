import CFFmpeg
import Media

/// Frames of any rate, format and number of channels to one channel at 16,000 Hz.
///
/// Channels are averaged; libswresample filters with 64 taps.
@safe final class Resampler {
    private let av: UnsafePointer<facet_ffmpeg>
    private var context: OpaquePointer?
    /// What the context was made for.
    private var shape: [Int32] = []
    private let room: Int
    /// Samples that are still to be left out: of the silence in front.
    private var skipped = 0
    /// Samples of the frames that the context was given, and where those began in `samples`.
    private var given = 0
    private var begin = 0
    /// Within -1...1.
    private(set) var samples: [Float] = []

    /// - Parameters:
    ///   - av: FFmpeg's functions.
    ///   - room: samples that are kept at most.
    init(_ av: UnsafePointer<facet_ffmpeg>, room: Int) {
        unsafe self.av = av
        self.room = room
    }

    deinit { unsafe av.pointee.swr_free(&context) }

    var isFull: Bool { samples.count >= room }

    /// - Throws: `undecodable` for a shape that cannot be converted.
    func add(_ frame: UnsafeMutablePointer<AVFrame>) throws(DecodingFailure) {
        guard unsafe frame.pointee.nb_samples > 0 else { return }
        let new = unsafe [
            frame.pointee.format, frame.pointee.sample_rate, frame.pointee.ch_layout.nb_channels,
        ]
        if new != shape {
            finish()
            try unsafe open(frame)
            shape = new
        }
        unsafe given += Int(frame.pointee.nb_samples)
        unsafe convert(frame)
    }

    /// What the filter still holds.
    func finish() {
        guard let open = unsafe context else { return }
        let rate = Int(shape[1])
        if rate != Sound.sampleRate {
            _ = unsafe av.pointee.swr_inject_silence(open, Int32(rate))
        }
        unsafe convert(nil)
        // Behind the last sample is the silence.
        let (product, overflow) = given.multipliedReportingOverflow(by: Sound.sampleRate)
        let length = overflow ? samples.count : (product + rate - 1) / rate
        samples.removeLast(max(samples.count - begin - length, 0))
        unsafe av.pointee.swr_free(&context)
        shape = []
    }

    private func convert(_ frame: UnsafeMutablePointer<AVFrame>?) {
        guard let context = unsafe context else { return }
        let count = unsafe Int(
            av.pointee.swr_get_out_samples(context, frame?.pointee.nb_samples ?? 0)
        )
        guard count > 0, count <= 1 << 26 else { return }
        let new = unsafe [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            unsafe buffer.initialize(repeating: 0)
            guard let start = buffer.baseAddress else { return }
            filled = unsafe max(
                Int(facet_resample(av, context, frame, start, Int32(count))),
                0
            )
        }
        let silence = min(skipped, new.count)
        skipped -= silence
        for sample in new.dropFirst(silence).prefix(max(room - samples.count, 0)) {
            samples.append(sample.isFinite ? min(max(sample, -1), 1) : 0)
        }
    }

    private func open(_ frame: UnsafeMutablePointer<AVFrame>) throws(DecodingFailure) {
        let channels = unsafe Int(frame.pointee.ch_layout.nb_channels)
        guard (1...64).contains(channels), unsafe frame.pointee.sample_rate > 0 else {
            throw .damaged
        }
        var mono = unsafe AVChannelLayout()
        unsafe av.pointee.av_channel_layout_default(&mono, 1)
        let result = unsafe av.pointee.swr_alloc_set_opts2(
            &context,
            &mono,
            AV_SAMPLE_FMT_FLT,
            Int32(Sound.sampleRate),
            &frame.pointee.ch_layout,
            AVSampleFormat(frame.pointee.format),
            frame.pointee.sample_rate,
            0,
            nil
        )
        guard result >= 0, let context = unsafe context else { throw .damaged }
        let options = unsafe UnsafeMutableRawPointer(context)
        _ = unsafe av.pointee.av_opt_set_sample_fmt(
            options,
            "internal_sample_fmt",
            AV_SAMPLE_FMT_FLTP,
            0
        )
        _ = unsafe av.pointee.av_opt_set_int(options, "filter_size", 64, 0)
        _ = unsafe av.pointee.av_opt_set_double(options, "cutoff", 0.97, 0)
        let weights = [Double](repeating: 1 / Double(channels), count: channels)
        _ = unsafe av.pointee.swr_set_matrix(context, weights, Int32(channels))
        guard unsafe av.pointee.swr_init(context) >= 0 else { throw .damaged }
        (given, begin, skipped) = (0, samples.count, 0)
        let rate = unsafe frame.pointee.sample_rate
        if rate != Sound.sampleRate {
            // A second of silence in front and behind: the filter would mirror the sound there.
            guard unsafe av.pointee.swr_inject_silence(context, rate) >= 0 else { throw .damaged }
            skipped = Sound.sampleRate
        }
    }
}
