import CKernels
import Tensors

extension TextModel {
    /// Runs a layer's feed-forward part on the stream; the result, before its outer norm, is left
    /// in `state.update`.
    func feedForward(_ index: Int, rows: Int) {
        let layer = weights.layers[index]
        normStream(layer.feedForwardNorm, rows: rows, for: layer.gate.isQuantized)
        activateGate(layer, rows: rows)
        unsafe layer.down.multiply(state.gate, rows: rows, into: state.update.base, on: pool)
        guard let experts = layer.experts else { return }
        mixExperts(experts, rows: rows)
        let d = configuration.embeddingSize
        eachRow(rows) { row in
            let dense = unsafe state.update.at(row * d)
            let mixed = unsafe state.expertSum.at(row * d)
            unsafe norm(dense, experts.densePostNorm, into: dense)
            unsafe norm(mixed, experts.postNorm, into: mixed)
            unsafe Kernels.active.pointee.accumulate(dense, mixed, 1, Int64(d))
        }
    }

    /// Leaves `gelu(gate x) * (up x)` in `state.gate`, x being `state.normed`.
    private func activateGate(_ layer: Weights.Layer, rows: Int) {
        let (gate, up) = (layer.gate, layer.up)
        let width = gate.rows
        state.begin(state.gate, columns: width, rows: rows, for: layer.down.isQuantized)
        if state.form == .few {
            // Memory decides: each thread reads one of the two from end to end.
            unsafe MatrixGroup(gate, up, nil).multiply(
                state.normed,
                rows: rows,
                into: (state.gate.floats.base, state.up.base, state.up.base),
                on: pool
            )
            eachRow(rows) { row in finishGate(row, 0..<width) }
            return
        }
        let perPiece = gate.pieceRows(state.normed.form)
        pool.run((width + perPiece - 1) / perPiece) { piece in
            let range = piece * perPiece..<min((piece + 1) * perPiece, width)
            unsafe gate.multiply(
                state.normed,
                rows: rows,
                range: range,
                into: state.gate.floats.base
            )
            unsafe up.multiply(state.normed, rows: rows, range: range, into: state.up.base)
            for row in 0..<rows { finishGate(row, range) }
        }
    }

    /// Joins a range of a row's gate and up products, and quantises it.
    private func finishGate(_ row: Int, _ range: Range<Int>) {
        let offset = row * state.gate.columns + range.lowerBound
        unsafe Kernels.active.pointee.gelu_multiply(
            state.gate.floats.at(offset),
            state.up.at(offset),
            Int64(range.count)
        )
        state.gate.quantize(row, columns: range)
    }

    /// Sends every row through its experts; the weighted sums are left in `state.expertSum`.
    ///
    /// Rows are grouped by expert, so that an expert's weights are read once a batch. A row's sum
    /// runs in the order of expert numbers whatever the batch, so its bits do not depend on it.
    private func mixExperts(_ experts: Weights.ExpertBlock, rows: Int) {
        let d = configuration.embeddingSize
        let assignments = state.assignments
        // The router reads the un-weighted norm of the stream, with a scale vector of its own.
        normStream(experts.routerScale, rows: rows, for: experts.router.isQuantized)
        unsafe experts.router.multiply(
            state.normed,
            rows: rows,
            into: state.routing.base,
            on: pool
        )
        unsafe assignments.assign(state.routing.base, rowCount: rows)
        normStream(experts.preNorm, rows: rows, for: experts.gates[0].isQuantized)
        activateExperts(experts, slots: assignments.starts.last ?? 0)
        multiplyExperts(experts.downs, state.gate, into: state.expertOutput)
        eachRow(rows) { row in
            let sum = unsafe state.expertSum.at(row * d)
            unsafe sum.update(repeating: 0, count: d)
            let used = configuration.experts?.usedCount ?? 0
            for place in row * used..<(row + 1) * used {
                let slot = assignments.slotsOfRow[place]
                unsafe Kernels.active.pointee.accumulate(
                    sum,
                    state.expertOutput.at(slot * d),
                    assignments.shares[slot],
                    Int64(d)
                )
            }
        }
    }

    /// Leaves `gelu(gate x) * (up x)` of every slot in `state.gate`.
    private func activateExperts(_ experts: Weights.ExpertBlock, slots: Int) {
        let width = experts.gates[0].rows
        state.begin(state.gate, columns: width, rows: slots, for: experts.downs[0].isQuantized)
        let assignments = state.assignments
        eachExpertPiece(experts.gates[0], form: state.normed.form) { expert, range in
            let first = assignments.starts[expert]
            let count = assignments.starts[expert + 1] - first
            multiply(experts.gates[expert], first, count, range, into: state.gate.floats)
            multiply(experts.ups[expert], first, count, range, into: state.up)
            for slot in first..<first + count { finishGate(slot, range) }
        }
    }

    /// Products of rows of `state.normed` that an expert's slots name.
    private func multiply(
        _ matrix: Matrix,
        _ firstSlot: Int,
        _ count: Int,
        _ range: Range<Int>,
        into destination: FloatBuffer
    ) {
        let rows = unsafe state.assignments.rows + firstSlot
        let start = unsafe destination.at(firstSlot * matrix.rows)
        unsafe matrix.multiply(state.normed, rows: count, index: rows, range: range, into: start)
    }

    /// Products of every slot of `x` with its expert's matrix.
    private func multiplyExperts(
        _ matrices: [Matrix],
        _ x: ActivationRows,
        into destination: FloatBuffer
    ) {
        let assignments = state.assignments
        eachExpertPiece(matrices[0], form: x.form) { expert, range in
            let first = assignments.starts[expert]
            unsafe matrices[expert].multiply(
                x,
                rows: assignments.starts[expert + 1] - first,
                firstRow: first,
                range: range,
                into: destination.at(first * matrices[expert].rows)
            )
        }
    }

    /// Shares pieces of the rows of all experts in use among the threads.
    private func eachExpertPiece(
        _ matrix: Matrix,
        form: ActivationRows.Form,
        _ body: (Int, Range<Int>) -> Void
    ) {
        let active = state.assignments.active
        // A loop of the pool has a million pieces at most.
        let least = active.count * matrix.rows / 900_000
        let perPiece = max(matrix.pieceRows(form), (least + 31) / 32 * 32)
        let pieces = (matrix.rows + perPiece - 1) / perPiece
        pool.run(active.count * pieces) { task in
            let first = task % pieces * perPiece
            body(active[task / pieces], first..<min(first + perPiece, matrix.rows))
        }
    }
}
