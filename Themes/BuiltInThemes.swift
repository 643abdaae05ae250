/// The theme files of this folder, as they were when the program was built.
package enum BuiltInThemes {
    /// In the order in which they are listed.
    package static let all: [(name: String, text: String)] = [
        ("dark", text(PackageResources.dark_toml)),
        ("light", text(PackageResources.light_toml)),
        ("high-contrast-dark", text(PackageResources.high_contrast_dark_toml)),
        ("high-contrast-light", text(PackageResources.high_contrast_light_toml)),
        ("colour-blind-dark", text(PackageResources.colour_blind_dark_toml)),
        ("colour-blind-light", text(PackageResources.colour_blind_light_toml)),
        ("dusk", text(PackageResources.dusk_toml)),
        ("dawn", text(PackageResources.dawn_toml)),
        ("mono", text(PackageResources.mono_toml)),
    ]

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
