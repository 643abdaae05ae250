import Markdown
import Testing

@Suite struct HighlightingTests {
    private static let letters: [MarkdownRole: String] = [
        .codeKeyword: "k", .codeString: "s", .codeNumber: "n", .codeComment: "c", .codeType: "t",
        .codeFunction: "f", .added: "+", .removed: "-",
    ]

    /// What of a code block has a colour, as `k:def`, line by line.
    private func marked(_ language: String, _ code: String) -> [String] {
        let rows = MarkdownDocument("```\(language)\n\(code)\n```").rows(width: 200)
        return rows.flatMap(\.spans).compactMap { span in
            Self.letters[span.style.role].map { "\($0):\(span.text)" }
        }
    }

    @Test(
        "each language shows its keywords, names, strings, numbers and comments",
        arguments: [
            (
                "python", "@dec\ndef f(x: int): # c\n  return r\"\\\" + f'{x}' + 1e-5",
                "t:@dec k:def f:f t:int c:# c k:return s:r\"\\\" s:f'{x}' n:1e-5"
            ),
            (
                "py", "x = \"\"\"a\nb \" c\n\"\"\" + Foo(1)",
                "s:\"\"\"a s:b \" c s:\"\"\" t:Foo n:1"
            ),
            (
                "ts", "const x: string = `a\n${b}` // c\nfoo(0xFF) /* d\ne */ null",
                "k:const t:string s:`a s:${b}` c:// c f:foo n:0xFF c:/* d c:e */ k:null"
            ),
            (
                "js", "let s = 'it\\'s'; $x.map(y)", "k:let s:'it\\'s' f:map"
            ),
            (
                "java", "@Override public int size() { return 'x'; }",
                "t:@Override k:public t:int f:size k:return s:'x'"
            ),
            (
                "c", "#include <a.h>\nint main(void) { return 1.5f; } // c",
                "k:#include t:int f:main t:void k:return n:1.5f c:// c"
            ),
            (
                "c++", "auto s = R\"(a\nb\")\"; std::vector<int> v{1'000};",
                "k:auto s:R\"(a s:b\")\" t:vector t:int n:1 n:000"
            ),
            (
                "c#", "var s = @\"a\\\" + $\"{b}\"; // c\nstring t = \"\"\"x\ny\"\"\";",
                "k:var s:@\"a\\\" s:$\"{b}\" c:// c t:string s:\"\"\"x s:y\"\"\""
            ),
            (
                "go", "func f(a []byte) error { return fmt.Errorf(`x\\`) }",
                "k:func f:f t:byte t:error k:return t:Errorf s:`x\\`"
            ),
            (
                "rust", "fn f<'a>(x: &'a str) -> u8 { r#\"a\"b\"# ; 'x' /* a /* b */ c */ 1 }",
                "k:fn t:str t:u8 s:r#\"a\"b\"# s:'x' c:/* a /* b */ c */ n:1"
            ),
            (
                "swift", "@main struct A { let s = #\"a\"\\n\"#; #if x\n  func f() async {} }",
                "t:@main k:struct k:let s:#\"a\"\\n\"# k:#if k:func f:f k:async"
            ),
            (
                "bash",
                "for f in *.txt; do echo \"$f\" # c\ndone; x=${#a} $HOME\ncat <<'EOF'\n# no\nEOF\nls",
                "k:for k:in k:do t:echo s:\"$f\" c:# c k:done t:$HOME t:cat s:<<'EOF' s:# no s:EOF t:ls"
            ),
            (
                "json", "{\"a\": [1, \"b\", true, null, -2.5]}",
                "t:\"a\" n:1 s:\"b\" k:true k:null n:2.5"
            ),
            (
                "sql", "SELECT count(*) FROM t WHERE a = 'it''s' -- c",
                "k:SELECT f:count k:FROM k:WHERE s:'it''s' c:-- c"
            ),
            (
                "html", "<!-- a\nb --><a href=\"x\"\n class=y>t &amp; u</a>",
                "c:<!-- a c:b --> k:<a t:href s:\"x\" t:class t:y k:> n:&amp; k:</a>"
            ),
            (
                "css", ".a { color: #fff; } /* c */\n@media x { width: 10px }",
                "f:.a n:#fff c:/* c */ k:@media n:10px"
            ),
            ("yaml", "a-b: 'x' # c\n- c: true", "t:a-b s:'x' c:# c t:c k:true"),
            ("toml", "[t]\na = \"b\" # c\nd = 1", "t:a s:\"b\" c:# c t:d n:1"),
            (
                "diff", "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n z",
                "k:--- a k:+++ b f:@@ -1 +1 @@ -:-x +:+y"
            ),
            ("kotlin", "fun f() = \"\"\"a\"\"\"", "k:fun f:f s:\"\"\"a\"\"\""),
            ("unknown", "if x { 1 }", ""),
            ("", "if x { 1 }", ""),
        ]
    )
    func languages(language: String, code: String, expected: String) {
        #expect(marked(language, code).joined(separator: " ") == expected)
    }

    @Test("the names after a fence may say more than the language")
    func names() {
        #expect(marked("Python title=x", "def") == ["k:def"])
        #expect(marked("rust,ignore", "fn") == ["k:fn"])
        #expect(marked("{python}", "def") == [])
    }

    @Test(
        "a line alone never loses a byte",
        arguments: ["python", "js", "rust", "swift", "bash", "html", "css", "yaml", "c#", "cpp"]
    )
    func complete(language: String) {
        let lines = [
            "\"", "'", "`", "/*", "*/", "<!--", "#\"", "r#\"", "<<EOF", "EOF", "$\"", "@", "'a",
            "\\", "世\"界", "1e", "0x", "<a", "\"\"\"", "$",
        ]
        for first in lines {
            for second in lines {
                let rows = MarkdownDocument("```\(language)\n\(first)\n\(second)\n```").rows(
                    width: 80
                )
                let text = rows.dropFirst().map { String($0.text.dropFirst(2)) }
                #expect(text == [first, second])
            }
        }
    }
}
