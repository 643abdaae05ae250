/// Where a link leads.
struct LinkTarget {
    private var target: String

    init(_ target: String) { self.target = target }

    /// The address a terminal may be given; nil for other schemes and for nonsense.
    ///
    /// Printable ASCII only, as addresses are: the rest is percent-encoded.
    var address: String? {
        let lowered = target.prefix(8).lowercased()
        guard ["http://", "https://", "mailto:"].contains(where: lowered.hasPrefix) else {
            return nil
        }
        let address = target.utf8.reduce(into: "") { text, byte in
            if byte > 0x20, byte < 0x7F {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return address.utf8.count <= 2_000 ? address : nil
    }

    /// True when a text names the target, so that showing both would repeat it.
    func isSaid(by text: String) -> Bool {
        if text == target { return true }
        let short = target.hasSuffix("/") ? String(target.dropLast()) : target
        return ["", "http://", "https://", "mailto:"].contains { scheme in
            scheme + text == target || scheme + text == short
        }
    }
}
