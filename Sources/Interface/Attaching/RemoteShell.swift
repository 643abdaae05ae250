/// The ssh connection that facet is reached by: files that are dropped lie at its other end.
package struct RemoteShell: Sendable, Hashable {
    package var user: String
    /// This machine as the other end reaches it.
    package var host: String
    package var port: Int
    /// Where files are to be copied to: the working folder.
    package var folder: String

    /// Nil where there is no ssh connection.
    ///
    /// - Parameters:
    ///   - environment: of the process.
    ///   - folder: the working folder, absolute.
    package init?(environment: [String: String], folder: String) {
        let connection = environment["SSH_CONNECTION"] ?? ""
        guard !connection.isEmpty || !(environment["SSH_TTY"] ?? "").isEmpty else { return nil }
        // The client's address and port, then this machine's.
        let fields = connection.split(separator: " ").map(String.init)
        user = environment["USER"] ?? environment["LOGNAME"] ?? "you"
        host = fields.count == 4 ? fields[2] : "this-machine"
        port = fields.count == 4 ? Int(fields[3]) ?? 22 : 22
        self.folder = folder
    }

    /// Whether a pasted text looks like a file of the other machine, of any system.
    static func isForeign(_ text: String) -> Bool {
        let text = text.trimmed
        let bare = text.filter { $0 != "\"" && $0 != "'" }
        let letters = bare.prefix(3).map { $0 }
        let isWindows =
            letters.count == 3 && letters[0].isASCII && letters[0].isLetter && letters[1] == ":"
            && (letters[2] == "\\" || letters[2] == "/") && !text.contains("\n")
        if isWindows { return true }
        // Some terminals quote nothing: then the blanks are the path's.
        guard !text.contains("\n"), text.utf8.count <= 4_096 else { return false }
        let path = PathText.pasted(text) ?? text
        guard path.hasPrefix("/") else { return false }
        let name = PathText.split(path).name
        let ending = name.split(separator: ".").last.map { $0 } ?? ""
        let endsLikeFile =
            name.dropFirst().contains(".") && (1...8).contains(ending.utf8.count)
            && ending.allSatisfy { $0.isLetter || $0.isNumber }
        return text.hasPrefix("file://") || endsLikeFile
    }

    /// What to do about a file of the other machine.
    func advice(for pasted: String) -> String {
        let path = PathText.pasted(pasted) ?? pasted.trimmed.filter { $0 != "\"" && $0 != "'" }
        let name = path.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? path
        let place = host.contains(":") ? "[\(host)]" : host
        let option = port == 22 ? "" : "-P \(port) "
        let target = "\(user)@\(place):\(folder)/".shellWord
        return
            "\(name) is not on this machine: you are connected over ssh. In a shell of the other "
            + "machine run\nscp \(option)\(path.shellWord) \(target)\n"
            + "and then attach @\(PathText.quoted(name)) here."
    }
}

extension String {
    /// The text as a shell reads it as one word.
    package var shellWord: String {
        let plain = allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || "/._-@:+,[]".contains($0))
        }
        guard !plain || isEmpty else { return self }
        // Scalar by scalar: with what stands before it a quote can be one character.
        let escaped = unicodeScalars.map { $0 == "'" ? "'\\''" : String($0) }
        return "'\(escaped.joined())'"
    }
}
