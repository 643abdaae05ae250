import Foundation

/// The model that comes with the program, for those who have no other.
package enum BuiltInModel {
    /// What it is called after `--model`.
    package static let name = "builtin"

    /// Where its file may lie, likeliest first; a pure function that looks at no disk.
    ///
    /// A program that runs from the `.build` of a checkout has it in the checkout's `Models`, an
    /// installed one in `share/facet/models` beside its `bin`.
    ///
    /// - Parameter executable: absolute path of the running program, links resolved.
    /// - Returns: absolute paths.
    package static func places(executable: String) -> [String] {
        let names = executable.split(separator: "/", omittingEmptySubsequences: false)
        guard names.count > 1, names.first == "" else { return [] }
        var folders: [String] = []
        if let build = names.dropLast().lastIndex(of: ".build"), build > 0 {
            folders.append(names[..<build].joined(separator: "/") + "/Models")
        }
        if names.count > 2 {
            folders.append(names.dropLast(2).joined(separator: "/") + "/share/facet/models")
        }
        return folders.map { "\($0)/\(name).gguf" }
    }

    /// The file, where there is one.
    package static func path(executable: String) -> String? {
        places(executable: executable).first { FileManager.default.fileExists(atPath: $0) }
    }
}
