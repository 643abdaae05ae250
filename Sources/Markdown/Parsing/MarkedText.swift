/// A text cut at the marks that stand in it.
struct MarkedText {
    enum Piece {
        case text(String)
        /// A mark's number, and how it is written.
        case mark(Int, written: String)
    }

    private(set) var pieces: [Piece] = []

    init(_ text: String) {
        let bytes = Array(text.utf8)
        var copied = 0
        var at = 0
        while at < bytes.count {
            guard bytes[at] == 1, let end = bytes[at...].firstIndex(of: 2),
                let number = Int(bytes.text((at + 1)..<end))
            else {
                at += 1
                continue
            }
            if copied < at { pieces.append(.text(bytes.text(copied..<at))) }
            pieces.append(.mark(number, written: bytes.text(at..<(end + 1))))
            at = end + 1
            copied = at
        }
        if copied < bytes.count { pieces.append(.text(bytes.text(copied..<bytes.count))) }
    }
}
