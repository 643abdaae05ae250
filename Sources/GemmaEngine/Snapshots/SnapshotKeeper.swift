import Crypto
package import SnapshotStore

/// Where an engine keeps snapshots, and when one is worth it.
package struct SnapshotOptions: Sendable, Hashable {
    package var folder: SnapshotFolder
    /// Tokens below which a conversation is read again as quickly.
    package var smallest: Int

    package init(folder: SnapshotFolder, smallest: Int = 256) {
        self.folder = folder
        self.smallest = smallest
    }
}

/// Writes what conversations' caches hold, on a queue of its own.
///
/// Rows are copied a piece at a time between the engine's passes, so that nobody waits for more than
/// one piece and memory holds no second cache. A question that comes meanwhile changes the cache and
/// ends the writing; the next end of an answer begins anew.
actor SnapshotKeeper {
    nonisolated let options: SnapshotOptions
    nonisolated let binding: SnapshotBinding
    private let executor = SerialQueueExecutor(label: "facet.snapshots")
    private var running: [Int: Task<Void, Never>] = [:]

    /// Bytes copied at once: about a millisecond.
    private static let pieceSize = 4 << 20

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    init(options: SnapshotOptions, binding: SnapshotBinding) {
        self.options = options
        self.binding = binding
    }

    nonisolated func name(of session: String) -> SnapshotName? {
        SnapshotName(session: session, binding: binding.name)
    }

    /// Writes a conversation's snapshot if that is worth it, after any that is being written.
    ///
    /// - Parameters:
    ///   - context: its number.
    ///   - host: whose it is.
    ///   - isLast: the conversation is about to be closed, so that everything new is worth it.
    func save(_ context: Int, of host: ModelHost, isLast: Bool) async {
        while let task = running[context] { await task.value }
        let task = Task {
            await write(context, of: host, isLast: isLast)
            running[context] = nil
        }
        running[context] = task
        await task.value
    }

    private func write(_ context: Int, of host: ModelHost, isLast: Bool) async {
        guard let draft = await host.beginSnapshot(of: context, isLast: isLast) else { return }
        let size = SnapshotFile.frameBytes + draft.head.count + draft.rowBytes
        guard let writer = options.folder.write(draft.name, size: size) else { return }
        var hasher = SHA256()
        func append(_ bytes: [UInt8]) -> Bool {
            hasher.update(data: bytes)
            return writer.append(bytes)
        }
        let preamble = SnapshotFile.preamble(
            binding,
            head: draft.head.count,
            rows: draft.rowBytes
        )
        guard append(preamble), append(draft.head) else { return }
        var offset = 0
        while offset < draft.rowBytes {
            let piece = await host.rows(of: draft, from: offset, limit: Self.pieceSize)
            guard let piece, !piece.isEmpty, append(piece) else { return }
            offset += piece.count
        }
        guard writer.append(Array(hasher.finalize())) else { return }
        writer.finish()
        await host.endSnapshot(draft)
    }
}
