// swift-tools-version: 6.2
import PackageDescription

// One array for every Swift target, so that no target is laxer than another.
let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    // Each use of a pointer carries the word `unsafe`, so that a reviewer can search for it.
    .strictMemorySafety(),
    // `any P` is written out: an existential is a cost the reader should see.
    .enableUpcomingFeature("ExistentialAny"),
    // An import is private to the module unless a signature needs it: borders are compiled, not promised.
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // `async` functions stay on their caller's executor unless they say otherwise.
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

// Kernels are optimised in every configuration, so that tests of a debug build stay quick too.
// Vectors pass between `static` functions only, so their calling convention is nobody's business.
// Contraction is off: a product and a sum round twice on every machine, as the portable kernels specify.
let kernelSettings: [CSetting] = [
    .unsafeFlags(["-O3", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror", "-Wno-psabi"])
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

let themes = [
    "dark", "light", "high-contrast-dark", "high-contrast-light", "colour-blind-dark",
    "colour-blind-light", "dusk", "dawn", "mono",
]

let package = Package(
    name: "facet",
    products: [
        .executable(name: "facet", targets: ["Facet"]),
        // For Benchmarks/, a package of its own.
        .library(name: "CKernels", targets: ["CKernels"]),
    ],
    dependencies: [
        // Verbs, options, help and completions from one definition each.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        // SHA-256 of models and attachments.
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        // Configuration and theme files.
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        // Values that everything speaks in.
        module("JSONValues"),
        module("Conversation", ["JSONValues"]),
        // Pictures, sound and video as values, and how they are made ready for a model.
        module("Media"),
        // FFmpeg's headers; its libraries are loaded when there is something to decode.
        .target(
            name: "CFFmpeg",
            cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])],
            linkerSettings: [.linkedLibrary("dl")]
        ),
        // Limits and system-call filters, for the process that decodes.
        .target(
            name: "CSandbox",
            cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]
        ),
        // Anybody's files to pictures and samples, in a process of its own.
        module("MediaDecoding", ["CFFmpeg", "CSandbox", "Media"]),

        // The model: file, arithmetic, decoder.
        module("GGUF"),
        .target(name: "CKernels", cSettings: kernelSettings),
        module("Tensors", ["CKernels"]),
        module("Gemma", ["CKernels", "GGUF", "Media", "Tensors"]),

        // Words: tokens, the chat template, drawing the next token.
        module("Tokenization", ["GGUF"]),
        module("ChatFormat", ["Conversation", "JSONValues", "Tokenization"]),
        module("Decoding", ["Conversation"]),

        module(
            "GemmaEngine",
            [
                "ChatFormat", "Conversation", "Decoding", "GGUF", "Gemma", "JSONValues", "Media",
                "SnapshotStore", "Tensors", "Tokenization",
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        module("ModelLibrary"),

        // Conversations on disk.
        .target(
            name: "SessionStore",
            dependencies: [
                "Conversation", "JSONValues", .product(name: "Crypto", package: "swift-crypto"),
            ],
            // A link to Sessions/schema.json, which `sessions check` holds files against.
            resources: [.embedInCode("Checking/schema.json")],
            swiftSettings: swiftSettings
        ),
        // Conversations for other programs and from them: Markdown, pages, JSON.
        module("SessionExchange", ["Conversation", "JSONValues", "Markdown", "SessionStore"]),
        .systemLibrary(
            name: "CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"])]
        ),
        // The list and the search without reading every file.
        module("SessionIndex", ["CSQLite", "Conversation", "JSONValues", "SessionStore"]),
        // Drafts, earlier messages, how things were shown: what is remembered and is no session.
        module("StateStore"),
        // What conversations' caches held: files that the engine writes and may go.
        module("SnapshotStore"),

        // The screen: values, the pure interface, and the one driver that touches a terminal.
        module("TerminalCore"),
        .systemLibrary(
            name: "CNcurses",
            pkgConfig: "ncursesw",
            providers: [.apt(["libncursesw5-dev"])]
        ),
        // Lines with editing and completion of file names, where there is no screen.
        .systemLibrary(name: "CLineEditor", providers: [.apt(["libedit-dev"])]),
        // Signal handlers, which only C can write.
        .target(
            name: "CTerminalRestore",
            cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]
        ),
        // Markdown as rows: cmark-gfm reads it, the layout and the colours are ours.
        .systemLibrary(
            name: "CMarkGFM",
            pkgConfig: "libcmark-gfm",
            providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]
        ),
        module("Markdown", ["CMarkGFM", "TerminalCore"]),
        module(
            "TerminalCurses",
            ["CNcurses", "CTerminalRestore", "Media", "Pictures", "TerminalCore"]
        ),
        module("Interface", ["Conversation", "JSONValues", "Markdown", "Media", "TerminalCore"]),
        // Pictures as characters and as pixels of terminals.
        .systemLibrary(
            name: "CChafa",
            pkgConfig: "chafa",
            providers: [.apt(["libchafa-dev", "libglib2.0-dev"])]
        ),
        module("Pictures", ["CChafa", "Media", "TerminalCore"]),
        // The microphone; its library is looked for when somebody records.
        module("Recording"),
        // Theme files that are part of the program.
        .target(
            name: "BuiltInThemes",
            path: "Themes",
            exclude: ["README.md"],
            resources: themes.map { .embedInCode("\($0).toml") },
            swiftSettings: swiftSettings
        ),
        module(
            "Configuration",
            [
                "BuiltInThemes", "Interface", "TerminalCore",
                .product(name: "TOMLKit", package: "TOMLKit"),
            ]
        ),
        // An engine that answers from a script, for tests and benchmarks.
        module("ScriptedEngine", ["Conversation", "JSONValues"]),

        .executableTarget(
            name: "Facet",
            dependencies: [
                "CLineEditor", "ChatFormat", "Configuration", "Conversation", "GGUF", "Gemma",
                "GemmaEngine",
                "Interface", "JSONValues", "Media", "MediaDecoding", "ModelLibrary", "Pictures",
                "Recording", "ScriptedEngine", "SessionExchange",
                "SessionIndex", "SessionStore", "SnapshotStore", "StateStore", "Tensors",
                "TerminalCore", "TerminalCurses", "Tokenization",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings
        ),

        .target(
            name: "ReferenceData",
            dependencies: ["GGUF", "JSONValues", "Tokenization"],
            path: "Tests/ReferenceData",
            swiftSettings: swiftSettings
        ),
        tests("JSONValuesTests", ["JSONValues"]),
        tests("MediaTests", ["Media"]),
        tests(
            "MediaDecodingTests",
            ["JSONValues", "Media", "MediaDecoding", "ReferenceData", "SeededRandom"]
        ),
        tests("ConversationTests", ["Conversation", "JSONValues"]),
        .target(name: "SeededRandom", path: "Tests/SeededRandom", swiftSettings: swiftSettings),
        tests(
            "SessionStoreTests",
            ["Conversation", "JSONValues", "SeededRandom", "SessionStore"]
        ),
        tests(
            "SessionExchangeTests",
            ["Conversation", "JSONValues", "SessionExchange", "SessionStore"]
        ),
        tests(
            "SessionIndexTests",
            [
                "CSQLite", "Conversation", "JSONValues", "SeededRandom", "SessionIndex",
                "SessionStore",
            ]
        ),
        tests("StateStoreTests", ["StateStore"]),
        tests("ModelLibraryTests", ["ModelLibrary"]),
        tests("SnapshotStoreTests", ["SnapshotStore"]),
        tests("GGUFTests", ["GGUF", "ReferenceData"]),
        tests("TensorsTests", ["CKernels", "JSONValues", "Tensors"]),
        tests("TokenizationTests", ["JSONValues", "ReferenceData", "Tokenization"]),
        tests(
            "ChatFormatTests",
            ["ChatFormat", "Conversation", "JSONValues", "ReferenceData", "Tokenization"]
        ),
        tests("DecodingTests", ["Conversation", "Decoding"]),
        tests(
            "ConfigurationTests",
            ["BuiltInThemes", "Configuration", "Interface", "TerminalCore"]
        ),
        tests("InterfaceTests", ["Conversation", "Interface", "Media", "TerminalCore"]),
        tests("PicturesTests", ["Media", "Pictures", "TerminalCore"]),
        tests("RecordingTests", ["Recording"]),
        .testTarget(
            name: "ScreenTests",
            dependencies: ["Conversation", "Interface", "Media", "ScriptedEngine", "TerminalCore"],
            // Expected screens, read where they lie.
            exclude: ["Screens"],
            swiftSettings: swiftSettings
        ),
        tests("TerminalCoreTests", ["TerminalCore"]),
        tests("MarkdownTests", ["Markdown", "TerminalCore"]),
        .target(name: "HostileText", path: "Tests/HostileText", swiftSettings: swiftSettings),
        tests(
            "TerminalCursesTests",
            ["HostileText", "Media", "Pictures", "TerminalCore", "TerminalCurses"]
        ),
        tests("TerminalTests", ["HostileText"]),
        tests("VerbTests", ["JSONValues", "SessionStore"]),
        tests("ScriptedEngineTests", ["Conversation", "JSONValues", "ScriptedEngine"]),
        tests("GemmaTests", ["GGUF", "Gemma", "JSONValues", "Media", "ReferenceData", "Tensors"]),
        tests(
            "GemmaEngineTests",
            [
                "ChatFormat", "Conversation", "Decoding", "GGUF", "Gemma", "GemmaEngine",
                "JSONValues", "Media", "ReferenceData", "SnapshotStore", "Tokenization",
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
    ]
)
