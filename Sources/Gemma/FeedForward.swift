import CKernels
import Tensors

extension TextModel {
    /// Runs a layer's feed-forward part on the stream; the result, before its outer norm, is left
    /// in `state.update`.
    func feedForward(_ index: Int, rows: Int) {
        let layer = weights.layers[index]
        norm(state.stream, layer.feedForwardNorm, into: state.normed, rows: rows)
        gated(
            gate: layer.gate,
            up: layer.up,
            down: layer.down,
            input: state.normed,
            rows: rows,
            into: state.update
        )
        guard let experts = layer.experts else { return }
        norm(state.update, experts.densePostNorm, into: state.update, rows: rows)
        mixExperts(experts, rows: rows)
        norm(state.expertSum, experts.postNorm, into: state.expertSum, rows: rows)
        let d = configuration.embeddingSize
        eachRow(rows) { [state] row in
            unsafe Kernels.active.pointee.accumulate(
                state.update.at(row * d),
                state.expertSum.at(row * d),
                1,
                Int64(d)
            )
        }
    }

    /// Computes `destination = down(gelu(gate x) * (up x))`.
    private func gated(
        gate: Matrix,
        up: Matrix,
        down: Matrix,
        input: FloatBuffer,
        rows: Int,
        into destination: FloatBuffer
    ) {
        unsafe gate.multiply(input.base, rows: rows, into: state.gate.base, on: pool)
        unsafe up.multiply(input.base, rows: rows, into: state.up.base, on: pool)
        let width = gate.rows
        eachRow(rows) { [state] row in
            unsafe Kernels.active.pointee.gelu_multiply(
                state.gate.at(row * width),
                state.up.at(row * width),
                Int64(width)
            )
        }
        unsafe down.multiply(state.gate.base, rows: rows, into: destination.base, on: pool)
    }

    /// Sends every row through its experts; the weighted sums are left in `state.expertSum`.
    ///
    /// Rows are gathered by expert, so that an expert's weights are read once a batch. A row's sum
    /// runs in the order of expert numbers whatever the batch, so its bits do not depend on it.
    private func mixExperts(_ experts: Weights.ExpertBlock, rows: Int) {
        guard let numbers = configuration.experts else { return }
        let d = configuration.embeddingSize
        // The router reads the un-weighted norm of the stream, with a scale vector of its own.
        norm(state.stream, experts.routerScale, into: state.normed, rows: rows)
        unsafe experts.router.multiply(
            state.normed.base,
            rows: rows,
            into: state.routing.base,
            on: pool
        )
        var members: [[(row: Int, share: Float)]] = Array(repeating: [], count: numbers.count)
        for row in 0..<rows {
            let scores = state.routing.array(row * numbers.count..<(row + 1) * numbers.count)
            for (expert, share) in Self.route(scores, count: numbers.usedCount) {
                members[expert].append((row, share))
            }
        }
        norm(state.stream, experts.preNorm, into: state.normed, rows: rows)
        unsafe state.expertSum.base.update(repeating: 0, count: rows * d)
        for (expert, routed) in members.enumerated() where !routed.isEmpty {
            for (place, member) in routed.enumerated() {
                unsafe state.expertInput.at(place * d).update(
                    from: state.normed.at(member.row * d),
                    count: d
                )
            }
            gated(
                gate: experts.gates[expert],
                up: experts.ups[expert],
                down: experts.downs[expert],
                input: state.expertInput,
                rows: routed.count,
                into: state.expertOutput
            )
            eachRow(routed.count) { [state] place in
                unsafe Kernels.active.pointee.accumulate(
                    state.expertSum.at(routed[place].row * d),
                    state.expertOutput.at(place * d),
                    routed[place].share,
                    Int64(d)
                )
            }
        }
    }

    /// The most probable experts and their shares, which add up to 1.
    ///
    /// The softmax over the chosen scores equals the renormalised softmax over all. Ties go to
    /// the lower number.
    static func route(_ scores: [Float], count: Int) -> [(expert: Int, share: Float)] {
        let chosen = scores.indices.sorted {
            scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1
        }.prefix(count)
        let top = chosen.first.map { scores[$0] } ?? 0
        let powers = chosen.map { exponential(scores[$0] - top) }
        let sum = powers.reduce(0, +)
        return zip(chosen, powers).map { ($0, $1 / sum) }
    }
}
