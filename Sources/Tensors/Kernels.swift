package import CKernels

/// The table of kernels for this processor.
package enum Kernels {
    package static var active: UnsafePointer<ck_kernels> { unsafe table }

    /// Its name; `CKernels.h` lists them.
    package static var name: String { unsafe String(cString: table.pointee.name) }

    // Constant after the C side chose it; tables are static data.
    private nonisolated(unsafe) static let table: UnsafePointer<ck_kernels> = unsafe ck_kernels()
}
