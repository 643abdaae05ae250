/// Which rows go to which experts in a batch, sorted by expert.
///
/// A slot is one row's place with one of its experts. An expert's slots follow each other, its rows
/// in their order.
@safe
final class ExpertAssignments {
    /// The row of each slot, `[slots]`.
    let rows: UnsafeMutablePointer<Int32>
    /// The weight of each slot's result, `[slots]`.
    private(set) var shares: [Float]
    /// The slots of each row in the order of expert numbers, `[rows * experts used]`.
    private(set) var slotsOfRow: [Int]
    /// First slot of each expert, and the end.
    private(set) var starts: [Int]
    /// The experts that have slots.
    private(set) var active: [Int] = []

    private let count: Int
    private let usedCount: Int
    private var chosen: [(expert: Int, share: Float)] = []
    private var next: [Int]

    init(experts: Configuration.Experts?, batchSize: Int) {
        count = experts?.count ?? 0
        usedCount = experts?.usedCount ?? 0
        let slots = batchSize * usedCount
        unsafe rows = .allocate(capacity: max(slots, 1))
        shares = Array(repeating: 0, count: slots)
        slotsOfRow = Array(repeating: 0, count: slots)
        starts = Array(repeating: 0, count: count + 1)
        next = Array(repeating: 0, count: count)
        chosen.reserveCapacity(slots)
        active.reserveCapacity(count)
    }

    deinit { unsafe rows.deallocate() }

    /// Routes every row by its scores `[rowCount, experts]`.
    ///
    /// Shares are the softmax over the chosen scores, which equals the renormalised softmax over
    /// all. Ties go to the lower number.
    func assign(_ scores: UnsafePointer<Float>, rowCount: Int) {
        chosen.removeAll(keepingCapacity: true)
        for expert in 0...count { starts[expert] = 0 }
        for row in 0..<rowCount {
            let first = chosen.count
            unsafe choose(scores + row * count)
            for place in first..<chosen.count { starts[chosen[place].expert + 1] += 1 }
        }
        active.removeAll(keepingCapacity: true)
        for expert in 0..<count {
            if starts[expert + 1] > 0 { active.append(expert) }
            starts[expert + 1] += starts[expert]
            next[expert] = starts[expert]
        }
        for (place, choice) in chosen.enumerated() {
            let slot = next[choice.expert]
            next[choice.expert] += 1
            unsafe rows[slot] = Int32(place / usedCount)
            shares[slot] = choice.share
            slotsOfRow[place] = slot
        }
    }

    /// Appends a row's experts in the order of their numbers.
    private func choose(_ scores: UnsafePointer<Float>) {
        let first = chosen.count
        // A few insertions into a short sorted list: the best so far, lowest number among equals.
        for expert in 0..<count {
            let score = unsafe scores[expert]
            if chosen.count - first == usedCount {
                guard let last = chosen.last, unsafe scores[last.expert] < score else { continue }
                chosen.removeLast()
            }
            var place = chosen.count
            while place > first, unsafe scores[chosen[place - 1].expert] < score { place -= 1 }
            chosen.insert((expert, 0), at: place)
        }
        let top = unsafe scores[chosen[first].expert]
        var sum: Float = 0
        for place in first..<chosen.count {
            chosen[place].share = exponential(unsafe scores[chosen[place].expert] - top)
            sum += chosen[place].share
        }
        for place in first..<chosen.count { chosen[place].share /= sum }
        chosen[first...].sort { $0.expert < $1.expert }
    }
}
