import Configuration
import Interface
import TerminalCore
import Testing

/// Opposites of the colour-blind themes as people see them whose eyes lack a kind of cone.
@Suite struct ColourBlindnessTests {
    /// Matrices on linear light by Machado, Oliveira and Fernandes (2009), severity 1.
    private static let eyes: [[[Double]]] = [
        [
            [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
        [
            [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
        [
            [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ]

    private static let opposites: [(Ink, Ink)] = [
        (.added, .removed), (.user, .model), (.error, .notice), (.codeString, .codeKeyword),
    ]

    @Test(
        "what means the opposite stays far apart in hue or lightness",
        arguments: ["colour-blind-dark", "colour-blind-light"]
    )
    func apart(name: String) throws {
        let theme = try ThemeLibrary(folder: "/nonexistent").theme(named: name)
        for (first, second) in Self.opposites {
            for eye in Self.eyes {
                let distance = try distance(
                    seen(theme[first].foreground, eye),
                    seen(theme[second].foreground, eye)
                )
                #expect(distance > 30, "\(first) and \(second): \(distance)")
            }
        }
    }

    @Test("the measure finds red and green that only full colour vision tells apart")
    func measure() throws {
        let theme = try ThemeLibrary(folder: "/nonexistent").theme(named: "dark")
        let distance = try distance(
            seen(theme[.added].foreground, Self.eyes[1]),
            seen(theme[.removed].foreground, Self.eyes[1])
        )
        #expect(distance < 15)
    }

    /// What an eye makes of a colour, as L*, a*, b*.
    private func seen(_ color: Color, _ eye: [[Double]]) throws -> [Double] {
        guard case .rgb(let red, let green, let blue) = color else { throw NoColour() }
        // The luminance of a single primary is its linear value times a known weight.
        let light = [
            RGB(red, 0, 0).luminance / 0.2126, RGB(0, green, 0).luminance / 0.7152,
            RGB(0, 0, blue).luminance / 0.0722,
        ]
        let left = eye.map { row in
            max(0, min(1, zip(row, light).reduce(0) { $0 + $1.0 * $1.1 }))
        }
        let weights = [
            [0.4339, 0.3763, 0.1899], [0.2126, 0.7152, 0.0722], [0.0177, 0.1095, 0.8728],
        ]
        let parts = weights.map { row -> Double in
            let part = zip(row, left).reduce(0) { $0 + $1.0 * $1.1 }
            return part > 0.008856 ? cubeRoot(part) : 7.787 * part + 16.0 / 116
        }
        return [
            116 * parts[1] - 16, 500 * (parts[0] - parts[1]), 200 * (parts[1] - parts[2]),
        ]
    }

    private func cubeRoot(_ value: Double) -> Double {
        (0..<60).reduce(1.0) { root, _ in (2 * root + value / (root * root)) / 3 }
    }

    private func distance(_ first: [Double], _ second: [Double]) throws -> Double {
        zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }

    private struct NoColour: Error {}
}
