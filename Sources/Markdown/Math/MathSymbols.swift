/// What commands of LaTeX look like in Unicode.
enum MathSymbols {
    /// Letters and signs that stand like letters.
    static let ordinary = table(
        """
        alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι
        kappa κ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ
        upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ
        Upsilon Υ Phi Φ Psi Ψ Omega Ω
        infty ∞ partial ∂ nabla ∇ hbar ℏ hslash ℏ ell ℓ Re ℜ Im ℑ wp ℘ aleph ℵ beth ℶ imath ı jmath ȷ
        emptyset ∅ varnothing ∅ forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ top ⊤ bot ⊥ angle ∠ triangle △
        square □ blacksquare ■ Box □ checkmark ✓ degree ° prime ′ circ ∘ star ⋆ bullet • dagger † ddagger ‡
        ldots … dots … cdots ⋯ vdots ⋮ ddots ⋱ dotsc … dotsb ⋯ therefore ∴ because ∵ clubsuit ♣
        diamondsuit ♢ heartsuit ♡ spadesuit ♠ flat ♭ natural ♮ sharp ♯ surd √ S § P ¶ pounds £ copyright ©
        euro € yen ¥ backslash \\ _ _ $ $ % % # # & & { { } } | ‖ Vert ‖ vert | lbrace { rbrace }
        complement ∁ mho ℧ eth ð QED ∎ qed ∎
        """
    )

    /// Signs between two operands.
    static let binary = table(
        """
        pm ± mp ∓ times × div ÷ cdot · ast ∗ cup ∪ cap ∩ uplus ⊎ sqcup ⊔ sqcap ⊓ vee ∨ lor ∨ wedge ∧
        land ∧ setminus ∖ smallsetminus ∖ oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙ wr ≀ amalg ⨿
        ltimes ⋉ rtimes ⋊ diamond ⋄ bigtriangleup △ bmod mod
        """
    )

    /// Signs between two sides.
    static let relations = table(
        """
        leq ≤ le ≤ geq ≥ ge ≥ neq ≠ ne ≠ ll ≪ gg ≫ leqslant ⩽ geqslant ⩾ approx ≈ equiv ≡ cong ≅ sim ∼
        simeq ≃ asymp ≍ propto ∝ doteq ≐ coloneqq ≔ triangleq ≜ prec ≺ succ ≻ preceq ⪯ succeq ⪰
        in ∈ notin ∉ ni ∋ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ nsubseteq ⊈
        sqsubseteq ⊑ sqsupseteq ⊒ vdash ⊢ dashv ⊣ models ⊨ vDash ⊨ perp ⊥ parallel ∥ nparallel ∦ mid ∣
        nmid ∤ bowtie ⋈ smile ⌣ frown ⌢ colon : to → rightarrow → leftarrow ← gets ← leftrightarrow ↔
        Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⟹ impliedby ⟸ iff ⟺ longrightarrow ⟶
        longleftarrow ⟵ longleftrightarrow ⟷ Longrightarrow ⟹ Longleftarrow ⟸ Longleftrightarrow ⟺
        mapsto ↦ longmapsto ⟼ hookrightarrow ↪ hookleftarrow ↩ uparrow ↑ downarrow ↓ updownarrow ↕
        Uparrow ⇑ Downarrow ⇓ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖ rightharpoonup ⇀ leftharpoonup ↼
        rightleftharpoons ⇌ rightleftarrows ⇄ twoheadrightarrow ↠ leadsto ⇝ nrightarrow ↛ nleftarrow ↚
        """
    )

    /// Sums, integrals and their like.
    static let large = table(
        """
        sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ bigvee ⋁ bigwedge ⋀
        bigoplus ⨁ bigotimes ⨂ bigodot ⨀ biguplus ⨄ bigsqcup ⨆
        """
    )

    static let opening = table("langle ⟨ lfloor ⌊ lceil ⌈ lbrack [ lvert | lVert ‖ lgroup (")
    static let closing = table("rangle ⟩ rfloor ⌋ rceil ⌉ rbrack ] rvert | rVert ‖ rgroup )")

    /// Names that are set upright.
    static let functions: Set<String> = [
        "arccos", "arcsin", "arctan", "arg", "cos", "cosh", "cot", "coth", "csc", "deg", "det",
        "dim",
        "exp", "gcd", "hom", "inf", "ker", "lg", "lim", "liminf", "limsup", "ln", "log", "max",
        "min",
        "Pr", "sec", "sin", "sinh", "sup", "tan", "tanh", "argmax", "argmin",
    ]

    /// Accents, as combining marks.
    static let accents: [String: String] = [
        "hat": "\u{302}", "widehat": "\u{302}", "bar": "\u{304}", "overline": "\u{305}",
        "vec": "\u{20D7}", "overrightarrow": "\u{20D7}", "dot": "\u{307}", "ddot": "\u{308}",
        "tilde": "\u{303}", "widetilde": "\u{303}", "check": "\u{30C}", "breve": "\u{306}",
        "acute": "\u{301}", "grave": "\u{300}", "mathring": "\u{30A}",
    ]

    /// Commands that only change the size or the looks of what follows.
    static let silent: Set<String> = [
        "left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr",
        "biggl",
        "biggr", "Biggl", "Biggr", "bigm", "displaystyle", "textstyle", "scriptstyle",
        "scriptscriptstyle", "limits", "nolimits", "nonumber", "notag", "hline", "boldsymbol",
        "mathbf",
        "mathit", "mathsf", "mathtt", "bm", "pmb", "underline", "cancel", "boxed", "mathop",
        "mathbin",
        "mathrel", "mathord", "mathopen", "mathclose", "underbrace", "overbrace", "mathstrut", "!",
        "bf",
        "rm", "it", "centering",
    ]

    /// Commands whose argument is text.
    static let texts: Set<String> = [
        "text", "textrm", "textbf", "textit", "texttt", "textsf", "textnormal", "mbox", "hbox",
        "mathrm",
        "operatorname", "textup", "emph",
    ]

    static let spaces: [String: String] = [
        ",": " ", ";": " ", ":": " ", " ": " ", ">": " ", "quad": "  ", "qquad": "    ",
        "enspace": " ",
        "thinspace": " ", "medspace": " ", "thickspace": " ", "space": " ", "newline": "\n",
    ]

    static let fractions: [String: String] = [
        "1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾", "1/5": "⅕", "2/5": "⅖",
        "3/5": "⅗",
        "4/5": "⅘", "1/6": "⅙", "5/6": "⅚", "1/8": "⅛", "3/8": "⅜", "5/8": "⅝", "7/8": "⅞",
    ]

    private static func table(_ text: String) -> [String: String] {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        var table: [String: String] = [:]
        for index in stride(from: 0, to: words.count - 1, by: 2) {
            table[words[index]] = words[index + 1]
        }
        return table
    }
}
