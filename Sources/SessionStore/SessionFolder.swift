import Foundation

/// Where sessions live, and why there.
package struct SessionFolder: Sendable, Hashable {
    package enum Origin: Sendable, Hashable {
        /// `--sessions DIR`
        case option
        /// `$FACET_SESSIONS`
        case environment
        /// The checkout whose `.build` holds the running program.
        case checkout
        /// The user's data folder.
        case home
    }

    package var path: String
    package var origin: Origin
    /// The place that would have been used otherwise and may hold sessions too.
    package var other: String?

    /// Chooses the folder; a pure function that looks at no disk.
    /// - Parameters:
    ///   - option: what `--sessions` was given.
    ///   - environment: of the process; empty values count as unset.
    ///   - executable: absolute path of the running program, links resolved.
    /// - Returns: the place, and the other one worth a look.
    /// - Throws: `SessionError.noFolder` when nothing names a place.
    package static func `default`(
        option: String?,
        environment: [String: String],
        executable: String
    ) throws(SessionError) -> SessionFolder {
        let home = homeFolder(environment)
        let checkout = checkoutFolder(executable)
        let standard = checkout ?? home
        if let option, !option.isEmpty {
            return SessionFolder(path: option, origin: .option, other: standard)
        }
        if let path = environment["FACET_SESSIONS"], !path.isEmpty {
            return SessionFolder(path: path, origin: .environment, other: standard)
        }
        if let checkout { return SessionFolder(path: checkout, origin: .checkout, other: home) }
        if let home { return SessionFolder(path: home, origin: .home, other: nil) }
        throw .noFolder
    }

    private static func homeFolder(_ environment: [String: String]) -> String? {
        // The XDG specification: a relative path there is to be ignored.
        if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") {
            return joined(data, "facet/sessions")
        }
        guard let home = environment["HOME"], !home.isEmpty else { return nil }
        return joined(home, ".local/share/facet/sessions")
    }

    private static func checkoutFolder(_ executable: String) -> String? {
        let names = executable.split(separator: "/", omittingEmptySubsequences: false)
        guard let build = names.dropLast().lastIndex(of: ".build"), build > 0 else { return nil }
        return names[..<build].joined(separator: "/") + "/Sessions"
    }

    private static func joined(_ folder: String, _ rest: String) -> String {
        folder.hasSuffix("/") ? folder + rest : folder + "/" + rest
    }
}
