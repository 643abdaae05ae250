import CFFmpeg
import Media

/// Decodes sound to what models hear: one channel, 16,000 Hz.
@safe struct SoundDecoder {
    private let av: UnsafePointer<facet_ffmpeg>

    init(_ av: UnsafePointer<facet_ffmpeg>) { unsafe self.av = av }

    struct Result {
        var facts: SoundFacts
        var sound: Sound
        var notes: [DecodingNote]
    }

    /// The beginning of a container's best sound, 30 s at most.
    ///
    /// - Throws: `noSound` when there is none, `undecodable`, `damaged`, `noMemory`.
    func decode(_ container: Container) throws(DecodingFailure) -> Result {
        guard let stream = unsafe container.stream(AVMEDIA_TYPE_AUDIO),
            let parameters = unsafe stream.pointee.codecpar
        else { throw .noSound }
        unsafe container.only(stream)
        let decoder = try unsafe FrameDecoder(
            av,
            parameters: parameters,
            codec: parameters.pointee.codec_id
        )
        let resampler = unsafe Resampler(av, room: Sound.maxSamples + 1)
        var sampleRate = unsafe Int(parameters.pointee.sample_rate)
        var channels = unsafe Int(parameters.pointee.ch_layout.nb_channels)
        var damaged = false
        var heard = 0.0
        reading: while true {
            let packet = unsafe container.packet(of: stream)
            if unsafe !decoder.send(packet), unsafe packet != nil { damaged = true }
            while let frame = unsafe decoder.receive() {
                if unsafe frame.pointee.sample_rate > 0 {
                    sampleRate = unsafe Int(frame.pointee.sample_rate)
                    channels = unsafe Int(frame.pointee.ch_layout.nb_channels)
                    heard += unsafe Double(frame.pointee.nb_samples) / Double(sampleRate)
                }
                try unsafe resampler.add(frame)
                if resampler.isFull { break reading }
            }
            if unsafe packet == nil { break }
        }
        resampler.finish()
        let samples = resampler.samples
        guard !samples.isEmpty else { throw damaged ? .damaged : .noSound }
        let seconds =
            unsafe resampler.isFull ? max(length(container, stream) ?? heard, heard) : heard
        var notes: [DecodingNote] = damaged ? [.partsDamaged] : []
        if samples.count > Sound.maxSamples { notes.append(.soundCut(seconds: seconds)) }
        let facts = SoundFacts(
            format: unsafe Libav.name(parameters.pointee.codec_id),
            seconds: seconds,
            sampleRate: sampleRate,
            channels: channels
        )
        let sound = Sound(samples: Array(samples.prefix(Sound.maxSamples)))
        return Result(facts: facts, sound: sound, notes: notes)
    }

    /// In seconds, as the container says, or by its last packet where it does not.
    private func length(_ container: Container, _ stream: UnsafeMutablePointer<AVStream>) -> Double?
    {
        let base = unsafe stream.pointee.time_base
        let unit = base.den > 0 ? Double(base.num) / Double(base.den) : 0
        let duration = unsafe stream.pointee.duration
        if duration > 0, unit > 0 { return Double(duration) * unit }
        if let seconds = container.seconds { return seconds }
        var end: Int64 = 0
        while let packet = unsafe container.packet(of: stream) {
            let time = unsafe packet.pointee.pts
            guard time != facet_no_time() else { continue }
            end = unsafe max(
                end,
                time.addingReportingOverflow(packet.pointee.duration).partialValue
            )
        }
        return end > 0 ? Double(end) * unit : nil
    }
}
