import Crypto
import Foundation

/// Whether a file is still the one that was attached.
enum FileHash {
    /// - Parameters:
    ///   - path: of the file.
    ///   - hash: SHA-256 in hexadecimal digits.
    /// - Returns: false too when it cannot be read.
    @concurrent
    static func matches(_ path: String, _ hash: String) async -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? file.close() }
        var hasher = SHA256()
        while let chunk = try? file.read(upToCount: 1 << 20), !chunk.isEmpty {
            hasher.update(data: chunk)
        }
        let digits = hasher.finalize().map { String(format: "%02x", $0) }.joined()
        return digits == hash.lowercased()
    }
}
