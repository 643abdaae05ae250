/// A colour by its light.
package struct RGB: Sendable, Hashable {
    package var red: UInt8
    package var green: UInt8
    package var blue: UInt8

    package init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// The colour as a terminal is asked for it.
    package var color: Color { .rgb(red, green, blue) }
}

/// The nearest entry of a smaller palette for a 24-bit colour.
package enum Palette {
    private static let levels = [0, 95, 135, 175, 215, 255]

    /// Searches xterm's 6 x 6 x 6 cube and its grey ramp.
    package static func nearest256(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
        let wanted = [Int(red), Int(green), Int(blue)]
        let cube = wanted.map { value in
            levels.indices.min { abs(levels[$0] - value) < abs(levels[$1] - value) } ?? 0
        }
        let grey = max(0, min(23, (wanted.reduce(0, +) / 3 - 3) / 10))
        let cubeDistance = distance(wanted, cube.map { levels[$0] })
        let greyDistance = distance(wanted, Array(repeating: 8 + 10 * grey, count: 3))
        if greyDistance < cubeDistance { return 232 + grey }
        return 16 + 36 * cube[0] + 6 * cube[1] + cube[2]
    }

    /// Searches the sixteen colours as xterm draws them; users' schemes differ but stay close.
    package static func nearest16(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
        nearest(red, green, blue, among: sixteen)
    }

    /// Searches the eight of them that the oldest terminals have.
    package static func nearest8(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
        nearest(red, green, blue, among: Array(sixteen.prefix(8)))
    }

    private static func nearest(
        _ red: UInt8,
        _ green: UInt8,
        _ blue: UInt8,
        among shades: [[Int]]
    ) -> Int {
        let wanted = [Int(red), Int(green), Int(blue)]
        return shades.indices.min {
            distance(wanted, shades[$0]) < distance(wanted, shades[$1])
        } ?? 7
    }

    /// What xterm draws for an entry of its palette.
    package static func color(of entry: UInt8) -> RGB {
        let entry = Int(entry)
        let parts: [Int]
        switch entry {
        case ..<16: parts = sixteen[entry]
        case ..<232:
            let index = entry - 16
            parts = [levels[index / 36], levels[index / 6 % 6], levels[index % 6]]
        default: parts = Array(repeating: 8 + 10 * (entry - 232), count: 3)
        }
        return RGB(UInt8(parts[0]), UInt8(parts[1]), UInt8(parts[2]))
    }

    private static let sixteen = [
        [0, 0, 0], [205, 0, 0], [0, 205, 0], [205, 205, 0], [0, 0, 238], [205, 0, 205],
        [0, 205, 205], [229, 229, 229], [127, 127, 127], [255, 0, 0], [0, 255, 0],
        [255, 255, 0], [92, 92, 255], [255, 0, 255], [0, 255, 255], [255, 255, 255],
    ]

    private static func distance(_ first: [Int], _ second: [Int]) -> Int {
        zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
}
