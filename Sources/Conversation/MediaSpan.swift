/// A stretch of a prompt's ids that stands for what a model sees or hears.
///
/// The ids are the same for all pictures: what was read is told apart by the key.
package struct MediaSpan: Sendable, Hashable {
    /// Place of the first id in the prompt.
    package var start: Int
    package var count: Int
    /// The file it is of, with all that its soft tokens depend on: a hash in hexadecimal digits.
    package var key: String
    /// The first of its rows among those of the file: a video's frames are spans of their own.
    package var offset: Int

    package init(start: Int, count: Int, key: String, offset: Int) {
        self.start = start
        self.count = count
        self.key = key
        self.offset = offset
    }

    package var range: Range<Int> { start..<start + count }
}
