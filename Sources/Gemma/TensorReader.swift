import GGUF
import Tensors

/// Finds tensors by name and checks their shapes; the mapping stays alive through each matrix.
struct TensorReader {
    let file: GGUFFile

    /// The matrix of `columns` inputs and `rows` outputs.
    ///
    /// Where `<name>.scale` is present it multiplies the products, unless `scaled` is false: the
    /// router's `.scale` is a vector of another meaning.
    func matrix(
        _ name: String,
        _ columns: Int,
        _ rows: Int,
        scaled: Bool = true
    ) throws(ModelError) -> Matrix {
        guard let matrix = try optionalMatrix(name, columns, rows, scaled: scaled) else {
            throw .missingTensor(path: file.path, name: name)
        }
        return matrix
    }

    func optionalMatrix(
        _ name: String,
        _ columns: Int,
        _ rows: Int,
        scaled: Bool = true
    ) throws(ModelError) -> Matrix? {
        guard let info = file.tensor(name) else { return nil }
        guard info.shape == [columns, rows] else { throw wrong(info, [columns, rows]) }
        let stem = name.hasSuffix(".weight") ? String(name.dropLast(7)) : name
        let scale = scaled ? try optionalVector("\(stem).scale", 1)?[0] : nil
        return matrix(info, rows: rows, scale: scale ?? 1)
    }

    /// One matrix an expert; `<stem>.scale` holds a factor for each.
    func stack(
        _ stem: String,
        _ columns: Int,
        _ rows: Int,
        _ count: Int
    ) throws(ModelError) -> [Matrix] {
        guard let stack = try optionalStack(stem, columns, rows, count) else {
            throw .missingTensor(path: file.path, name: "\(stem).weight")
        }
        return stack
    }

    func optionalStack(
        _ stem: String,
        _ columns: Int,
        _ rows: Int,
        _ count: Int
    ) throws(ModelError) -> [Matrix]? {
        guard let info = file.tensor("\(stem).weight") else { return nil }
        guard info.shape == [columns, rows, count] else {
            throw wrong(info, [columns, rows, count])
        }
        let scales = try optionalVector("\(stem).scale", count)
        let all = matrix(info, rows: rows * count, scale: 1)
        return (0..<count).map { expert in
            all.slice(expert * rows..<(expert + 1) * rows, scale: scales?[expert] ?? 1)
        }
    }

    func vector(_ name: String, _ count: Int) throws(ModelError) -> [Float] {
        guard let vector = try optionalVector(name, count) else {
            throw .missingTensor(path: file.path, name: name)
        }
        return vector
    }

    /// A one-dimensional tensor as floats, copied out of the file.
    func optionalVector(_ name: String, _ count: Int) throws(ModelError) -> [Float]? {
        guard let info = file.tensor(name) else { return nil }
        guard info.shape == [count] else { throw wrong(info, [count]) }
        let buffer = FloatBuffer(count: count)
        unsafe matrix(info, rows: 1, scale: 1).readRow(0, into: buffer.base)
        return buffer.array(0..<count)
    }

    /// The numbers of a tensor as rows of `columns`, however many axes it has.
    ///
    /// `columns` is a product of its first axes.
    func rows(of info: TensorInfo, columns: Int) -> Matrix {
        let rows = info.elementCount / columns
        return unsafe Matrix(
            base: file.file.base + info.offset,
            type: info.type.rawValue,
            rows: rows,
            columns: columns,
            bytesPerRow: info.sizeInBytes / rows
        )
    }

    private func matrix(_ info: TensorInfo, rows: Int, scale: Float) -> Matrix {
        unsafe Matrix(
            base: file.file.base + info.offset,
            type: info.type.rawValue,
            rows: rows,
            columns: info.shape[0],
            bytesPerRow: info.sizeInBytes / (info.elementCount / info.shape[0]),
            scale: scale
        )
    }

    func wrong(_ info: TensorInfo, _ expected: [Int]) -> ModelError {
        .wrongShape(path: file.path, name: info.name, found: info.shape, expected: expected)
    }
}
