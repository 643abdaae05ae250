/// A message that waits until the answer before it has ended.
package struct QueuedMessage: Sendable, Hashable {
    /// The draft it was, to be taken back into the editor.
    package var contents: Editor.Contents
    /// What is sent.
    package var text: String
    /// What goes before it.
    package var documents: [Document]

    package init(_ contents: Editor.Contents, documents: [Document] = []) {
        self.contents = contents
        self.documents = documents
        text = contents.expandedText
    }
}
