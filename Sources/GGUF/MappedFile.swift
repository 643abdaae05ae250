import Foundation
import Glibc

/// A whole file mapped read-only into memory, unmapped when the last owner lets go.
///
/// Pages are shared with every other process that maps the file, and cost nothing until touched.
@safe
package final class MappedFile: @unchecked Sendable {
    // Proof of `Sendable`: both properties are constant, and the pages behind them are mapped
    // read-only, so no thread can change what another reads.
    package let base: UnsafeRawPointer
    package let count: Int

    /// Maps the file at this path.
    /// - Throws: `GGUFError.unreadable` naming the path and the system's reason.
    package init(path: String) throws(GGUFError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(path: path, reason: Self.reason()) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw .unreadable(path: path, reason: Self.reason())
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(path: path, reason: "it is not a regular file")
        }
        guard status.st_size > 0 else { throw .unreadable(path: path, reason: "it is empty") }
        let size = Int(status.st_size)
        let address = unsafe mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw .unreadable(path: path, reason: Self.reason())
        }
        unsafe base = UnsafeRawPointer(address)
        count = size
    }

    deinit { unsafe munmap(UnsafeMutableRawPointer(mutating: base), count) }

    /// Copies a range out of the mapping.
    ///
    /// The range must lie inside the file.
    package func bytes(_ range: Range<Int>) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside the file")
        return unsafe Array(
            UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
        )
    }

    private static func reason() -> String { unsafe String(cString: strerror(errno)) }
}
