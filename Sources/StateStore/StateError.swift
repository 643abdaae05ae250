import Glibc

/// Why something is not remembered, as a sentence for a person.
package struct StateError: Error, Sendable, Hashable {
    package var action: String
    package var path: String
    /// An error number of the system.
    package var code: Int32

    package init(_ action: String, _ path: String, code: Int32) {
        self.action = action
        self.path = path
        self.code = code
    }

    package var userMessage: String {
        let reason = unsafe String(cString: strerror(code))
        return "Can't \(action) \(path): \(reason). Drafts, earlier messages and the layout are "
            + "not remembered until this is mended; sessions are kept elsewhere."
    }
}
