/// The exponential function from additions and multiplications alone.
///
/// A C library's `exp` may differ in the last bit between machines, and that could turn a draw; this
/// one cannot.
enum PortableExponential {
    /// e to the power of a number of at most 0, within 4 units in the last place; 0 below -700.
    static func value(_ x: Double) -> Double {
        guard x > -700 else { return 0 }
        // x = n ln 2 + r with |r| at most half of ln 2; ln 2 in two parts, the first of few bits.
        let n = (x * 1.4426950408889634).rounded()
        let r = (x - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33
        var sum = 1.0
        // Horner's scheme of the series to the 13th power.
        for power in stride(from: 13.0, through: 1.0, by: -1.0) { sum = 1.0 + sum * r / power }
        return sum * Double(sign: .plus, exponent: Int(n), significand: 1)
    }
}
