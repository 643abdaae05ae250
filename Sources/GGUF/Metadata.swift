/// One value of a file's key-value table.
package enum MetadataValue: Sendable, Hashable {
    case integer(Int64)
    /// Only for values above Int64's range.
    case unsigned(UInt64)
    case real(Double)
    case bool(Bool)
    case string(String)
    case array(MetadataArray)

    package var intValue: Int? { if case .integer(let value) = self { Int(value) } else { nil } }
    package var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var stringValue: String? { if case .string(let value) = self { value } else { nil } }

    package var doubleValue: Double? {
        switch self {
        case .real(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }
}

/// An array that stays in the file until somebody asks for it.
package struct MetadataArray: Sendable, Hashable {
    package var elementType: MetadataType
    package var count: Int
    /// Where its elements lie in the file.
    package var range: Range<Int>
}

/// The value types of the format; raw values are GGUF's.
package enum MetadataType: UInt32, Sendable, Hashable {
    case uint8 = 0
    case int8 = 1
    case uint16 = 2
    case int16 = 3
    case uint32 = 4
    case int32 = 5
    case float32 = 6
    case bool = 7
    case string = 8
    case array = 9
    case uint64 = 10
    case int64 = 11
    case float64 = 12

    /// Bytes of one value; nil for the two that vary.
    package var width: Int? {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        case .string, .array: nil
        }
    }
}

/// Many strings in one allocation: a vocabulary has a quarter of a million.
package struct PackedStrings: Sendable {
    package let bytes: [UInt8]
    /// `count + 1` offsets into `bytes`.
    package let offsets: [Int]

    package var count: Int { offsets.count - 1 }
    package subscript(index: Int) -> ArraySlice<UInt8> {
        bytes[offsets[index]..<offsets[index + 1]]
    }
}
