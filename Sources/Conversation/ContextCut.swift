/// The choice to give a model only a part of a conversation.
///
/// It holds from the message that carries it on, so that other branches stay whole; taking it away
/// undoes it. Nothing leaves the tree.
package struct ContextCut: Sendable, Hashable {
    /// The oldest message that a model is still given: the one that carries the choice or one before
    /// it.
    package var start: String
    /// Stands in for what came before; nil where that was dropped.
    package var summary: String?

    package init(start: String, summary: String? = nil) {
        self.start = start
        self.summary = summary
    }
}

extension Transcript {
    /// The cut that holds at the end of the active branch, and the message that carries it.
    ///
    /// The newest counts; one whose start is not above it is ignored.
    package var activeCut: (carrier: String, cut: ContextCut)? {
        let path = pathIndices
        for (position, index) in path.enumerated().reversed() {
            guard let cut = messages[index].contextCut,
                path[...position].contains(where: { messages[$0].id == cut.start })
            else { continue }
            return (messages[index].id, cut)
        }
        return nil
    }

    /// Gives a model the active branch from `cut` on, beginning with the answer to its last message.
    package mutating func cutContext(_ cut: ContextCut) {
        guard let leaf = activeLeaf, var message = self[leaf] else { return }
        message.contextCut = cut
        update(message)
    }

    /// Takes the cut away that holds at the end of the active branch; an older one holds again.
    package mutating func undoContextCut() {
        guard let (carrier, _) = activeCut, var message = self[carrier] else { return }
        message.contextCut = nil
        update(message)
    }
}
