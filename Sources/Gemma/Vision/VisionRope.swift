import CKernels
import Tensors

/// Rotations by a patch's column and row: one half of a head each.
struct VisionRope {
    private let half: Int
    private let table: RopeTable

    init(headSize: Int, columns: Int, rows: Int) {
        half = headSize / 2
        let count = max(columns, rows)
        table = RopeTable(
            headSize: half,
            base: VisionTower.ropeBase,
            positionScale: 1,
            factors: Array(repeating: 1, count: half / 2),
            rows: count
        )
        for position in 0..<count { table.setRow(position, position: position) }
    }

    /// Turns a head in place.
    func turn(_ head: UnsafeMutablePointer<Float>, column: Int, row: Int) {
        let kernels = unsafe Kernels.active
        for (start, position) in [(0, column), (half, row)] {
            unsafe kernels.pointee.rotate(
                head + start,
                table.cosines.at(position * table.half),
                table.sines.at(position * table.half),
                Int64(table.half)
            )
        }
    }
}
