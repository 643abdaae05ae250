/// Raised, lowered and ornamented letters, as far as Unicode has them.
enum MathLetters {
    /// A text raised; nil when a letter of it has no raised form.
    static func raised(_ text: String) -> String? { mapped(text, superscripts) }

    /// A text lowered; nil when a letter of it has no lowered form.
    static func lowered(_ text: String) -> String? { mapped(text, subscripts) }

    private static func mapped(_ text: String, _ table: [Character: Character]) -> String? {
        var result = ""
        for character in text where character != " " {
            guard let mapped = table[character] else { return nil }
            result.append(mapped)
        }
        return result
    }

    private static let superscripts = pairs(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ′∘∗*⊤†‡°−",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ′°**ᵀ†‡°⁻"
    )

    private static let subscripts = pairs(
        "0123456789+-=()aehijklmnoprstuvxβγρφχ−",
        "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ₋"
    )

    private static func pairs(_ from: String, _ to: String) -> [Character: Character] {
        Dictionary(zip(from, to), uniquingKeysWith: { first, _ in first })
    }

    /// Letters of a mathematical alphabet: `mathbb`, `mathcal`, `mathscr`, `mathfrak`; nil for other names.
    static func ornamented(_ text: String, alphabet: String) -> String? {
        let capital: UInt32
        switch alphabet {
        case "mathbb": capital = 0x1D538
        case "mathcal", "mathscr": capital = 0x1D49C
        case "mathfrak": capital = 0x1D504
        default: return nil
        }
        return String(text.map { ornamented($0, alphabet, capital) })
    }

    private static func ornamented(_ letter: Character, _ name: String, _ capital: UInt32)
        -> Character
    {
        guard let ascii = letter.asciiValue else { return letter }
        let exceptions = name == "mathbb" ? doubleStruck : name == "mathfrak" ? fraktur : script
        if let exception = exceptions[letter] { return exception }
        let value: UInt32
        switch letter {
        case "A"..."Z": value = capital + UInt32(ascii) - 0x41
        case "a"..."z": value = capital + 26 + UInt32(ascii) - 0x61
        case "0"..."9" where name == "mathbb": value = 0x1D7D8 + UInt32(ascii) - 0x30
        default: return letter
        }
        return Unicode.Scalar(value).map { Character($0) } ?? letter
    }

    /// Letters that Unicode had before the alphabets.
    private static let doubleStruck = pairs("CHNPQRZ", "ℂℍℕℙℚℝℤ")
    private static let fraktur = pairs("CHIRZ", "ℭℌℑℜℨ")
    private static let script = pairs("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ")
}
