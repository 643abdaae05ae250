/// What was cut and copied, newest last, to be put back with Ctrl-Y and exchanged with Alt-Y.
struct KillRing: Sendable, Hashable {
    /// Which side of the newest piece a further cut belongs to.
    enum Side: Sendable, Hashable {
        case before
        case after
    }

    static let longest = 32

    private var pieces: [String] = []
    /// The piece put back last, counted from the newest.
    private var place = 0

    mutating func add(_ text: String) {
        guard !text.isEmpty else { return }
        place = 0
        pieces.append(text)
        if pieces.count > Self.longest { pieces.removeFirst() }
    }

    /// Joins with the newest piece: cuts in a row are put back as one.
    mutating func extend(_ text: String, _ side: Side) {
        guard let newest = pieces.popLast() else { return add(text) }
        add(side == .before ? text + newest : newest + text)
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        pieces.contains { $0.unicodeScalars.contains(scalar) }
    }

    mutating func newest() -> String? {
        place = 0
        return pieces.last
    }

    /// The piece before the one given last; after the oldest comes the newest again.
    mutating func older() -> String? {
        guard !pieces.isEmpty else { return nil }
        place = (place + 1) % pieces.count
        return pieces[pieces.count - 1 - place]
    }
}
