extension GGUFFile {
    /// The strings of an array value, or nil when the key is absent or holds something else.
    package func strings(_ key: String) -> PackedStrings? {
        guard case .array(let array)? = metadata[key], array.elementType == .string else {
            return nil
        }
        var reader = ByteReader(file: file, path: path, position: array.range.lowerBound)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(array.range.count)
        var offsets = [0]
        offsets.reserveCapacity(array.count + 1)
        for _ in 0..<array.count {
            // The lengths were checked when the file was opened.
            guard let range = try? reader.stringRange(for: key) else { return nil }
            unsafe bytes.append(
                contentsOf: UnsafeRawBufferPointer(
                    start: file.base + range.lowerBound,
                    count: range.count
                )
            )
            offsets.append(bytes.count)
        }
        return PackedStrings(bytes: bytes, offsets: offsets)
    }

    /// The integers (or booleans as 0 and 1) of an array value, whatever their width; nil when the
    /// key is absent or holds something else.
    package func integers(_ key: String) -> [Int]? {
        guard case .array(let array)? = metadata[key], let width = array.elementType.width else {
            return nil
        }
        func load<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) -> [Int] {
            (0..<array.count).map { index in
                let value = unsafe file.base.loadUnaligned(
                    fromByteOffset: array.range.lowerBound + index * width,
                    as: T.self
                )
                return Int(clamping: T(littleEndian: value))
            }
        }
        switch array.elementType {
        case .uint8, .bool: return load(UInt8.self)
        case .int8: return load(Int8.self)
        case .uint16: return load(UInt16.self)
        case .int16: return load(Int16.self)
        case .uint32: return load(UInt32.self)
        case .int32: return load(Int32.self)
        case .uint64: return load(UInt64.self)
        case .int64: return load(Int64.self)
        case .float32, .float64, .string, .array: return nil
        }
    }

    /// The 32-bit reals of an array value; nil when the key is absent or holds something else.
    package func floats(_ key: String) -> [Float]? {
        guard case .array(let array)? = metadata[key], array.elementType == .float32 else {
            return nil
        }
        return (0..<array.count).map { index in
            Float(
                bitPattern: unsafe file.base.loadUnaligned(
                    fromByteOffset: array.range.lowerBound + index * 4,
                    as: UInt32.self
                )
            )
        }
    }
}
