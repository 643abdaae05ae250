package import Foundation

/// A conversation as a tree of messages with one active branch.
///
/// Editing or regenerating adds a sibling; nothing is removed from the tree.
package struct Transcript: Sendable, Hashable {
    /// A ULID: 26 characters of Crockford base 32, sortable by time.
    package var id: String
    package var title: String
    package var created: Date
    package var updated: Date
    package var systemPrompt: String
    package var thinking: ThinkingMode
    /// Tokens after which thoughts are closed for the model; nil leaves them free.
    package var thinkingBudget: Int?
    package var sampling: SamplingSettings
    /// The name of the model last used here.
    package var model: String?
    package var modelHash: String?
    package var tags: [String]
    package var notes: String
    /// Stands above the others in lists, and no retention rule removes it.
    package var isPinned: Bool
    /// The conversation this one was branched off.
    package var forkedFrom: ForkOrigin?
    /// Functions the model may call in this conversation.
    package var tools: [ToolDeclaration]
    package private(set) var messages: [Message]
    /// The last message of the branch that is shown and continued.
    package private(set) var activeLeaf: String?
    private var indexOfID: [String: Int]

    package init(
        id: String,
        title: String = "",
        created: Date,
        updated: Date? = nil,
        systemPrompt: String = "",
        thinking: ThinkingMode = .auto,
        thinkingBudget: Int? = nil,
        sampling: SamplingSettings = .gemma,
        model: String? = nil,
        modelHash: String? = nil,
        tags: [String] = [],
        notes: String = "",
        isPinned: Bool = false,
        forkedFrom: ForkOrigin? = nil,
        messages: [Message] = [],
        activeLeaf: String? = nil,
        tools: [ToolDeclaration] = []
    ) {
        self.id = id
        self.title = title
        self.created = created
        self.updated = updated ?? created
        self.systemPrompt = systemPrompt
        self.thinking = thinking
        self.thinkingBudget = thinkingBudget
        self.sampling = sampling
        self.model = model
        self.modelHash = modelHash
        self.tags = tags
        self.notes = notes
        self.isPinned = isPinned
        self.forkedFrom = forkedFrom
        self.tools = tools
        self.messages = messages
        indexOfID = Dictionary(
            messages.enumerated().map { ($0.element.id, $0.offset) },
            uniquingKeysWith: { $1 }
        )
        self.activeLeaf = activeLeaf ?? messages.last?.id
    }

    package subscript(id: String) -> Message? { indexOfID[id].map { messages[$0] } }

    /// The active branch, oldest first.
    package var path: [Message] { pathIndices.map { messages[$0] } }

    /// The places of the active branch's messages within `messages`, oldest first: enough to look
    /// through a long conversation without copying it.
    ///
    /// A loop in a damaged file ends the walk.
    package var pathIndices: [Int] {
        var indices: [Int] = []
        var seen = Array(repeating: false, count: messages.count)
        var next = activeLeaf.flatMap { indexOfID[$0] }
        while let index = next, !seen[index] {
            seen[index] = true
            indices.append(index)
            next = messages[index].parent.flatMap { parent in
                // Most messages follow their parent.
                index > 0 && messages[index - 1].id == parent ? index - 1 : indexOfID[parent]
            }
        }
        return indices.reversed()
    }

    /// False when two messages have the same id, which a file may not hold.
    package var hasUniqueIDs: Bool { indexOfID.count == messages.count }

    /// Adds a message below its parent and makes it the active leaf.
    package mutating func append(_ message: Message) {
        indexOfID[message.id] = messages.count
        messages.append(message)
        activeLeaf = message.id
    }

    /// Replaces the message with the same id; an unknown id is ignored.
    package mutating func update(_ message: Message) {
        guard let index = indexOfID[message.id] else { return }
        messages[index] = message
    }

    /// Shows the branch that ends in this message; an unknown id is ignored.
    ///
    /// Nil is the place before the first message, where another beginning can be made.
    package mutating func activate(leaf id: String?) {
        guard let id else { return activeLeaf = nil }
        guard indexOfID[id] != nil else { return }
        activeLeaf = id
    }

    /// The end of the branch that goes on from a message by its newest answers.
    package func newestLeaf(below id: String) -> String {
        // Children follow their parents in order of making, so one pass finds the way down.
        var newestChild: [String: String] = [:]
        for message in messages {
            if let parent = message.parent { newestChild[parent] = message.id }
        }
        var leaf = id
        var seen: Set<String> = [id]
        while let next = newestChild[leaf], seen.insert(next).inserted { leaf = next }
        return leaf
    }

    /// The messages that share this one's parent, itself included, in order of making.
    package func siblings(of id: String) -> [Message] {
        guard let message = self[id] else { return [] }
        return messages.filter { $0.parent == message.parent }
    }
}
