/// What is made of a command's arguments.
enum MathForms {
    static func script(_ text: String, isRaised: Bool) -> String {
        if let script = isRaised ? MathLetters.raised(text) : MathLetters.lowered(text) {
            return script
        }
        let sign = isRaised ? "^" : "_"
        return text.count == 1 ? sign + text : "\(sign)(\(text))"
    }

    static func fraction(_ upper: String, _ lower: String) -> String {
        MathSymbols.fractions["\(upper)/\(lower)"] ?? "\(grouped(upper))/\(grouped(lower))"
    }

    static func root(_ text: String, degree: String) -> String {
        let sign: String
        switch degree {
        case "", "2": sign = "√"
        case "3": sign = "∛"
        case "4": sign = "∜"
        default: sign = (MathLetters.raised(degree) ?? "[\(degree)]") + "√"
        }
        return text.count == 1 || text.allSatisfy(\.isNumber) ? sign + text : "\(sign)(\(text))"
    }

    /// In parentheses unless it is one product; what stands in parentheses already divides nothing.
    private static func grouped(_ text: String) -> String {
        var depth = 0
        for character in text {
            switch character {
            case "(": depth += 1
            case ")": depth -= 1
            case " ", "/", "+", "-", ",": if depth == 0, text.count > 1 { return "(\(text))" }
            default: break
            }
        }
        return text
    }
}
