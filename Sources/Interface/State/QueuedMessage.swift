/// A message that waits until the answer before it has ended.
package struct QueuedMessage: Sendable, Hashable {
    /// The draft it was, to be taken back into the editor.
    package var contents: Editor.Contents
    /// What is sent.
    package var text: String

    package init(_ contents: Editor.Contents) {
        self.contents = contents
        text = contents.expandedText
    }
}
