/// A key of the configuration: what it takes, what it does, and who may set it.
package struct SettingKey: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case text
        /// A folder: absolute, or from `~/` on.
        case folder
        case flag
        case choice([String])
        case whole(ClosedRange<Int>)
        case real(ClosedRange<Double>)
    }

    /// As it is written: `theme`, `sampling.top_k`.
    package let name: String
    package let kind: Kind
    /// A few words on what it does.
    package let help: String
    /// What counts when nobody sets it, in words.
    package let standard: String
    /// A project's file may set it: it starts no work, names no file and takes no key.
    package let isForProjects: Bool

    init(
        _ name: String,
        _ kind: Kind,
        _ help: String,
        standard: String,
        isForProjects: Bool = true
    ) {
        self.name = name
        self.kind = kind
        self.help = help
        self.standard = standard
        self.isForProjects = isForProjects
    }

    /// The default as a value; nil when it is no fixed one.
    package var standardValue: SettingValue? {
        guard !standard.contains(" ") else { return nil }
        return try? kind.value(ofVariable: standard)
    }

    /// The environment variable that sets it: `FACET_SAMPLING_TOP_K`.
    package var variable: String {
        "FACET_" + name.uppercased().replacing(".", with: "_")
    }
}

extension SettingKey {
    package static let model = SettingKey(
        "model",
        .text,
        "the model: a path, or a name in the models folder",
        standard: "the first one found",
        isForProjects: false
    )
    package static let context = SettingKey(
        "context",
        .whole(16...16_777_216),
        "context size in tokens",
        standard: "what memory allows",
        isForProjects: false
    )
    package static let threads = SettingKey(
        "threads",
        .whole(1...1024),
        "threads that compute",
        standard: "one a core",
        isForProjects: false
    )
    package static let kvCache = SettingKey(
        "kv_cache",
        .choice(["f16", "q8_0"]),
        "how keys and values are kept",
        standard: "f16",
        isForProjects: false
    )
    package static let kvSnapshots = SettingKey(
        "kv_snapshots",
        .whole(0...1_048_576),
        "MB of disk for resuming sessions at once; 0 keeps nothing",
        standard: "4096",
        isForProjects: false
    )
    package static let sessions = SettingKey(
        "sessions",
        .folder,
        "the folder of the sessions",
        standard: "see Sessions/README.md",
        isForProjects: false
    )
    package static let system = SettingKey(
        "system",
        .text,
        "the system prompt of new sessions",
        standard: "no text"
    )
    package static let thinking = SettingKey(
        "thinking",
        .choice(["on", "off", "auto"]),
        "reason first, in new sessions",
        standard: "auto"
    )
    package static let thinkingBudget = SettingKey(
        "thinking_budget",
        .whole(0...1_000_000),
        "tokens after which a thought is closed",
        standard: "none"
    )
    package static let showThoughts = SettingKey(
        "show_thoughts",
        .choice(["live", "always", "folded"]),
        "thoughts are open while they come, always, or never by themselves",
        standard: "live"
    )
    package static let theme = SettingKey(
        "theme",
        .text,
        "a theme's name; auto goes by the terminal's background",
        standard: "auto"
    )
    package static let themeDark = SettingKey(
        "theme_dark",
        .text,
        "what auto takes on a dark background",
        standard: "dark"
    )
    package static let themeLight = SettingKey(
        "theme_light",
        .text,
        "what auto takes on a light background",
        standard: "light"
    )
    package static let markdown = SettingKey(
        "markdown",
        .flag,
        "answers are rendered, not shown as they came",
        standard: "true"
    )
    package static let mouse = SettingKey(
        "mouse",
        .flag,
        "the mouse belongs to facet from the start",
        standard: "false"
    )
    package static let notify = SettingKey(
        "notify",
        .choice(["auto", "bell", "off"]),
        "a notice or a bell when a long answer ends unseen",
        standard: "auto"
    )
    package static let plain = SettingKey(
        "plain",
        .flag,
        "line by line, for screen readers",
        standard: "false"
    )
    package static let pictures = SettingKey(
        "pictures",
        .choice(["auto", "kitty", "sixel", "symbols", "off"]),
        "pictures as pixels where the terminal can, as characters, or not at all",
        standard: "auto"
    )
    package static let imageTokens = SettingKey(
        "image_tokens",
        .choice(["70", "140", "280", "560", "1120"]),
        "tokens that a picture may take unless a message says otherwise",
        standard: "what the model's encoders say, else 280"
    )
    package static let temperature = SettingKey(
        "sampling.temperature",
        .real(0...100),
        "0 takes the most probable token",
        standard: "what the model says, else 1"
    )
    package static let topK = SettingKey(
        "sampling.top_k",
        .whole(0...1_000_000),
        "keep the k most probable tokens; 0 keeps all",
        standard: "what the model says, else 64"
    )
    package static let topP = SettingKey(
        "sampling.top_p",
        .real(0...1),
        "keep the most probable tokens up to this probability",
        standard: "what the model says, else 0.95"
    )
    package static let minP = SettingKey(
        "sampling.min_p",
        .real(0...1),
        "drop tokens less probable than this share of the best",
        standard: "what the model says, else 0"
    )
    package static let repeatPenalty = SettingKey(
        "sampling.repeat_penalty",
        .real(0.01...100),
        "penalty on tokens already written; 1 is none",
        standard: "what the model says, else 1"
    )
    package static let presencePenalty = SettingKey(
        "sampling.presence_penalty",
        .real(-100...100),
        "subtracted for a token already written",
        standard: "0"
    )
    package static let frequencyPenalty = SettingKey(
        "sampling.frequency_penalty",
        .real(-100...100),
        "subtracted for each time a token was written",
        standard: "0"
    )
    package static let seed = SettingKey(
        "sampling.seed",
        .whole(0...Int.max),
        "the same seed gives the same answer",
        standard: "random"
    )
    package static let maxTokens = SettingKey(
        "sampling.max_tokens",
        .whole(1...1_000_000_000),
        "tokens after which an answer is cut",
        standard: "none"
    )

    package static let keepDays = SettingKey(
        "retention.keep_days",
        .whole(1...36_500),
        "sessions untouched for more days go to the trash",
        standard: "off",
        isForProjects: false
    )
    package static let keepMegabytes = SettingKey(
        "retention.keep_megabytes",
        .whole(1...1_000_000_000),
        "beyond that many megabytes of sessions the oldest go to the trash",
        standard: "off",
        isForProjects: false
    )
    package static let trashDays = SettingKey(
        "retention.trash_days",
        .whole(1...36_500),
        "sessions longer than that in the trash are removed for good",
        standard: "off",
        isForProjects: false
    )

    /// Every key, in the order in which they are shown.
    package static let all: [SettingKey] = [
        model, context, threads, kvCache, kvSnapshots, sessions, system, thinking, thinkingBudget,
        showThoughts,
        theme, themeDark, themeLight, markdown, mouse, notify, plain, pictures,
        imageTokens, temperature, topK, topP, minP,
        repeatPenalty, presencePenalty, frequencyPenalty, seed, maxTokens, keepDays, keepMegabytes,
        trashDays,
    ]
}
