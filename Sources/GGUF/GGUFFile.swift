/// One tensor of a file: where its bytes lie and how to read them.
package struct TensorInfo: Sendable, Hashable {
    package var name: String
    package var type: TensorType
    /// Fastest axis first, as GGUF writes them: a matrix is `[inputs, outputs]`.
    package var shape: [Int]
    /// Absolute byte offset in the file.
    package var offset: Int
    package var sizeInBytes: Int

    package var elementCount: Int { shape.reduce(1, *) }
}

/// An open GGUF file (version 2 or 3): its metadata and where its tensors lie.
///
/// Everything is checked against the file's length when it is opened; after that, ranges are
/// trusted. Weights stay in the mapping.
package final class GGUFFile: Sendable {
    package let path: String
    package let version: UInt32
    package let file: MappedFile
    package let alignment: Int
    /// Keys in file order.
    package let metadataKeys: [String]
    package let metadata: [String: MetadataValue]
    package let tensors: [TensorInfo]
    /// Bytes before the tensor data: header, metadata and tensor table.
    package let headerSize: Int
    private let tensorIndex: [String: Int]

    private static let maximumAlignment = 4096
    private static let maximumStringLength = 16 << 20
    private static let maximumNameLength = 256

    /// Opens and checks a file.
    /// - Throws: `GGUFError`, whose sentence names the path and the way out.
    package init(path: String) throws(GGUFError) {
        let file = try MappedFile(path: path)
        var reader = ByteReader(file: file, path: path)
        guard let magic = try? reader.integer(UInt32.self, for: "the header"), magic == 0x4655_4747
        else { throw .notGGUF(path: path) }
        version = try reader.integer(UInt32.self, for: "the header")
        guard version == 2 || version == 3 else {
            throw .unsupportedVersion(path: path, version: version)
        }
        let tensorCount = try reader.count(for: "the header")
        let keyCount = try reader.count(for: "the header")
        // A key costs at least 13 bytes and a tensor 32, so a count beyond that is a lie.
        guard keyCount <= file.count / 13 else {
            throw reader.malformed("it claims \(keyCount) keys")
        }
        guard tensorCount <= file.count / 32 else {
            throw reader.malformed("it claims \(tensorCount) tensors")
        }

        var keys: [String] = []
        var values: [String: MetadataValue] = [:]
        for _ in 0..<keyCount {
            let key = try reader.string(limit: 65_535, for: "a metadata key")
            let value = try Self.value(&reader, key: key)
            guard values.updateValue(value, forKey: key) == nil else {
                throw reader.malformed("the key \(key) stands twice in it")
            }
            keys.append(key)
        }
        metadataKeys = keys
        metadata = values

        var alignment = 32
        if let value = values["general.alignment"] {
            guard let number = value.intValue, number >= 8, number <= Self.maximumAlignment,
                number & (number - 1) == 0
            else { throw reader.malformed("its alignment is not a power of two up to 4096") }
            alignment = number
        }
        self.alignment = alignment
        tensors = try Self.tensorTable(&reader, count: tensorCount, alignment: alignment)
        headerSize = reader.position
        var index: [String: Int] = [:]
        for (place, tensor) in tensors.enumerated() {
            guard index.updateValue(place, forKey: tensor.name) == nil else {
                throw reader.malformed("the tensor \(tensor.name) stands twice in it")
            }
        }
        tensorIndex = index
        self.path = path
        self.file = file
    }

    package func tensor(_ name: String) -> TensorInfo? { tensorIndex[name].map { tensors[$0] } }

    private static func value(
        _ reader: inout ByteReader,
        key: String
    ) throws(GGUFError) -> MetadataValue {
        let type = try valueType(&reader, key: key)
        guard type == .array else { return try scalar(&reader, type, key: key) }
        let element = try valueType(&reader, key: key)
        guard element != .array else {
            throw reader.malformed("the value of \(key) is an array of arrays")
        }
        let count = try reader.count(for: "the array \(key)")
        let start = reader.position
        if let width = element.width {
            let (size, overflow) = count.multipliedReportingOverflow(by: width)
            _ = try reader.take(overflow ? Int.max : size, for: "the array \(key)")
        } else {
            guard count <= reader.file.count / 8 else {
                throw reader.malformed("the array \(key) claims \(count) strings")
            }
            for _ in 0..<count { _ = try reader.stringRange(for: "the array \(key)") }
        }
        return .array(.init(elementType: element, count: count, range: start..<reader.position))
    }

    private static func valueType(
        _ reader: inout ByteReader,
        key: String
    ) throws(GGUFError) -> MetadataType {
        let raw = try reader.integer(UInt32.self, for: "the type of \(key)")
        guard let type = MetadataType(rawValue: raw) else {
            throw reader.malformed("the value of \(key) has the unknown type \(raw)")
        }
        return type
    }

    private static func scalar(
        _ reader: inout ByteReader,
        _ type: MetadataType,
        key: String
    ) throws(GGUFError) -> MetadataValue {
        let what = "the value of \(key)"
        switch type {
        case .uint8: return .integer(Int64(try reader.integer(UInt8.self, for: what)))
        case .int8: return .integer(Int64(try reader.integer(Int8.self, for: what)))
        case .uint16: return .integer(Int64(try reader.integer(UInt16.self, for: what)))
        case .int16: return .integer(Int64(try reader.integer(Int16.self, for: what)))
        case .uint32: return .integer(Int64(try reader.integer(UInt32.self, for: what)))
        case .int32: return .integer(Int64(try reader.integer(Int32.self, for: what)))
        case .int64: return .integer(try reader.integer(Int64.self, for: what))
        case .uint64:
            let raw = try reader.integer(UInt64.self, for: what)
            return Int64(exactly: raw).map { .integer($0) } ?? .unsigned(raw)
        case .float32:
            let bits = try reader.integer(UInt32.self, for: what)
            return .real(Double(Float(bitPattern: bits)))
        case .float64:
            return .real(Double(bitPattern: try reader.integer(UInt64.self, for: what)))
        case .bool: return .bool(try reader.integer(UInt8.self, for: what) != 0)
        case .string: return .string(try reader.string(limit: maximumStringLength, for: what))
        case .array: throw reader.malformed("\(what) is an array of arrays")
        }
    }

    private static func tensorTable(
        _ reader: inout ByteReader,
        count: Int,
        alignment: Int
    ) throws(GGUFError) -> [TensorInfo] {
        var table: [TensorInfo] = []
        for _ in 0..<count {
            let name = try reader.string(limit: maximumNameLength, for: "the tensor table")
            let dimensions = try reader.integer(UInt32.self, for: "the shape of \(name)")
            guard (1...4).contains(dimensions) else {
                throw reader.malformed("the tensor \(name) has \(dimensions) dimensions")
            }
            var shape: [Int] = []
            var elements = 1
            for _ in 0..<dimensions {
                let size = try reader.count(for: "the shape of \(name)")
                let (product, overflow) = elements.multipliedReportingOverflow(by: size)
                guard size > 0, !overflow, product <= Int.max / 8 else {
                    throw reader.malformed("the tensor \(name) has an impossible shape")
                }
                shape.append(size)
                elements = product
            }
            let rawType = try reader.integer(UInt32.self, for: "the type of \(name)")
            guard let type = TensorType(rawValue: rawType) else {
                throw .unsupportedType(path: reader.path, tensor: name, type: rawType)
            }
            guard shape[0] % type.blockSize == 0 else {
                throw reader.malformed(
                    "the rows of \(name) are \(shape[0]) long, not whole blocks of \(type.name)"
                )
            }
            let offset = try reader.count(for: "the offset of \(name)")
            guard offset % alignment == 0 else {
                throw reader.malformed("the tensor \(name) is not aligned")
            }
            let (size, overflow) = (elements / type.blockSize)
                .multipliedReportingOverflow(by: type.bytesPerBlock)
            guard !overflow else {
                throw reader.malformed("the tensor \(name) is impossibly large")
            }
            table.append(
                TensorInfo(name: name, type: type, shape: shape, offset: offset, sizeInBytes: size)
            )
        }
        let headerEnd = (reader.position + alignment - 1) / alignment * alignment
        for index in table.indices {
            let (start, overflow) = headerEnd.addingReportingOverflow(table[index].offset)
            let (end, overflow2) = start.addingReportingOverflow(table[index].sizeInBytes)
            guard !overflow, !overflow2, end <= reader.file.count else {
                throw .truncated(
                    path: reader.path,
                    size: reader.file.count,
                    needed: overflow || overflow2 ? Int.max : end,
                    what: "the tensor \(table[index].name)"
                )
            }
            table[index].offset = start
        }
        return table
    }
}
