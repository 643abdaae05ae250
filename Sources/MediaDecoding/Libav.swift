import CFFmpeg

/// FFmpeg's functions, and which parts of FFmpeg a file may reach.
enum Libav {
    /// The table of functions, which lives as long as the process.
    ///
    /// - Throws: `libraryMissing`.
    static func functions() throws(DecodingFailure) -> UnsafePointer<facet_ffmpeg> {
        var missing: UnsafePointer<CChar>?
        guard let functions = unsafe facet_ffmpeg(&missing) else {
            throw .libraryMissing(unsafe missing.map { unsafe String(cString: $0) } ?? "")
        }
        unsafe functions.pointee.av_log_set_level(AV_LOG_QUIET)
        return unsafe functions
    }

    /// Containers of sound and video; nothing that names other files.
    static let containers = "mov,matroska,wav,aiff,mp3,flac,ogg,aac,avi,gif"

    /// Pixels of a picture or frame at most.
    static let maxPixels = 100_000_000
    /// Pixels of a video's frame at most: 8192 x 4320.
    static let maxFramePixels = 36_000_000
    /// A picture's side at most.
    static let maxSide = 65_535
    /// Bytes of a file that holds one picture at most.
    static let maxPictureFile = 256 << 20

    /// Decoders of pictures, video and sound that files may ask for.
    static let decoders = Set(
        """
        png apng mjpeg webp gif bmp tiff av1 libdav1d hevc h264 vp8 vp9 libvpx libvpx-vp9 mpeg4 \
        mpeg1video mpeg2video msmpeg4v3 h263 theora prores ffv1 rawvideo huffyuv qtrle \
        mp3 mp3float mp2 mp2float flac vorbis opus aac alac ac3 eac3 amrnb amrwb \
        adpcm_ima_wav adpcm_ms adpcm_ima_qt pcm_u8 pcm_s8 pcm_s16le pcm_s16be pcm_s24le pcm_s24be \
        pcm_s32le pcm_s32be pcm_f32le pcm_f32be pcm_f64le pcm_f64be pcm_mulaw pcm_alaw
        """.split(separator: " ").map(String.init)
    )

    /// The name of a codec, as far as it is a name.
    static func name(_ codec: AVCodecID) -> String {
        guard let functions = try? unsafe Libav.functions(),
            let name = unsafe functions.pointee.avcodec_get_name(codec)
        else { return "" }
        return unsafe String(cString: name)
    }
}
