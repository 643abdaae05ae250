import CFFmpeg
import Media

/// How a video's frames are to be turned, by the matrix that cameras write.
@safe struct StreamOrientation {
    private let av: UnsafePointer<facet_ffmpeg>

    init(_ av: UnsafePointer<facet_ffmpeg>) { unsafe self.av = av }

    func orientation(_ stream: UnsafePointer<AVStream>) -> Orientation {
        var size = 0
        guard
            let bytes = unsafe av.pointee.av_stream_get_side_data(
                stream,
                AV_PKT_DATA_DISPLAYMATRIX,
                &size
            ), size >= 36
        else { return .upright }
        let matrix = (0..<9).map { place in
            unsafe UnsafeRawPointer(bytes).loadUnaligned(
                fromByteOffset: 4 * place,
                as: Int32.self
            )
        }
        return Self.orientation(a: matrix[0], b: matrix[1], c: matrix[3], d: matrix[4])
    }

    /// Of x' = a x + c y, y' = b x + d y with y downwards; quarters only, the nearest one.
    static func orientation(a: Int32, b: Int32, c: Int32, d: Int32) -> Orientation {
        let lies = max(b.magnitude, c.magnitude) > max(a.magnitude, d.magnitude)
        if lies {
            switch (b > 0, c > 0) {
            case (true, true): return .transposed
            case (true, false): return .quarterClockwise
            case (false, false): return .transversed
            case (false, true): return .quarterCounterclockwise
            }
        }
        switch (a >= 0, d >= 0) {
        case (true, true): return .upright
        case (false, true): return .mirrored
        case (false, false): return .upsideDown
        case (true, false): return .flipped
        }
    }
}
