import GGUF
import Tensors

/// Reads the numbers and tensors of one encoder, from a projector file or from a model that holds
/// its encoders itself.
///
/// Sizes come from the tensors, so that they always fit; keys that say otherwise are errors.
struct EncoderReader {
    /// An encoder by the word that its keys have in their names.
    enum Part: String {
        case vision
        case audio
    }

    let file: GGUFFile
    let part: Part
    let tensors: TensorReader
    let keys: KeyReader

    init(file: GGUFFile, part: Part) {
        self.file = file
        self.part = part
        tensors = TensorReader(file: file)
        keys = KeyReader(file: file)
    }

    /// What the file calls its encoder; nil where it has no name for it.
    var kindName: String? {
        let key = "\(keys.architecture).\(part).projector_type"
        return (file.metadata[key] ?? file.metadata["\(keys.architecture).projector_type"])?
            .stringValue
    }

    /// A key's whole number above 0; nil where there is none.
    func count(_ key: String) -> Int? {
        file.metadata["\(keys.architecture).\(part).\(key)"]?.intValue.flatMap { $0 > 0 ? $0 : nil }
    }

    /// Checks that a key, if it is there and not 0, says what the tensors say.
    func check(_ key: String, is expected: Int) throws(ModelError) {
        guard let value = file.metadata["\(keys.architecture).\(part).\(key)"] else { return }
        guard let number = value.intValue else {
            throw keys.bad("\(part).\(key)", "is not a whole number")
        }
        guard number == 0 || number == expected else {
            throw keys.bad("\(part).\(key)", "is \(number) where its tensors say \(expected)")
        }
    }

    /// How many blocks `<prefix>.blk.N` the file holds; a block is known by one of its tensors.
    func blockCount(_ prefix: String, knownBy tensor: String) throws(ModelError) -> Int {
        var count = 0
        while file.tensor("\(prefix).blk.\(count).\(tensor)") != nil { count += 1 }
        guard count > 0 else {
            throw .missingTensor(path: file.path, name: "\(prefix).blk.0.\(tensor)")
        }
        try check("block_count", is: count)
        return count
    }

    /// The shape of a tensor with so many axes.
    func shape(_ name: String, axes: Int) throws(ModelError) -> [Int] {
        guard let info = file.tensor(name) else {
            throw .missingTensor(path: file.path, name: name)
        }
        guard info.shape.count == axes else {
            throw tensors.wrong(info, Array(info.shape.prefix(axes)))
        }
        return info.shape
    }

    func vector(_ name: String, _ count: Int) throws(ModelError) -> [Float] {
        try tensors.vector(name, count)
    }

    func optionalVector(_ name: String, _ count: Int) throws(ModelError) -> [Float]? {
        try tensors.optionalVector(name, count)
    }

    /// A matrix and its bounds, all beside one another under the name `base`.
    func linear(_ base: String, _ columns: Int, _ rows: Int) throws(ModelError) -> EncoderLinear {
        EncoderLinear(
            matrix: try tensors.matrix("\(base).weight", columns, rows),
            input: try bounds("\(base).input"),
            output: try bounds("\(base).output")
        )
    }

    private func bounds(_ base: String) throws(ModelError) -> ClosedRange<Float>? {
        let low = try optionalVector("\(base)_min", 1)?[0] ?? -.infinity
        let high = try optionalVector("\(base)_max", 1)?[0] ?? .infinity
        // False for what is not a number.
        guard low <= high else {
            throw .badValue(path: file.path, key: "\(base)_min", reason: "is above its maximum")
        }
        return low == -.infinity && high == .infinity ? nil : low...high
    }

    /// The matrix from soft tokens to the text model, whose width tells the models apart.
    func projector(
        _ name: String,
        _ columns: Int,
        textWidth: Int
    ) throws(ModelError) -> EncoderLinear {
        let shape = try shape("\(name).weight", axes: 2)
        guard shape[1] == textWidth else {
            throw .encoderOfAnotherModel(path: file.path, found: shape[1], expected: textWidth)
        }
        try check("projection_dim", is: textWidth)
        return try linear(name, columns, textWidth)
    }

    /// The patch embedding `[outputs, 3 * side * side]`, its inputs by channel, row and column.
    func patches(side: Int) throws(ModelError) -> Matrix {
        let name = "v.patch_embd.weight"
        guard let info = file.tensor(name) else {
            throw .missingTensor(path: file.path, name: name)
        }
        let columns = 3 * side * side
        let outputs = info.shape.last ?? 0
        guard info.shape == [side, side, 3, outputs] || info.shape == [columns, outputs] else {
            throw tensors.wrong(info, [side, side, 3, outputs])
        }
        try check("embedding_length", is: outputs)
        return tensors.rows(of: info, columns: columns)
    }

    /// The position table as rows: those of the columns' numbers first, then as many of the rows'.
    func positions(width: Int) throws(ModelError) -> Matrix {
        let name = "v.position_embd.weight"
        let shape = try shape(name, axes: 3)
        guard let info = file.tensor(name), shape[0] == width, shape[2] == 2 else {
            throw .wrongShape(
                path: file.path,
                name: name,
                found: shape,
                expected: [width, shape[1], 2]
            )
        }
        return tensors.rows(of: info, columns: width)
    }
}
