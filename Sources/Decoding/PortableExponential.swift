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
        // Horner's scheme of the series to the 13th power, its factors 1 / k!.
        var sum = 1.6059043836821613e-10
        sum = sum * r + 2.08767569878681e-09
        sum = sum * r + 2.505210838544172e-08
        sum = sum * r + 2.755731922398589e-07
        sum = sum * r + 2.7557319223985893e-06
        sum = sum * r + 2.48015873015873e-05
        sum = sum * r + 0.0001984126984126984
        sum = sum * r + 0.001388888888888889
        sum = sum * r + 0.008333333333333333
        sum = sum * r + 0.041666666666666664
        sum = sum * r + 0.16666666666666666
        sum = sum * r + 0.5
        sum = sum * r + 1
        sum = sum * r + 1
        // 2 to the n, which is at least -1010, by its bits.
        return sum * Double(bitPattern: UInt64(Int(n) + 1023) << 52)
    }
}
