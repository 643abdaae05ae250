/// What a file is likely to be by the ending of its name.
enum FileEnding {
    /// Pictures, sounds, videos and documents.
    private static let read: Set<Substring> = [
        "png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "avif", "heic", "wav", "mp3",
        "flac", "ogg", "opus", "m4a", "mp4", "mkv", "webm", "mov", "pdf",
    ]
    private static let otherData: Set<Substring> = [
        "zip", "gz", "xz", "bz2", "zst", "7z", "rar", "tar", "tgz", "jar", "iso", "img", "bin",
        "exe", "dll", "so", "a", "o", "dylib", "class", "pyc", "wasm", "gguf", "safetensors",
        "onnx", "npy", "npz", "parquet", "sqlite", "db", "doc", "docx", "xls", "xlsx", "ppt",
        "pptx", "odt", "ods", "odp", "epub", "ico", "psd", "heif", "aac", "wma", "aiff", "avi",
        "mpg", "mpeg", "m4v", "3gp", "ttf", "otf", "woff", "woff2",
    ]

    /// A model sees, hears or reads it page by page.
    static func isRead(_ path: String) -> Bool { read.contains(ending(of: path)) }

    /// It is no text.
    static func isData(_ path: String) -> Bool {
        isRead(path) || otherData.contains(ending(of: path))
    }

    /// In small letters; empty for a name without one.
    private static func ending(of path: String) -> Substring {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return "" }
        return Substring(name[name.index(after: dot)...].lowercased())
    }
}
