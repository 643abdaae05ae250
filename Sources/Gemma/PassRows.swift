/// The rows of a pass that are still there.
struct PassRows {
    var positions: [Int]
    /// For each row the end of the positions that it sees in sliding layers; nil where all rows see
    /// what is before them and themselves.
    var horizons: [Int]?
}
