import Markdown
import Testing

@Suite struct FormulaTests {
    @Test(
        "formulas are shown in Unicode",
        arguments: [
            ("$x_1^2$", "x₁²"), ("$\\alpha\\beta$", "αβ"), ("$a\\leq b$", "a ≤ b"),
            ("$\\frac{1}{2}$", "½"), ("$\\frac{a+b}{c}$", "(a + b)/c"), ("$\\sqrt{2}$", "√2"),
            ("$\\sqrt[3]{x+1}$", "∛(x + 1)"), ("$x^{n+1}$", "xⁿ⁺¹"), ("$x^{a/b}$", "x^(a/b)"),
            ("$x_{max}$", "xₘₐₓ"), ("$v_b$", "v_b"), ("$\\sum_{i=1}^n i$", "∑ᵢ₌₁ⁿ i"),
            ("$\\int_0^\\infty e^{-x}\\,dx$", "∫₀^∞ e⁻ˣ dx"), ("$\\mathbb{R}^n$", "ℝⁿ"),
            ("$\\mathcal{L}$", "ℒ"), ("$\\text{if } x$", "if x"), ("$\\sin x$", "sin x"),
            ("$2\\sin(x)$", "2 sin(x)"), ("$\\left( a \\right]$", "(a]"),
            ("$\\vec{v}$", "v\u{20D7}"),
            ("$f'(x)$", "f′(x)"), ("$-x$", "-x"), ("$a = -b$", "a = -b"), ("$a\\to b$", "a → b"),
            ("$\\unknown{x}$", "\\unknown{x}"), ("$A \\cup B \\in C$", "A ∪ B ∈ C"),
            ("\\(x\\)", "x"), ("a \\[x^2\\] b", "a x² b"), ("a $$x$$ b", "a x b"),
            ("$f(x,y)$", "f(x, y)"),
            ("$1,000$", "1,000"), ("$90^\\circ$", "90°"), ("$\\neg p \\land q$", "¬p ∧ q"),
            ("$\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}$", "(a b; c d)"),
            ("**$x$**", "x"), ("*a $b_c$ d_e*", "a b_c d_e"), ("| $|x|$ |", "| |x| |"),
        ]
    )
    func formulas(text: String, shown: String) {
        #expect(MarkdownDocument(text).rows(width: 80).map(\.text) == [shown])
    }

    @Test(
        "prices, shell variables and code are no formulas",
        arguments: [
            "$5 and $10", "from $5 to $10.", "$5-$10", "US$5 or A$6", "costs $5, or 10$ in all",
            "a $ b $ c",
            "$HOME and $PATH", "$", "$$", "$ x $", "\\$x\\$",
        ]
    )
    func prices(text: String) {
        let shown = text.replacing("\\$", with: "$")
        #expect(MarkdownDocument(text).rows(width: 80).map(\.text) == [shown])
    }

    @Test("code keeps its dollars and backslashes")
    func code() {
        #expect(
            MarkdownDocument("`$x$ \\(y\\)` and `$a` b$").rows(width: 80)[0].text
                == "$x$ \\(y\\) and $a b$"
        )
        let block = "```sh\necho $$ $x$ \\[ \\]\n```\n\n    $y$ $$z$$\n"
        #expect(
            MarkdownDocument(block).codeBlocks.map(\.source) == [
                "echo $$ $x$ \\[ \\]\n", "$y$ $$z$$\n",
            ]
        )
        #expect(
            MarkdownDocument("[$b$](http://x/$y$)").rows(width: 80)[0].text == "b (http://x/$y$)"
        )
    }

    @Test("a formula of its own stands on its own rows, whatever its lines look like as Markdown")
    func display() {
        let text = "so:\n$$\na\n+ b\n- c \\\\\n= d_1\n$$\nthen\n\n\\[ x \\]\n\n> $$y$$\n"
        #expect(
            MarkdownDocument(text).rows(width: 40).map(\.text) == [
                "so:", "  a + b - c", "  = d₁", "then", "", "  x", "", "│   y",
            ]
        )
    }

    @Test("matrices and cases are drawn in rows")
    func matrices() {
        let text = """
            $$A = \\begin{bmatrix} 1 & -2 \\\\ 30 & 4 \\\\ 5 & 6 \\end{bmatrix}$$

            $$|x| = \\begin{cases} x & x \\geq 0 \\\\ -x & \\text{else} \\end{cases}$$

            $$\\begin{aligned} a &= b \\\\[4pt] &= c + d \\end{aligned}$$
            """
        #expect(
            MarkdownDocument(text).rows(width: 40).map(\.text) == [
                "      ⎡1   -2⎤", "  A = ⎢30  4 ⎥", "      ⎣5   6 ⎦", "",
                "  |x| = ⎧x   x ≥ 0", "        ⎩-x  else", "", "  a = b", "    = c + d",
            ]
        )
    }

    @Test("a formula below a table, which makes it a row of it, is shown there")
    func belowTable() {
        for mark in [("$$", "$$"), ("\\[", "\\]")] {
            let text = "| a | b |\n|---|---|\n| 1 | 2 |\n\(mark.0)E = mc^2\(mark.1)\n"
            let rows = MarkdownDocument(text).rows(width: 40).map(\.text)
            #expect(rows.contains { $0.contains("E = mc²") }, "\(rows)")
        }
    }

    @Test(
        "broken formulas end",
        arguments: [
            "{", "}", "\\", "^", "_", "\\frac", "\\begin{x}", "\\end{x}", "\\sqrt[", "&\\\\&",
        ]
    )
    func broken(formula: String) {
        let nested = String(repeating: formula, count: 300)
        for text in ["$$" + formula + "$$", "$$" + nested + "$$", "\\(" + nested + " x\\)"] {
            for row in MarkdownDocument(text).rows(width: 30) { #expect(row.columns <= 30) }
        }
    }
}
