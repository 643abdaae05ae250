import Foundation
import Glibc
import Interface
import MediaDecoding

/// Folders and files of this machine, as the interface asks for them.
enum LocalFiles {
    /// Names of a folder that are read.
    private static let mostNames = 20_000

    /// The names in a folder; a folder that cannot be read has none.
    static func listing(of folder: String) -> FolderListing {
        let path = absolute(folder.isEmpty ? "." : folder)
        var entries: [FolderListing.Entry] = []
        if let stream = unsafe opendir(path) {
            defer { unsafe closedir(stream) }
            while entries.count < mostNames, let entry = unsafe readdir(stream) {
                guard let name = unsafe name(of: entry), name != ".", name != ".." else { continue }
                var status = stat()
                guard unsafe stat("\(path)/\(name)", &status) == 0 else { continue }
                let isFolder = status.st_mode & S_IFMT == S_IFDIR
                let size = isFolder ? 0 : Int(status.st_size)
                entries.append(
                    FolderListing.Entry(name: name, isFolder: isFolder, sizeInBytes: size)
                )
            }
        }
        return FolderListing(folder: folder, entries: entries)
    }

    /// What a file is, by what it holds.
    enum Found: Sendable {
        /// A text, or why there is nothing to read.
        case reading(FileReading)
        /// No text: perhaps a picture, a sound or a video.
        case data(path: String, sizeInBytes: Int, looksLikeMedia: Bool)
        /// A PDF.
        case document(path: String, sizeInBytes: Int)
    }

    /// Reads a file that may be part of a message.
    static func read(_ path: String) -> Found {
        let path = absolute(path)
        return contents(of: path)
    }

    private static func contents(of path: String) -> Found {
        // Not blocking, in case the name belongs to a pipe.
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else {
            return .reading(
                [ENOENT, ENOTDIR, ENAMETOOLONG].contains(errno)
                    ? .missing : .unreadable(unsafe String(cString: strerror(errno)))
            )
        }
        let file = FileHandle(fileDescriptor: number, closeOnDealloc: true)
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else {
            return .reading(.unreadable("its kind is unknown"))
        }
        if status.st_mode & S_IFMT == S_IFDIR { return .reading(.folder) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            return .reading(.unreadable("it is no regular file"))
        }
        let bytes: [UInt8]
        do {
            // One byte more than may be there tells a file that grows.
            bytes = Array(try file.read(upToCount: FileReading.largest + 1) ?? Data())
        } catch {
            return .reading(.unreadable("the disk gave an error"))
        }
        let size = max(Int(status.st_size), bytes.count)
        guard !bytes.isEmpty else {
            return .reading(.unusable("\"\(path)\" is empty, so there is nothing to attach."))
        }
        let looksLikeMedia = MediaBeginning.isKnown(bytes)
        if !looksLikeMedia, isDocument(bytes) { return .document(path: path, sizeInBytes: size) }
        let data = Found.data(path: path, sizeInBytes: size, looksLikeMedia: looksLikeMedia)
        if looksLikeMedia || !isText(bytes.prefix(4_096)) { return data }
        if bytes.count > FileReading.largest { return .reading(.tooLarge(bytes: size)) }
        guard let text = String(validating: bytes, as: UTF8.self), isText(bytes[...]) else {
            return data
        }
        return .reading(
            .text(text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text, path: path)
        )
    }

    /// The texts of the files that a pattern names.
    ///
    /// Hidden files, what is no text and what goes beyond the limits is left out, and said.
    /// - Parameters:
    ///   - pattern: names the files.
    ///   - path: the pattern as it was typed.
    ///   - media: gets the paths of what looks like pictures, sounds and videos; nil counts them
    ///     among what is no text.
    /// - Returns: The texts, or why there are none.
    static func texts(
        of pattern: GlobPattern,
        path: String,
        media: inout [String]?
    ) -> FileReading {
        let base = absolute(pattern.base.isEmpty ? "." : pattern.base)
        var walk = TreeWalk(pattern: pattern, base: base)
        let found = walk.files()
        guard !found.isEmpty else { return .missing }
        var documents: [Document] = []
        var (size, binary, large, beyond) = (0, 0, 0, 0)
        for name in found {
            guard documents.count < TextBundle.mostFiles, size < TextBundle.largest else {
                beyond += 1
                continue
            }
            switch contents(of: "\(base)/\(name)") {
            case .reading(.text(let text, _)) where size + text.utf8.count <= TextBundle.largest:
                size += text.utf8.count
                documents.append(Document(name: name, text: text))
            case .reading(.text): beyond += 1
            case .reading(.tooLarge): large += 1
            case .data(let path, _, looksLikeMedia: true) where media != nil: media?.append(path)
            default: binary += 1
            }
        }
        var notes: [String] = []
        func note(_ count: Int, _ why: String) {
            if count > 0 { notes.append("\(count) of \(found.count) files \(why).") }
        }
        note(binary, "hold no text and are left out")
        note(large, "are larger than \(FileReading.largest >> 10) kB and are left out")
        note(
            beyond,
            "are left out: a pattern brings \(TextBundle.mostFiles) files and "
                + "\(TextBundle.largest >> 20) MB at most"
        )
        if walk.isCut { notes.append("The folder has too many files to look at all of them.") }
        guard !documents.isEmpty || media?.isEmpty == false else {
            return .unusable(notes.joined(separator: " "))
        }
        return .texts(
            TextBundle(
                path: absolute(path),
                content: .tree(count: documents.count),
                documents: documents,
                notes: notes
            )
        )
    }

    /// The path from the root on; `~` is the home folder.
    static func absolute(_ path: String) -> String {
        let home = ProcessInfo.processInfo.environment["HOME"] ?? ""
        var whole = path
        if path == "~" || path.hasPrefix("~/") { whole = home + path.dropFirst() }
        if !whole.hasPrefix("/") {
            whole = FileManager.default.currentDirectoryPath + "/" + whole
        }
        return (whole as NSString).standardizingPath
    }

    private static func isText(_ bytes: ArraySlice<UInt8>) -> Bool { !bytes.contains(0) }

    /// Whether it is a PDF, perhaps with lines of a mail program in front; no text that speaks of one.
    private static func isDocument(_ bytes: [UInt8]) -> Bool {
        let mark = Array("%PDF-".utf8)
        if bytes.starts(with: mark) { return true }
        // A text that is longer than what is read may be cut inside a letter.
        let cuts = bytes.count > FileReading.largest ? 0..<4 : 0..<1
        return bytes.prefix(1_024).contains(mark)
            && cuts.allSatisfy { String(validating: bytes.dropLast($0), as: UTF8.self) == nil }
    }

    /// Nil for a name that is not UTF-8: no text could name it again.
    static func name(of entry: UnsafeMutablePointer<dirent>) -> String? {
        unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                unsafe String(validatingCString: $0)
            }
        }
    }
}
