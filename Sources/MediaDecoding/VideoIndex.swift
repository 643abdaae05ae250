import CFFmpeg
import Media

/// When each frame of a video is shown, known from its packets without decoding them.
struct VideoIndex {
    private struct Entry {
        var time: Int64
        var isKey: Bool
        /// What a container seeks by: when the packet is decoded.
        var decodeTime: Int64
    }

    /// Packets in the order in which they are stored.
    private var entries: [Entry] = []
    /// Times of all frames in the order in which they are shown, in the stream's units.
    private(set) var times: [Int64] = []
    /// Whether each packet has a time of its own, so that a frame is known by it.
    private(set) var isReliable = true
    private(set) var packets = 0
    /// Of packets that say how long they last, in the stream's units.
    private(set) var end: Int64 = 0

    /// A day at 240 frames per second.
    private static let maxPackets = 21_000_000

    /// Reads all packets of a stream.
    init(_ container: Container, _ stream: UnsafeMutablePointer<AVStream>) {
        let isVP8 = unsafe stream.pointee.codecpar.pointee.codec_id == AV_CODEC_ID_VP8
        while let packet = unsafe container.packet(of: stream) {
            packets += 1
            guard packets <= Self.maxPackets else { break }
            let time = unsafe packet.pointee.pts
            guard time != facet_no_time(), unsafe packet.pointee.flags & AV_PKT_FLAG_CORRUPT == 0
            else {
                isReliable = false
                continue
            }
            let isHidden =
                unsafe packet.pointee.flags & AV_PKT_FLAG_DISCARD != 0
                || (isVP8 && Self.isHiddenVP8(packet))
            let decodeTime = unsafe packet.pointee.dts
            entries.append(
                Entry(
                    time: time,
                    isKey: unsafe packet.pointee.flags & AV_PKT_FLAG_KEY != 0,
                    decodeTime: decodeTime == facet_no_time() ? time : decodeTime
                )
            )
            if !isHidden { times.append(time) }
            let (last, overflow) = unsafe time.addingReportingOverflow(packet.pointee.duration)
            if !overflow { end = max(end, last) }
        }
        times.sort()
        if zip(times, times.dropFirst()).contains(where: { $0 == $1 }) { isReliable = false }
    }

    /// VP8 keeps pictures that are only predicted from: bit 4 of the first byte is 0.
    private static func isHiddenVP8(_ packet: UnsafeMutablePointer<AVPacket>) -> Bool {
        guard unsafe packet.pointee.size > 0, let data = unsafe packet.pointee.data else {
            return true
        }
        return unsafe data[0] & 0x10 == 0
    }

    /// A place to decode from so that a frame comes out whole.
    struct Start {
        /// Number of the packet that is begun with.
        var packet: Int
        var decodeTime: Int64
    }

    /// The place for a frame: the last key that is stored no later and shown no later. Frames that
    /// are stored behind a key and shown before it depend on the one before, and get that one.
    func start(for time: Int64) -> Start? {
        guard let target = entries.firstIndex(where: { $0.time == time }) else { return nil }
        let key = entries[...target].lastIndex { $0.isKey && $0.time <= time } ?? 0
        return Start(packet: key, decodeTime: entries[key].decodeTime)
    }
}
