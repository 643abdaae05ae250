import Interface

/// Files that a pattern names.
extension AttachmentDesk {
    /// Texts as one bundle, and each picture, sound and video by itself, up to a sensible number.
    func read(_ pattern: GlobPattern, _ path: String, _ job: Job) async -> FileReading {
        var found: [String]? = job.options.takesTextsOnly ? nil : []
        let reading = LocalFiles.texts(of: pattern, path: path, media: &found)
        guard case .texts(var bundle) = reading else { return reading }
        let media = found ?? []
        for file in media.prefix(TextBundle.mostMedia) {
            let reading = await read(file, job)
            if case .media = reading {
                bundle.media.append(reading)
            } else if let refusal = reading.refusal(of: file) {
                bundle.notes.append(refusal)
            }
        }
        let beyond = media.dropFirst(TextBundle.mostMedia)
        if !beyond.isEmpty {
            bundle.notes.append(
                "A pattern brings \(TextBundle.mostMedia) pictures, sounds and videos at most; "
                    + "left out: \(Self.names(Array(beyond)))."
            )
        }
        guard !bundle.documents.isEmpty || !bundle.media.isEmpty else {
            return .unusable(bundle.notes.joined(separator: " "))
        }
        return .texts(bundle)
    }

    /// The first names, and how many follow.
    private static func names(_ paths: [String]) -> String {
        let names = paths.prefix(5).map { AttachedFile(path: $0, sizeInBytes: 0).name }
        let rest = paths.count - names.count
        let others = rest == 1 ? " and 1 other" : " and \(rest) others"
        return names.joined(separator: ", ") + (rest > 0 ? others : "")
    }
}
