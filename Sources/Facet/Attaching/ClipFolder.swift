import Conversation
import Foundation
import StateStore

/// Where recordings and pictures of the clipboard lie until their message is sent, so that a draft
/// that comes back still has them; what is a week old goes.
struct ClipFolder: Sendable {
    /// Absolute.
    let path: String
    private static let lifetime: TimeInterval = 7 * 86_400

    /// In the folder of what is remembered, else in the temporary one.
    init(environment: [String: String]) {
        let state = StateFolder(environment: environment)?.path
        path = (state ?? FileManager.default.temporaryDirectory.path + "/facet") + "/clips"
    }

    init(path: String) { self.path = path }

    /// Writes a file that did not exist before, for its owner alone.
    /// - Returns: its path.
    /// - Throws: what the system says.
    func write(_ bytes: [UInt8], name: String, ending: String) throws -> String {
        let files = FileManager.default
        try files.createDirectory(
            atPath: path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        removeOld()
        let stamp = ULID.next().description.suffix(6).lowercased()
        let file = "\(path)/\(name)-\(stamp).\(ending)"
        guard
            files.createFile(
                atPath: file,
                contents: Data(bytes),
                attributes: [.posixPermissions: 0o600]
            )
        else { throw CocoaError(.fileWriteUnknown) }
        return file
    }

    private func removeOld() {
        let files = FileManager.default
        for name in (try? files.contentsOfDirectory(atPath: path)) ?? [] {
            let file = "\(path)/\(name)"
            let attributes = try? files.attributesOfItem(atPath: file)
            guard let date = attributes?[.modificationDate] as? Date,
                Date().timeIntervalSince(date) > Self.lifetime
            else { continue }
            try? files.removeItem(atPath: file)
        }
    }
}
