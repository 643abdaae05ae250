import Foundation
import GGUF
import Gemma
import Tensors

/// One model with what a test needs around it.
final class ModelRunner {
    let model: TextModel
    private let pool: WorkerPool

    init(_ path: String, threads: Int = 2, batchSize: Int = 256) throws {
        pool = WorkerPool(threadCount: threads)
        model = try TextModel(file: GGUFFile(path: path), pool: pool, batchSize: batchSize)
    }

    deinit { pool.stop() }

    /// Logits of every position, `[positions, vocabulary]`, read in pieces of `chunk` tokens.
    func logits(
        _ ids: [Int32],
        chunk: Int? = nil,
        precision: Precision = .exact,
        format: KVFormat? = nil,
        firstPosition: Int = 0,
        soft: SoftRows = .none,
        observe: ((Int, [Float]) -> Void)? = nil
    ) -> [Float] {
        let cache = model.makeCache(
            capacity: ids.count + 1,
            precision: precision,
            format: format,
            firstPosition: firstPosition
        )
        let size = model.configuration.vocabularySize
        let step = min(chunk ?? model.batchSize, model.batchSize)
        let buffer = FloatBuffer(count: step * size)
        var all: [Float] = []
        var start = 0
        while start < ids.count {
            let end = min(start + step, ids.count)
            model.forward(
                ids[start..<end],
                cache: cache,
                output: .all,
                into: buffer,
                soft: soft.within(start..<end, width: model.configuration.embeddingSize),
                observe: observe
            )
            all += buffer.array(0..<(end - start) * size)
            start = end
        }
        return all
    }

    /// The `count` most probable tokens one after another.
    func greedy(_ ids: [Int32], count: Int) -> [Int32] {
        let cache = model.makeCache(capacity: ids.count + count, precision: .exact)
        let size = model.configuration.vocabularySize
        let buffer = FloatBuffer(count: size)
        var next = ids[...]
        var answer: [Int32] = []
        while answer.count < count {
            while next.count > model.batchSize {
                model.forward(
                    next.prefix(model.batchSize),
                    cache: cache,
                    output: .none,
                    into: nil
                )
                next = next.dropFirst(model.batchSize)
            }
            model.forward(next, cache: cache, output: .last, into: buffer)
            let logits = buffer.array(0..<size)
            let best = logits.indices.max {
                logits[$0] != logits[$1] ? logits[$0] < logits[$1] : $0 > $1
            }
            answer.append(Int32(best ?? 0))
            next = answer.suffix(1)
        }
        return answer
    }
}

/// The largest absolute difference; infinite when the counts differ or a number is NaN.
func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).reduce(0) { largest, pair in
        let difference = abs(pair.0 - pair.1)
        return difference.isNaN ? .infinity : max(largest, difference)
    }
}

extension SoftRows {
    /// The part of them that a pass over some of the places reads.
    func within(_ places: Range<Int>, width: Int) -> SoftRows {
        SoftRows(
            spans: spans.compactMap { span in
                let part = span.rows.clamped(to: places)
                guard !part.isEmpty else { return nil }
                let first =
                    span.embeddings.startIndex + (part.lowerBound - span.rows.lowerBound) * width
                return Span(
                    rows: part.lowerBound - places.lowerBound..<part.upperBound - places.lowerBound,
                    embeddings: span.embeddings[first..<first + part.count * width],
                    seesAhead: span.seesAhead
                )
            }
        )
    }
}
