import Conversation
import Foundation
import JSONValues

/// The contents of attachments that an export takes along.
struct EmbeddedFiles {
    /// The bytes by hash, as base64.
    private(set) var byHash: [String: String] = [:]
    /// What is not there, each as the middle of a sentence.
    private(set) var missing: [String] = []

    /// Asks for the contents of all attachments of some messages, if they are wanted.
    init(of messages: [Message], areWanted: Bool, contents: (Attachment) -> [UInt8]?) {
        var seen: Set<String> = []
        var left = 0
        for file in messages.flatMap(\.attachments) where seen.insert(file.hash).inserted {
            guard areWanted else {
                left += 1
                continue
            }
            let name = file.name.isEmpty ? file.hash : file.name
            if file.sizeInBytes > SessionExport.attachmentLimit {
                missing.append(
                    "\(name), which is larger than \(SessionExport.attachmentLimit >> 20) MiB"
                )
            } else if let bytes = contents(file), bytes.count <= SessionExport.attachmentLimit {
                byHash[file.hash] = Data(bytes).base64EncodedString()
            } else {
                missing.append("\(name), whose file is not there or was changed")
            }
        }
        if left > 0 { missing.append("the contents of \(left) attached files") }
    }

    /// An object with a member for each file.
    var json: JSONValue {
        .object(byHash.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
    }
}
