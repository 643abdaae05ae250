package import Conversation

extension AttachmentStore {
    /// Where the copies of all that these messages carry are: paths by hash.
    package func paths(of messages: [Message]) -> [String: String] {
        var paths: [String: String] = [:]
        for attachment in messages.flatMap(\.attachments) where paths[attachment.hash] == nil {
            paths[attachment.hash] = path(of: attachment)
        }
        return paths
    }
}
