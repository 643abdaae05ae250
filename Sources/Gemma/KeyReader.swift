import GGUF

/// Reads architecture-prefixed metadata with limits, in the widths writers really use.
struct KeyReader {
    let file: GGUFFile

    var architecture: String {
        file.metadata["general.architecture"]?.stringValue ?? "not named"
    }

    func bad(_ key: String, _ reason: String) -> ModelError {
        .badValue(path: file.path, key: "\(architecture).\(key)", reason: reason)
    }

    private func value(_ key: String) -> MetadataValue? { file.metadata["\(architecture).\(key)"] }

    private func missing(_ key: String) -> ModelError {
        .missingKey(path: file.path, key: "\(architecture).\(key)")
    }

    /// A whole number from 1 to `limit`; an array of equal numbers is taken as one.
    func size(_ key: String, limit: Int) throws(ModelError) -> Int {
        guard let value = value(key) else { throw missing(key) }
        var number = value.intValue
        if case .array = value, let all = file.integers("\(architecture).\(key)"),
            let first = all.first
        {
            guard all.allSatisfy({ $0 == first }) else {
                throw bad(key, "differs between layers, which no known model does")
            }
            number = first
        }
        guard let number, (1...limit).contains(number) else {
            throw bad(key, "is not a whole number from 1 to \(limit)")
        }
        return number
    }

    /// A whole number that may be 0; nil for `absent` makes the key mandatory.
    func count(_ key: String, absent: Int?) throws(ModelError) -> Int {
        guard let value = value(key) else {
            guard let absent else { throw missing(key) }
            return absent
        }
        guard let number = value.intValue, number >= 0 else {
            throw bad(key, "is not a whole number")
        }
        return number
    }

    /// A finite real number; nil for `absent` makes the key mandatory.
    func real(_ key: String, absent: Double? = nil) throws(ModelError) -> Double {
        guard let value = value(key) else {
            guard let absent else { throw missing(key) }
            return absent
        }
        guard let number = value.doubleValue, number.isFinite else {
            throw bad(key, "is not a number")
        }
        return number
    }

    /// One number for every layer: from an array of that length, or a number that all share.
    func perLayer(_ key: String, count: Int, limit: Int) throws(ModelError) -> [Int] {
        guard let value = value(key) else { throw missing(key) }
        guard case .array = value else {
            return Array(repeating: try size(key, limit: limit), count: count)
        }
        guard let all = file.integers("\(architecture).\(key)"), all.count == count,
            all.allSatisfy({ (1...limit).contains($0) })
        else { throw bad(key, "is not an array of \(count) whole numbers from 1 to \(limit)") }
        return all
    }

    /// Which layers slide: a boolean array, or a period whose last layer is global.
    func slidingPattern(count: Int, absentPeriod: Int? = nil) throws(ModelError) -> [Bool] {
        let key = "attention.sliding_window_pattern"
        guard let value = value(key) else {
            guard let absentPeriod else { throw missing(key) }
            return (0..<count).map { $0 % absentPeriod < absentPeriod - 1 }
        }
        if let period = value.intValue {
            guard period > 0 else { throw bad(key, "is not a positive period") }
            return (0..<count).map { $0 % period < period - 1 }
        }
        guard let all = file.integers("\(architecture).\(key)"), all.count == count else {
            throw bad(key, "is not an array of \(count) booleans")
        }
        return all.map { $0 != 0 }
    }
}
