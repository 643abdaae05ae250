/// How pictures, sounds and videos begin.
package enum MediaBeginning {
    /// Whether a file with these first bytes is one that may be decoded.
    package static func isKnown(_ bytes: some Collection<UInt8>) -> Bool {
        let head = FileBytes(bytes: Array(bytes.prefix(64)))
        return StillHeader(head) != nil || ContainerEnd.isKnown(ByteSource(bytes: head.bytes))
            || isSound(head)
    }

    /// AIFF, or frames of MPEG audio without a head.
    private static func isSound(_ head: FileBytes) -> Bool {
        if head.has("FORM", at: 0), head.has("AIF", at: 8) { return true }
        guard head.byte(0) == 0xFF, let second = head.byte(1) else { return false }
        // Layer III, or AAC. FF FE begins a text in UTF-16.
        return second & 0xE6 == 0xE2 || second & 0xF6 == 0xF0
    }
}
