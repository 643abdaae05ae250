package import Conversation
import Decoding
import Gemma
import SnapshotStore
import Tensors

/// A snapshot that is being written: what it begins with, and the state of the cache that it is of.
struct SnapshotDraft: Sendable {
    let context: Int
    let name: SnapshotName
    let edition: Int
    let count: Int
    let head: [UInt8]
    let rowBytes: Int
}

extension ModelHost {
    /// Opens a place for a session's conversation, with what its cache held when it was closed.
    /// - Throws: as `open` does; a snapshot that is of no use is no error.
    package func open(resuming session: String) throws(EngineError) -> Int {
        let id = try open()
        contexts[id]?.isKept = true
        guard let keeper, let name = keeper.name(of: session), let context = contexts[id] else {
            return id
        }
        context.snapshotName = name
        guard let file = keeper.options.folder.read(name) else { return id }
        let head = SnapshotFile.load(
            file,
            into: context.cache,
            binding: keeper.binding,
            vocabularySize: model.configuration.vocabularySize
        )
        if let head { take(head, into: context) }
        return id
    }

    private func take(_ head: SnapshotHead, into context: Context) {
        context.ids = head.ids
        context.media = head.media
        context.forms = head.forms
        context.thinks = head.thinks
        context.spoken = head.spoken
        if let (position, logits) = head.promptLogits {
            for (index, logit) in logits.enumerated() {
                unsafe context.promptLogits.base[index] = logit
            }
            context.promptLogitsPosition = position
        }
        if options.speculation != .off {
            for id in head.ids { context.lookup.append(id) }
        }
        context.savedCount = head.ids.count
        context.savedEdition = context.edition
    }

    /// Has a conversation's snapshot written, beside everything else.
    func snapshotSoon(_ id: Int) {
        guard let keeper, contexts[id]?.snapshotName != nil else { return }
        Task.detached { await keeper.save(id, of: self, isLast: false) }
    }

    /// Writes the snapshots of all conversations that none is written of, as if they were closed; for
    /// tests.
    package func saveSnapshots() async {
        guard let keeper else { return }
        for id in contexts.keys.sorted() { await keeper.save(id, of: self, isLast: true) }
    }

    /// Gives a conversation's place back, once its snapshot is written.
    func closeSaving(_ id: Int) async {
        if let keeper, contexts[id]?.snapshotName != nil {
            await keeper.save(id, of: self, isLast: true)
        }
        close(id)
    }

    /// What a conversation's snapshot would begin with; nil when none is worth it now.
    func beginSnapshot(of id: Int, isLast: Bool) -> SnapshotDraft? {
        guard let keeper, let context = contexts[id], let name = context.snapshotName,
            !answering.contains(where: { $0 === context }),
            context.edition != context.savedEdition,
            context.ids.count >= keeper.options.smallest, !context.ids.isEmpty,
            context.ids.count == context.cache.count, context.forms.count == context.ids.count
        else { return nil }
        // All writing together stays within a few times the conversation's size.
        let unsaved = context.ids.count - context.savedCount
        guard isLast || unsaved >= max(keeper.options.smallest, context.ids.count / 8) else {
            return nil
        }
        let outline = context.cache.outline
        let head = SnapshotHead(
            outline: outline,
            ids: context.ids,
            media: context.media,
            forms: context.forms,
            thinks: context.thinks,
            spoken: context.spoken,
            promptLogits: context.promptLogitsPosition.map {
                ($0, context.promptLogits.array(0..<model.configuration.vocabularySize))
            }
        )
        return SnapshotDraft(
            context: id,
            name: name,
            edition: context.edition,
            count: context.ids.count,
            head: head.bytes,
            rowBytes: context.cache.rowBytes(outline)
        )
    }

    /// A piece of the rows; nil when the cache is not any more what the draft was made of.
    func rows(of draft: SnapshotDraft, from offset: Int, limit: Int) -> [UInt8]? {
        guard let context = contexts[draft.context], context.edition == draft.edition else {
            return nil
        }
        return context.cache.rows(from: offset, limit: limit)
    }

    /// Notes what a snapshot now holds.
    func endSnapshot(_ draft: SnapshotDraft) {
        guard let context = contexts[draft.context], context.edition == draft.edition else {
            return
        }
        context.savedCount = draft.count
        context.savedEdition = draft.edition
    }
}
