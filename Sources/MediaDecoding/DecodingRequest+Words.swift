import Media

/// A request as a helper's arguments: it is ours, so it is words rather than bytes.
extension DecodingRequest {
    package var words: [String] {
        switch self {
        case .prepare(let kind, let settings):
            [
                "prepare", kind?.rawValue ?? "any", "\(settings.budget?.rawValue ?? 0)",
                "\(settings.frameCount)", settings.takesSoundtrack ? "sound" : "silent",
            ]
        case .preview(let request):
            [
                "preview", "\(request.maxWidth)", "\(request.maxHeight)", "\(request.frames)",
                "\(request.columns)",
            ]
        }
    }

    /// Nil for words that are no request.
    package init?(words: [String]) {
        let numbers = words.dropFirst().map { Int($0) ?? 0 }
        switch (words.first, words.count) {
        case ("prepare", 5):
            let budget = TokenBudget(rawValue: numbers[1])
            guard budget != nil || numbers[1] == 0 else { return nil }
            self = .prepare(
                MediaKind(rawValue: words[1]),
                MediaSettings(
                    budget: budget,
                    frameCount: numbers[2],
                    takesSoundtrack: words[4] == "sound"
                )
            )
        case ("preview", 5):
            self = .preview(
                PreviewRequest(
                    maxWidth: numbers[0],
                    maxHeight: numbers[1],
                    frames: numbers[2],
                    columns: numbers[3]
                )
            )
        default: return nil
        }
    }

    /// Bytes that an answer takes at most.
    var answerLimit: Int {
        let small = 64 << 10
        let sound = 4 * Sound.maxSamples
        let token = 3 * SoftTokenCount.side * SoftTokenCount.side
        switch self {
        case .prepare(_, let settings):
            let frame = token * (settings.budget ?? .frame).rawValue + 64
            let frames = min(max(settings.frameCount, 1), MediaSettings.maxFrameCount) * frame
            let picture = token * (settings.budget ?? .picture).rawValue
            return small + sound + max(frames, picture)
        case .preview(let request):
            let pictures = PreviewRequest.maxFrames * 3 * request.maxWidth * request.maxHeight
            return small + pictures + 4 * request.columns
        }
    }
}
