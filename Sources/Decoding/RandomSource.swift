/// xoshiro256** seeded by SplitMix64: the same seed gives the same numbers on every machine.
package struct RandomSource: RandomNumberGenerator, Sendable, Hashable {
    private var words: [UInt64]

    package init(seed: UInt64) {
        var mix = seed
        words = (0..<4).map { _ in
            mix &+= 0x9E37_79B9_7F4A_7C15
            var word = mix
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            return word ^ (word >> 31)
        }
    }

    package mutating func next() -> UInt64 {
        let product = words[1] &* 5
        let result = (product << 7 | product >> 57) &* 9
        let shifted = words[1] << 17
        words[2] ^= words[0]
        words[3] ^= words[1]
        words[1] ^= words[2]
        words[0] ^= words[3]
        words[2] ^= shifted
        words[3] = words[3] << 45 | words[3] >> 19
        return result
    }

    /// A number in 0 ..< 1 with 53 random bits.
    package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
