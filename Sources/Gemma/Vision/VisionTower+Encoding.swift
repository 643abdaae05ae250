import CKernels
import Media
import Tensors

extension VisionTower {
    /// Columns of the widest input of a product.
    var widest: Int { max(feedForwardSize, width, patches.columns) }

    /// The soft tokens of a picture, `[tokens, text width]`; nil when cancelled.
    func encode(
        _ picture: Picture,
        pool: WorkerPool,
        precision: Precision,
        isCancelled: () -> Bool
    ) -> [Float]? {
        let grid = PatchGrid(picture, side: Self.patchSide)
        guard grid.count > 0 else { return [] }
        return withoutActuallyEscaping(isCancelled) { isCancelled in
            let work = VisionWork(
                self,
                grid,
                pool: pool,
                precision: precision,
                isCancelled: isCancelled
            )
            guard embed(work) else { return nil }
            let rope = VisionRope(headSize: headSize, columns: grid.columns, rows: grid.rows)
            for layer in layers {
                guard projectHeads(layer, rope, work),
                    work.attention.attend(on: pool, isCancelled: isCancelled),
                    finish(layer, work)
                else { return nil }
            }
            return project(work)
        }
    }

    /// Bytes of scratch for a picture of so many patches.
    func scratchBytes(patches count: Int, threads: Int) -> Int {
        let rows = min(count, EncoderProducts.blockSize)
        let floats = count * width + rows * (2 * width + 2 * widest)
        return floats * MemoryLayout<Float>.stride
            + EncoderProducts.plannedBytes(rows: rows, columns: widest, threads: threads)
            // Which of the two is larger depends on the processor.
            + max(
                ExactVisionAttention.plannedBytes(
                    rows: count,
                    heads: headCount,
                    headSize: headSize,
                    threads: threads
                ),
                RoundedVisionAttention.plannedBytes(
                    rows: count,
                    heads: headCount,
                    headSize: headSize,
                    threads: threads
                )
            )
    }

    /// Attention for so many rows, as the precision wants it.
    func attention(
        rows: Int,
        threads: Int,
        precision: Precision
    ) -> any VisionAttention {
        switch precision {
        case .exact:
            ExactVisionAttention(
                rows: rows,
                heads: headCount,
                headSize: headSize,
                threads: threads
            )
        case .fast:
            RoundedVisionAttention(
                rows: rows,
                heads: headCount,
                headSize: headSize,
                threads: threads
            )
        }
    }

    private func embed(_ work: VisionWork) -> Bool {
        let grid = work.grid
        // A picture larger than the table, which no budget makes, shares the last rows.
        let last = positions.rows / 2 - 1
        return work.eachBlock { rows in
            work.pool.run(rows.count) { row in
                unsafe grid.write(
                    rows.lowerBound + row,
                    scale: 2,
                    offset: -1,
                    into: work.gate.at(row * patches.columns)
                )
            }
            let first = rows.lowerBound
            work.products.multiply(
                patches,
                work.gate,
                count: rows.count,
                into: work.stream,
                at: first
            )
            work.pool.run(rows.count) { row in
                let patch = first + row
                let stream = unsafe work.stream.at(patch * width)
                let place = unsafe work.update.at(row * width)
                let (x, y) = (patch % grid.columns, patch / grid.columns)
                for index in [min(x, last), last + 1 + min(y, last)] {
                    unsafe positions.readRow(index, into: place)
                    unsafe Kernels.active.pointee.accumulate(stream, place, 1, Int64(width))
                }
            }
        }
    }

    /// Leaves every patch's queries, keys and values with the attention, normed and turned.
    private func projectHeads(_ layer: Layer, _ rope: VisionRope, _ work: VisionWork) -> Bool {
        work.eachBlock { rows in
            let first = rows.lowerBound
            norm(layer.attentionNorm, rows, work)
            let heads: [(EncoderLinear, [Float]?, VisionPart)] = [
                (layer.query, layer.queryNorm, .queries), (layer.key, layer.keyNorm, .keys),
                (layer.value, nil, .values),
            ]
            for (linear, weights, part) in heads {
                work.products.multiply(linear, work.normed, count: rows.count, into: work.update)
                work.pool.run(rows.count) { row in
                    let patch = first + row
                    for head in 0..<headCount {
                        let values = unsafe work.update.at(row * width + head * headSize)
                        unsafe EncoderRows.norm(values, weights, into: values, count: headSize)
                        if part != .values {
                            unsafe rope.turn(
                                values,
                                column: patch % work.grid.columns,
                                row: patch / work.grid.columns
                            )
                        }
                        unsafe work.attention.store(values, part, head: head, row: patch)
                    }
                }
            }
        }
    }

    /// Adds what attention found and the feed-forward part to the stream.
    private func finish(_ layer: Layer, _ work: VisionWork) -> Bool {
        work.eachBlock { rows in
            let (first, count) = (rows.lowerBound, rows.count)
            work.pool.run(count) { row in
                unsafe work.attention.read(first + row, into: work.normed.at(row * width))
            }
            work.products.multiply(layer.output, work.normed, count: count, into: work.update)
            add(layer.attentionPostNorm, rows, work)
            norm(layer.feedForwardNorm, rows, work)
            work.products.multiply(layer.gate, work.normed, count: count, into: work.gate)
            work.products.multiply(layer.up, work.normed, count: count, into: work.up)
            work.pool.run(count) { row in
                let place = row * feedForwardSize
                unsafe Kernels.active.pointee.gelu_multiply(
                    work.gate.at(place),
                    work.up.at(place),
                    Int64(feedForwardSize)
                )
            }
            work.products.multiply(layer.down, work.gate, count: count, into: work.update)
            add(layer.feedForwardPostNorm, rows, work)
            guard let scale = layer.scale else { return }
            work.pool.run(count) { row in
                let stream = unsafe work.stream.at((first + row) * width)
                for index in 0..<width {
                    unsafe stream[index] *= scale[scale.count == 1 ? 0 : index]
                }
            }
        }
    }

    /// Norms a block of the stream into `normed`.
    private func norm(_ weights: [Float], _ rows: Range<Int>, _ work: VisionWork) {
        work.pool.run(rows.count) { row in
            unsafe EncoderRows.norm(
                work.stream.at((rows.lowerBound + row) * width),
                weights,
                into: work.normed.at(row * width),
                count: width
            )
        }
    }

    /// Adds the normed `update` to a block of the stream.
    private func add(_ weights: [Float], _ rows: Range<Int>, _ work: VisionWork) {
        work.pool.run(rows.count) { row in
            unsafe EncoderRows.add(
                work.update.at(row * width),
                weights,
                to: work.stream.at((rows.lowerBound + row) * width),
                count: width
            )
        }
    }

    /// Averages squares of patches, standardises and projects them.
    private func project(_ work: VisionWork) -> [Float] {
        let columns = work.grid.columns / Self.pool
        let tokens = columns * (work.grid.rows / Self.pool)
        let pooled = FloatBuffer(count: tokens * width)
        let factor = Float(width).squareRoot() / Float(Self.pool * Self.pool)
        work.pool.run(tokens) { token in
            let sum = unsafe pooled.at(token * width)
            let (left, top) = (token % columns * Self.pool, token / columns * Self.pool)
            for row in top..<top + Self.pool {
                for column in left..<left + Self.pool {
                    let patch = unsafe work.stream.at((row * work.grid.columns + column) * width)
                    unsafe Kernels.active.pointee.accumulate(sum, patch, 1, Int64(width))
                }
            }
            for index in 0..<width {
                let value = unsafe sum[index] * factor - (standardBias?[index] ?? 0)
                unsafe sum[index] = value * (standardScale?[index] ?? 1)
            }
            unsafe EncoderRows.norm(sum, projectorNorm, into: sum, count: width)
        }
        let result = FloatBuffer(count: tokens * projector.rows)
        work.products.multiply(projector, pooled, count: tokens, into: result)
        return result.array(0..<result.count)
    }
}
