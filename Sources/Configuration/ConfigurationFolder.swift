import Foundation

/// Where configuration is kept.
package struct ConfigurationFolder: Sendable {
    /// `$XDG_CONFIG_HOME/facet`, by default `~/.config/facet`.
    package let path: String

    package init(_ environment: [String: String]) {
        if let home = environment["XDG_CONFIG_HOME"], home.hasPrefix("/") {
            path = home + "/facet"
        } else {
            path = (environment["HOME"] ?? "") + "/.config/facet"
        }
    }

    package var file: String { path + "/config.toml" }
    package var themes: String { path + "/themes" }

    /// Longer files are not configuration.
    private static let limit = 1 << 20

    /// The text of a configuration file.
    /// - Throws: `FileProblem` when it can't be read, is too long or is no UTF-8.
    static func text(of file: String) throws(FileProblem) -> String {
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(filePath: file))
            defer { try? handle.close() }
            data = try handle.read(upToCount: limit + 1) ?? Data()
        } catch {
            let reason = (error as NSError).localizedDescription
            throw FileProblem(file: file, "It can't be read: \(reason)")
        }
        guard data.count <= limit else {
            throw FileProblem(file: file, "It is longer than 1 MiB. Is it the right file?")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw FileProblem(file: file, "It is not UTF-8 text. Save it as UTF-8.")
        }
        return text
    }
}
