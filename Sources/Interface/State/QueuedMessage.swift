package import Conversation

/// A message that waits until the answer before it has ended.
package struct QueuedMessage: Sendable, Hashable {
    /// The draft it was, to be taken back into the editor.
    package var contents: Editor.Contents
    /// What is sent.
    package var text: String
    /// What goes before it.
    package var load: MessageLoad

    package init(_ contents: Editor.Contents, _ load: MessageLoad = MessageLoad()) {
        self.contents = contents
        self.load = load
        text = contents.spokenText
    }

    /// Media come first, then documents, then what is said.
    var parts: [Part] {
        let said: [Part] = text.isEmpty && !load.attachments.isEmpty ? [] : [.text(text)]
        return load.attachments.map { .attachment($0) } + load.documents.map { .text($0.whole) }
            + said
    }

    /// What stands for it where there is one line.
    var title: String {
        let line = text.firstLine
        return line.isEmpty ? load.attachments.first?.name.firstLine ?? "" : line
    }
}

/// What goes with a message.
package struct MessageLoad: Sendable, Hashable {
    package var documents: [Document]
    package var attachments: [Attachment]

    package init(documents: [Document] = [], attachments: [Attachment] = []) {
        self.documents = documents
        self.attachments = attachments
    }
}
