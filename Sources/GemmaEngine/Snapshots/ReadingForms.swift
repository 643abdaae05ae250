import Tensors

/// In which form of products each position of a cache was read.
///
/// Few rows and many round differently (`ActivationRows.Form`), and within a form a row never depends
/// on its neighbours: with the ids, this is all that keys and values depend on.
package struct ReadingForms: Sendable, Hashable {
    /// Lengths of stretches read in passes of many rows and of few, in turn, beginning with many.
    package private(set) var runs: [Int] = []
    package private(set) var count = 0

    package init() {}

    /// Takes runs from outside; nil when one is negative or their sum is no count.
    package init?(runs: [Int]) {
        for (index, run) in runs.enumerated() {
            guard run >= 0, run <= Int(Int32.max), count <= Int(Int32.max) else { return nil }
            append(run, isMany: index.isMultiple(of: 2))
        }
    }

    /// Whether a pass of so many rows is one of many.
    static func isMany(_ rows: Int) -> Bool { rows > ActivationRows.fewRows }

    /// Notes a pass.
    mutating func append(pass rows: Int) { append(rows, isMany: Self.isMany(rows)) }

    private mutating func append(_ rows: Int, isMany: Bool) {
        guard rows > 0 else { return }
        if runs.isEmpty, !isMany { runs.append(0) }
        // An odd number of runs ends with many.
        if !runs.isEmpty, runs.count.isMultiple(of: 2) != isMany {
            runs[runs.count - 1] += rows
        } else {
            runs.append(rows)
        }
        count += rows
    }

    mutating func truncate(to length: Int) {
        while count > length, let last = runs.last {
            let cut = min(last, count - length)
            runs[runs.count - 1] -= cut
            count -= cut
            if cut == last { runs.removeLast() }
        }
    }

    /// The form of what follows each place where it changes: stretches in order.
    var stretches: [(count: Int, isMany: Bool)] {
        runs.enumerated().map { ($1, $0.isMultiple(of: 2)) }.filter { $0.count > 0 }
    }
}
