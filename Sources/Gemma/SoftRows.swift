import Tensors

/// Rows of a pass that are no words: what an encoder made of a picture or a sound.
///
/// The rows take the place of token embeddings as they are, unscaled; per-layer embeddings take the
/// table's row of the padding token for them.
package struct SoftRows: Sendable {
    /// A stretch of them, from one picture, frame or clip.
    package struct Span: Sendable {
        /// Rows of the pass.
        package var rows: Range<Int>
        /// Their embeddings, `[rows, d]`.
        package var embeddings: ArraySlice<Float>
        /// In sliding layers the rows of the span see each other whatever their order; the pass must
        /// then hold the whole span.
        package var seesAhead: Bool

        package init(rows: Range<Int>, embeddings: ArraySlice<Float>, seesAhead: Bool) {
            self.rows = rows
            self.embeddings = embeddings
            self.seesAhead = seesAhead
        }
    }

    package var spans: [Span]

    package init(spans: [Span] = []) { self.spans = spans }

    package static let none = SoftRows()

    /// For each row the end of what it sees in sliding layers, where that is beyond itself.
    func horizons(rows: Int, firstPosition: Int) -> [Int]? {
        guard spans.contains(where: \.seesAhead) else { return nil }
        var horizons = (0..<rows).map { firstPosition + $0 + 1 }
        for span in spans where span.seesAhead {
            for row in span.rows { horizons[row] = firstPosition + span.rows.upperBound }
        }
        return horizons
    }
}

/// The token whose row of the per-layer table soft rows take.
let paddingToken: Int32 = 0

extension TextModel {
    /// Puts soft rows where the tokens' embeddings were.
    func place(_ soft: SoftRows) {
        let d = configuration.embeddingSize
        let keepsCopy = configuration.perLayerSize > 0
        for span in soft.spans {
            for (offset, row) in span.rows.enumerated() {
                let start = span.embeddings.startIndex + offset * d
                unsafe span.embeddings[start..<start + d].withUnsafeBufferPointer { values in
                    guard let base = values.baseAddress else { return }
                    unsafe state.stream.at(row * d).update(from: base, count: d)
                    if keepsCopy { unsafe state.embedded.at(row * d).update(from: base, count: d) }
                }
            }
        }
    }
}
