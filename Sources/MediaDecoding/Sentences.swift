import Foundation
import Media

/// What a person is told about a file.
enum Sentences {
    static func failure(_ failure: DecodingFailure, _ path: String) -> String {
        switch failure {
        case .unknownType:
            return "\(path) is no picture, sound or video of a type that is read here. "
                + "Convert it, for example to PNG, WAV or MP4, or attach it as text."
        case .undecodable(let codec):
            return
                "\(path) is coded as \(codec.isEmpty ? "something unknown" : codec), which cannot "
                + "be decoded here. Convert it, for example to PNG, WAV or MP4."
        case .pictureTooLarge(let width, let height, let limit):
            return "\(path) has \(grouped(width)) x \(grouped(height)) pixels; pictures of up to "
                + "\(limit / 1_000_000) million pixels with sides of up to "
                + "\(grouped(Libav.maxSide)) are read. Make it smaller."
        case .fileTooLarge(let limit):
            return "\(path) is a picture of more than \(limit >> 20) MiB. Make it smaller."
        case .cutOff: return "\(path) is cut off: its end is missing. Get it again."
        case .damaged: return "\(path) is damaged: it cannot be decoded. Get it again."
        case .shape(let width, let height):
            return
                "\(path) has \(grouped(width)) x \(grouped(height)) pixels, which is too long and "
                + "narrow for the tokens it may take. Cut a piece out of it, or allow more tokens."
        case .wrongKind(let kind):
            return "\(path) is a \(kind.rawValue), not what it was attached as. "
                + "Attach it as a \(kind.rawValue)."
        case .noFrames:
            return "\(path) holds no frame that can be shown. Choose another file."
        case .noSound: return "\(path) holds no sound. Choose another file."
        case .noMemory:
            return "\(path) needs more memory to be decoded than is allowed. Make it smaller."
        case .libraryMissing(let name):
            return "Pictures, sound and video cannot be read: \(name) of FFmpeg is missing. "
                + "Install it (on Debian: apt install ffmpeg)."
        }
    }

    static func note(_ note: DecodingNote, _ path: String) -> String {
        let name = URL(filePath: path).lastPathComponent
        switch note {
        case .soundCut(let seconds):
            return "\(name) lasts \(time(seconds)); the model hears the first "
                + "\(Sound.maxSamples / Sound.sampleRate) s."
        case .framesSampled(let taken, let total):
            return "\(name) has \(grouped(total)) frames; the model sees \(taken) of them, "
                + "evenly spread."
        case .firstOfAnimation(let count):
            return
                "\(name) is an animation of \(grouped(count)) pictures; the model sees the first."
        case .silentVideo: return "\(name) has no sound."
        case .soundtrackUndecodable(let codec):
            return "The sound of \(name)\(codec.isEmpty ? "" : " (\(codec))") cannot be decoded; "
                + "the model sees the pictures only."
        case .endMissing:
            return "\(name) is cut off: the model gets what there is of it."
        case .partsDamaged:
            return "Parts of \(name) are damaged and were passed over."
        }
    }

    /// A helper that gave no answer that can be read.
    static func failed(
        _ end: ChildProcess.Outcome.End,
        _ path: String,
        _ limits: DecodingWorker.Limits
    ) -> String {
        switch end {
        case .tookTooLong, .signalled(SIGXCPU):
            let time =
                end == .tookTooLong
                ? "\(Int(limits.seconds)) s" : "\(limits.processorSeconds) s of processor time"
            return "\(path) takes more than \(time) to decode, so it was given up. "
                + "Cut a piece out of it, or convert it."
        case .signalled(SIGKILL), .wroteTooMuch, .signalled, .exited:
            return "\(path) made the decoder fail. It is damaged, or too large for the "
                + "\(limits.memory >> 20) MiB that decoding may take. Convert it or get it again."
        }
    }

    static func garbage(_ path: String) -> String {
        "\(path) made the decoder answer with nonsense. Do not trust this file."
    }

    static func noHelper(_ path: String, _ program: String) -> String {
        "Can't decode \(path): \(program) cannot be started as a helper. "
            + "See that the program still is where it was started from."
    }

    /// `1,234,567`.
    private static func grouped(_ number: Int) -> String {
        let digits = String(number)
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// `1:02:03` or `2:03`.
    private static func time(_ seconds: Double) -> String {
        let whole = Int(min(max(seconds.rounded(), 0), 3_599_999))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let (minutes, seconds) = (whole / 60, two(whole % 60))
        return whole < 3_600
            ? "\(minutes):\(seconds)" : "\(minutes / 60):\(two(minutes % 60)):\(seconds)"
    }
}
