import Conversation
import Foundation
import JSONValues

/// A copy of an attachment, as far as a check has looked at it.
struct AttachmentCopy {
    var path: String
    /// Nil before its bytes were held against its hash.
    var isWhole: Bool?
    var size = 0
    var isMentioned = false
}

extension SessionCheck {
    /// Looks for the copy of everything that messages carry.
    mutating func checkAttachments(_ json: JSONValue, _ findings: inout SessionFindings) {
        for (index, message) in (json["messages"]?.arrayValue ?? []).enumerated() {
            for (place, part) in (message["parts"]?.arrayValue ?? []).enumerated() {
                guard let type = part["type"]?.stringValue, Attachment.Kind(rawValue: type) != nil
                else { continue }
                check(part, at: "/messages/\(index)/parts/\(place)", &findings)
            }
        }
    }

    private mutating func check(
        _ part: JSONValue,
        at pointer: String,
        _ findings: inout SessionFindings
    ) {
        let name = part["name"]?.stringValue ?? ""
        guard let hash = AttachmentStore.hash(part["hash"]?.stringValue ?? "") else {
            return findings.add(
                .attachmentMissing,
                "\"\(name)\" has no SHA-256 of 64 hexadecimal digits, so there is no copy",
                pointer: pointer + "/hash"
            )
        }
        guard var copy = copies[hash] else {
            return findings.add(
                .attachmentMissing,
                "the copy of \"\(name)\" is not in attachments",
                pointer: pointer + "/hash"
            )
        }
        copy.isMentioned = true
        if copy.isWhole == nil {
            copy.isWhole = (try? attachments.isWhole(copy.path)) ?? false
            copy.size = FileStamp(path: copy.path)?.size ?? 0
        }
        copies[hash] = copy
        if copy.isWhole == false {
            findings.add(
                .attachmentDamaged,
                "the bytes of attachments/\((copy.path as NSString).lastPathComponent) do not "
                    + "give its hash",
                pointer: pointer + "/hash"
            )
        } else if let size = part["size"]?.intValue, size != copy.size {
            findings.add(
                .attachmentSize,
                "\"\(name)\" has \(copy.size) bytes",
                pointer: pointer + "/size"
            )
        }
    }

    /// Tells of copies that no session mentions, and removes those older than an hour.
    mutating func checkUnused() throws(SessionError) {
        guard copies.values.contains(where: { !$0.isMentioned }) else { return }
        let used = try attachments.references()
        let unused = copies.filter { !$0.value.isMentioned && used[$0.key] == nil }
        guard !unused.isEmpty else { return }
        let removed = repairs ? Set(try attachments.removeUnused(now: now).hashes) : []
        for (hash, copy) in unused.sorted(by: { $0.key < $1.key }) {
            var finding = SessionFinding(
                "attachments/" + (copy.path as NSString).lastPathComponent,
                .attachmentUnused,
                "No session mentions it."
            )
            if removed.contains(hash) {
                finding.outcome = .done("removed")
            } else if repairs {
                finding.outcome = .left("it is younger than an hour and may belong to a draft")
            }
            add(finding)
        }
    }
}
