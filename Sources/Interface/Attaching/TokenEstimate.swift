/// How many tokens a text might be, before a model has read it.
enum TokenEstimate {
    /// Bytes of ordinary text a token holds.
    static let bytesPerToken = 4

    /// Of a text of which nothing but its size is known.
    static func tokens(bytes: Int) -> Int {
        bytes / bytesPerToken + (bytes % bytesPerToken).signum()
    }

    /// A digit is a token of its own.
    static func tokens(of text: String) -> Int {
        let digits = text.utf8.count { (0x30...0x39).contains($0) }
        return digits + tokens(bytes: text.utf8.count - digits)
    }

    static func words(_ tokens: Int) -> String {
        "about \(tokens.abbreviated) token\(tokens == 1 ? "" : "s")"
    }
}
