/// A pattern for paths, as `src/**/*.swift`: `*` and `?` stand for letters of a name, `[a-z]` for one
/// of some, `**` for any number of folders.
package struct GlobPattern: Sendable, Hashable {
    private enum Piece: Sendable, Hashable {
        case folders
        case name([Character])
    }

    /// The folder in which everything that fits lies: what stands before the first sign.
    package let base: String
    private let pieces: [Piece]

    /// Nil for a path without any sign.
    package init?(_ path: String) {
        guard Self.isPattern(path) else { return nil }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let first = parts.firstIndex(where: Self.isPattern) ?? 0
        let start = parts[..<first].joined(separator: "/")
        base = start.isEmpty && first > 0 ? "/" : start
        var pieces: [Piece] = []
        for part in parts[first...] where !part.isEmpty {
            let piece = part == "**" ? Piece.folders : .name(Array(part))
            if piece != .folders || pieces.last != .folders { pieces.append(piece) }
        }
        // Each of them multiplies the ways in which a path can fit.
        guard !pieces.isEmpty, pieces.count(where: { $0 == .folders }) <= 4 else { return nil }
        self.pieces = pieces
    }

    package static func isPattern(_ path: String) -> Bool { path.contains { "*?[".contains($0) } }

    /// Whether a path below the base fits; its names begin with a dot only where the pattern says so.
    package func matches(_ names: [String]) -> Bool { Self.matches(pieces[...], names[...]) }

    /// Whether something in a folder below the base could fit.
    package func reaches(into folders: [String]) -> Bool {
        Self.reaches(pieces[...], folders[...])
    }

    private static func matches(_ pieces: ArraySlice<Piece>, _ names: ArraySlice<String>) -> Bool {
        guard let piece = pieces.first else { return names.isEmpty }
        switch piece {
        case .folders:
            if matches(pieces.dropFirst(), names) { return true }
            guard let name = names.first, !name.hasPrefix(".") else { return false }
            return matches(pieces, names.dropFirst())
        case .name(let signs):
            guard let name = names.first, fits(Array(name), signs) else { return false }
            return matches(pieces.dropFirst(), names.dropFirst())
        }
    }

    private static func reaches(_ pieces: ArraySlice<Piece>, _ names: ArraySlice<String>) -> Bool {
        guard let name = names.first else { return true }
        switch pieces.first {
        case nil: return false
        case .folders:
            return !name.hasPrefix(".") && reaches(pieces, names.dropFirst())
                || reaches(pieces.dropFirst(), names)
        case .name(let signs):
            // The last piece is a file's name.
            return pieces.count > 1 && fits(Array(name), signs)
                && reaches(pieces.dropFirst(), names.dropFirst())
        }
    }

    /// Goes back to the last star only, so that no name takes more than its length times the
    /// pattern's.
    private static func fits(_ name: [Character], _ signs: [Character]) -> Bool {
        if name.first == ".", signs.first != "." { return false }
        var (place, sign) = (0, 0)
        var star: (sign: Int, place: Int)?
        while place < name.count {
            if sign < signs.count, signs[sign] == "*" {
                star = (sign, place)
                sign += 1
            } else if let length = length(of: signs[sign...], fitting: name[place]) {
                place += 1
                sign += length
            } else if let last = star {
                star = (last.sign, last.place + 1)
                place = last.place + 1
                sign = last.sign + 1
            } else {
                return false
            }
        }
        return signs[sign...].allSatisfy { $0 == "*" }
    }

    /// How many signs a letter takes; nil when it does not fit.
    private static func length(of signs: ArraySlice<Character>, fitting letter: Character) -> Int? {
        guard let sign = signs.first else { return nil }
        if sign == "?" { return 1 }
        guard sign == "[", let end = signs.dropFirst(2).firstIndex(of: "]") else {
            return sign == letter ? 1 : nil
        }
        var inside = Array(signs[(signs.startIndex + 1)..<end])
        let isNegated = inside.first == "!" || inside.first == "^"
        if isNegated { inside.removeFirst() }
        var isInside = false
        var index = 0
        while index < inside.count {
            if index + 2 < inside.count, inside[index + 1] == "-" {
                let (low, high) = (inside[index], inside[index + 2])
                isInside = isInside || low <= letter && letter <= high
                index += 3
            } else {
                isInside = isInside || inside[index] == letter
                index += 1
            }
        }
        return isInside != isNegated ? end - signs.startIndex + 1 : nil
    }
}
