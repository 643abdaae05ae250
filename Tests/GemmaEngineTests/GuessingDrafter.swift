import Decoding

/// A drafter whose guesses a test makes up.
struct GuessingDrafter: Drafter {
    /// The guess for the token after so many.
    let guess: @Sendable (_ place: Int) -> Int?
    private var count = 0

    init(guess: @escaping @Sendable (_ place: Int) -> Int?) { self.guess = guess }

    mutating func append(_ id: Int) { count += 1 }

    mutating func truncate(to count: Int) { self.count = min(self.count, count) }

    mutating func seek() -> Int? { guess(count) == nil ? nil : 0 }

    mutating func propose(_ count: Int, into draft: inout [Int32]) {
        for place in self.count..<self.count + count {
            guard let id = guess(place) else { return }
            draft.append(Int32(truncatingIfNeeded: id))
        }
    }
}
