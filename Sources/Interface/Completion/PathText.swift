/// Paths as people type and terminals paste them.
package enum PathText {
    /// A path as it is typed after `@`: in quotes when it would end too early without.
    package static func quoted(_ path: String) -> String {
        let isPlain = path.allSatisfy { !$0.isWhitespace && $0 != "\"" }
        return isPlain && !path.isEmpty ? path : "\"\(path)\""
    }
}
