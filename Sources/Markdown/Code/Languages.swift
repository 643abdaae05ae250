extension Syntax {
    /// The syntax for the name after a fence; nil for languages without one here.
    static func named(_ name: String) -> Syntax? {
        languages[aliases[name] ?? name]
    }

    private static let aliases = [
        "py": "python", "python3": "python", "py3": "python", "pycon": "python",
        "ipython": "python",
        "js": "javascript", "jsx": "javascript", "mjs": "javascript", "node": "javascript",
        "ts": "javascript", "tsx": "javascript", "typescript": "javascript", "h": "c", "c++": "cpp",
        "cc": "cpp", "cxx": "cpp", "hpp": "cpp", "cuda": "cpp", "cs": "csharp", "c#": "csharp",
        "golang": "go", "rs": "rust", "sh": "bash", "shell": "bash", "zsh": "bash",
        "console": "bash",
        "shell-session": "bash", "jsonc": "json", "json5": "json", "jsonl": "json",
        "postgresql": "sql",
        "mysql": "sql", "sqlite": "sql", "plsql": "sql", "scss": "css", "less": "css",
        "yml": "yaml",
        "ini": "toml", "conf": "toml", "kt": "kotlin", "kts": "kotlin", "rb": "ruby",
        "dockerfile": "bash", "makefile": "bash", "make": "bash",
    ]

    private static let languages: [String: Syntax] = [
        "python": python, "javascript": javascript, "java": java, "kotlin": kotlin, "c": c,
        "cpp": cpp,
        "csharp": csharp, "go": go, "rust": rust, "swift": swift, "bash": bash, "json": json,
        "sql": sql,
        "css": css, "yaml": yaml, "toml": toml, "ruby": ruby, "php": php,
    ]

    private static let python = Syntax(
        """
        False None True and as assert async await break case class continue def del elif else except
        finally for from global if import in is lambda match nonlocal not or pass raise return try while
        with yield self
        """,
        types: "bool bytes complex dict float frozenset int list object set str tuple type",
        comments: ["#"],
        block: nil
    ).with {
        $0.strings = [
            StringRule("\"\"\"", lines: true), StringRule("'''", lines: true), StringRule("\""),
            StringRule("'"),
        ]
        $0.stringPrefixes = ["r", "b", "f", "u", "rb", "br", "fr", "rf", "R", "B", "F"]
        $0.sigils = [UInt8(ascii: "@"): .codeType]
    }

    private static let javascript = Syntax(
        """
        abstract as async await break case catch class const continue debugger declare default delete do
        else enum export extends false finally for from function get if implements import in instanceof
        interface is keyof let namespace new null of private protected public readonly return satisfies
        set static super switch this throw true try type typeof undefined var void while with yield
        """,
        types: "any bigint boolean never number object string symbol unknown"
    ).with {
        $0.strings = [StringRule("\""), StringRule("'"), StringRule("`", lines: true)]
        $0.nameBytes = [.dollar]
        $0.sigils = [UInt8(ascii: "@"): .codeType]
    }

    private static let java = Syntax(
        """
        abstract assert break case catch class const continue default do else enum extends false final
        finally for goto if implements import instanceof interface native new null package permits private
        protected public record return sealed static strictfp super switch synchronized this throw throws
        transient true try var void volatile while yield
        """,
        types: "boolean byte char double float int long short"
    ).with {
        $0.strings = [StringRule("\"\"\"", lines: true), StringRule("\""), StringRule("'")]
        $0.sigils = [UInt8(ascii: "@"): .codeType]
    }

    private static let kotlin = Syntax(
        """
        abstract as break by catch class companion const constructor continue crossinline data do else
        enum false finally for fun if import in init inline interface internal is lateinit null object
        open operator out override package private protected public return sealed super suspend this throw
        true try typealias val var vararg when where while
        """,
        nests: true
    ).with {
        $0.strings = [
            StringRule("\"\"\"", escapes: false, lines: true), StringRule("\""), StringRule("'"),
        ]
        $0.sigils = [UInt8(ascii: "@"): .codeType]
    }

    private static let c = Syntax(
        """
        auto break case const continue default do else enum extern for goto if inline register restrict
        return sizeof static struct switch typedef union volatile while NULL true false
        """,
        types: """
            bool char double float int long short signed unsigned void size_t ssize_t ptrdiff_t int8_t int16_t
            int32_t int64_t uint8_t uint16_t uint32_t uint64_t uintptr_t intptr_t FILE
            """
    ).with { $0.sigils = [UInt8(ascii: "#"): .codeKeyword] }

    private static let cpp = c.with {
        $0.keywords.formUnion([
            "alignas", "alignof", "catch", "class", "co_await", "co_return", "co_yield", "concept",
            "consteval", "constexpr", "constinit", "decltype", "delete", "explicit", "final",
            "friend",
            "mutable", "namespace", "new", "noexcept", "nullptr", "operator", "override", "private",
            "protected", "public", "requires", "static_assert", "static_cast", "dynamic_cast",
            "reinterpret_cast", "const_cast", "template", "this", "throw", "try", "typename",
            "using",
            "virtual",
        ])
        $0.types.formUnion(["string", "vector", "map", "set", "pair", "wchar_t", "char8_t"])
        $0.strings = [
            StringRule("R\"(", ")\"", escapes: false, lines: true), StringRule("\""),
            StringRule("'"),
        ]
        $0.quotesOneCharacter = true
    }

    private static let csharp = Syntax(
        """
        abstract as async await base break case catch checked class const continue default delegate do
        else enum event explicit extern false finally fixed for foreach get goto if implicit in init
        interface internal is lock namespace new null operator out override params partial private
        protected public readonly record ref required return sealed set sizeof stackalloc static struct
        switch this throw true try typeof unchecked unsafe using var virtual void volatile when where while
        with yield
        """,
        types:
            "bool byte char decimal double dynamic float int long nint object sbyte short string uint ulong ushort"
    ).with {
        $0.strings = [
            StringRule("\"\"\"", escapes: false, lines: true),
            StringRule("@\"", escapes: false, lines: true),
            StringRule("$@\"", "\"", escapes: false, lines: true), StringRule("$\"", "\""),
            StringRule("\""), StringRule("'"),
        ]
        $0.strings[1].closing = [UInt8(ascii: "\"")]
        $0.sigils = [UInt8(ascii: "#"): .codeKeyword]
    }

    private static let go = Syntax(
        """
        break case chan const continue default defer else fallthrough for func go goto if import interface
        map package range return select struct switch type var nil true false iota
        """,
        types: """
            any bool byte comparable complex128 complex64 error float32 float64 int int16 int32 int64 int8 rune
            string uint uint16 uint32 uint64 uint8 uintptr
            """
    ).with {
        $0.strings = [
            StringRule("\""), StringRule("`", escapes: false, lines: true), StringRule("'"),
        ]
    }

    private static let rust = Syntax(
        """
        as async await break const continue crate dyn else enum extern false fn for if impl in let loop
        match mod move mut pub ref return self static struct super trait true type union unsafe use where
        while Self
        """,
        types: "bool char f32 f64 i128 i16 i32 i64 i8 isize str u128 u16 u32 u64 u8 usize",
        nests: true
    ).with {
        $0.strings = [StringRule("\"", lines: true), StringRule("'")]
        $0.stringPrefixes = ["r", "b", "br", "c"]
        $0.hasHashStrings = true
        $0.quotesOneCharacter = true
    }

    private static let swift = Syntax(
        """
        actor any as associatedtype async await break case catch class continue default defer deinit do
        else enum extension fallthrough false fileprivate final for func guard if import in indirect
        infix init inout internal is isolated lazy let mutating nil nonisolated open operator override
        package postfix precedencegroup prefix private protocol public repeat required rethrows return
        self Self sending some static struct subscript super switch throw throws true try typealias unowned
        var weak where while
        """,
        nests: true
    ).with {
        $0.strings = [StringRule("\"\"\"", lines: true), StringRule("\"")]
        $0.hasHashStrings = true
        $0.sigils = [UInt8(ascii: "@"): .codeType, UInt8(ascii: "#"): .codeKeyword]
    }

    private static let bash = Syntax(
        """
        if then else elif fi case esac for while until do done in function select time return exit break
        continue local export readonly declare unset shift source alias set trap eval exec
        FROM RUN CMD COPY ADD ENV ARG WORKDIR ENTRYPOINT EXPOSE
        """,
        types: """
            echo printf read cd pwd ls cat grep sed awk find xargs sort uniq head tail cut tr wc mkdir rm cp mv ln
            chmod chown touch test sudo apt apt-get pip npm git docker curl wget tar ssh make python python3
            """,
        comments: ["#"],
        block: nil
    ).with {
        $0.strings = [StringRule("\"", lines: true), StringRule("'", escapes: false, lines: true)]
        $0.hasCapitalTypes = false
        $0.nameBytes = [.dash]
        $0.sigils = [.dollar: .codeType]
        $0.hasHereDocuments = true
    }

    private static let json = Syntax("true false null", comments: ["//"]).with {
        $0.strings = [StringRule("\"")]
        $0.hasCapitalTypes = false
        $0.hasCalls = false
        $0.keySign = .colon
    }

    private static let sql = Syntax(
        """
        add all alter and any as asc begin between by case cast check column commit constraint create cross
        database default delete desc distinct drop else end except exists explain false fetch first for
        foreign from full function grant group having if in index inner insert intersect into is join key
        left like limit materialized natural not null offset on or order outer over partition primary
        procedure recursive references replace returning right rollback row rows select set table temporary
        then to transaction trigger true truncate union unique update using values view when where window
        with
        """,
        types: """
            bigint blob boolean char date datetime decimal double float int integer interval json jsonb numeric
            real serial smallint text time timestamp timestamptz uuid varchar
            """,
        comments: ["--"]
    ).with {
        $0.strings = [StringRule("'", escapes: false), StringRule("\"", escapes: false)]
        $0.ignoresCase = true
        $0.hasCapitalTypes = false
    }

    private static let css = Syntax("important inherit initial unset none auto", comments: []).with
    {
        $0.hasCapitalTypes = false
        $0.nameBytes = [.dash]
        $0.sigils = [
            UInt8(ascii: "@"): .codeKeyword, UInt8(ascii: "#"): .codeNumber, .dot: .codeFunction,
        ]
        $0.keySign = .colon
    }

    private static let yaml = Syntax("true false null yes no on off", comments: ["#"], block: nil)
        .with {
            $0.strings = [StringRule("\""), StringRule("'", escapes: false)]
            $0.hasCapitalTypes = false
            $0.hasCalls = false
            $0.nameBytes = [.dash]
            $0.keySign = .colon
            $0.hasHereDocuments = false
        }

    private static let toml = Syntax("true false", comments: ["#", ";"], block: nil).with {
        $0.strings = [
            StringRule("\"\"\"", lines: true), StringRule("'''", escapes: false, lines: true),
            StringRule("\""), StringRule("'", escapes: false),
        ]
        $0.hasCapitalTypes = false
        $0.hasCalls = false
        $0.nameBytes = [.dash]
        $0.keySign = UInt8(ascii: "=")
    }

    private static let ruby = Syntax(
        """
        alias and begin break case class def defined? do else elsif end ensure false for if in module next
        nil not or redo rescue retry return self super then true undef unless until when while yield
        require attr_accessor attr_reader puts private
        """,
        comments: ["#"],
        block: nil
    ).with { $0.sigils = [UInt8(ascii: "@"): .codeType, .dollar: .codeType] }

    private static let php = Syntax(
        """
        abstract and array as break callable case catch class clone const continue declare default do echo
        else elseif enum extends false final finally fn for foreach function global if implements include
        instanceof interface isset list match namespace new null or print private protected public readonly
        require require_once return static switch this throw trait true try unset use var while yield
        """,
        types: "bool float int iterable mixed never object string void",
        comments: ["//", "#"]
    ).with { $0.sigils = [.dollar: .codeType] }
}
