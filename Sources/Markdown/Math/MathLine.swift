/// A formula's parts in a row, spaced by what they are.
struct MathLine {
    enum Kind {
        case ordinary
        case function
        case large
        case binary
        case relation
        case opening
        case closing
        case punctuation
        case space
    }

    private(set) var box = MathBox()
    private var last: Kind?
    /// Within scripts nothing is spaced.
    let isTight: Bool

    init(isTight: Bool) { self.isTight = isTight }

    mutating func append(_ part: MathBox, _ kind: Kind) {
        guard !part.isEmpty else { return }
        var kind = kind
        // A sign without a left side belongs to what follows.
        if kind == .binary,
            [nil, .binary, .relation, .opening, .punctuation, .large].contains(last)
        {
            kind = .opening
        }
        if needsSpace(before: kind), !isTight { box.append(MathBox(" ")) }
        box.append(part)
        last = kind
    }

    /// Adds what is raised or lowered beside the last part, which stays what it was.
    mutating func appendScript(_ text: String) {
        box.append(MathBox(text))
        if last == nil || last == .space { last = .ordinary }
    }

    mutating func append(_ text: String, _ kind: Kind) { append(MathBox(text), kind) }

    private func needsSpace(before kind: Kind) -> Bool {
        guard let last, last != .space, kind != .space else { return false }
        if kind == .relation || last == .relation || kind == .binary || last == .binary {
            return kind != .closing && kind != .punctuation
        }
        if last == .punctuation { return kind != .closing }
        switch kind {
        case .function, .large: return last == .ordinary || last == .closing || last == .function
        case .ordinary: return last == .function || last == .large
        case .opening: return last == .large
        case .binary, .relation, .closing, .punctuation, .space: return false
        }
    }
}
