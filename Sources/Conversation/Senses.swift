/// What an engine takes in beside text.
package struct Senses: Sendable, Hashable {
    /// Pictures and the frames of videos.
    package var sees: Bool
    package var hears: Bool
    /// The most soft tokens that one picture may take: 70, 140, 280, 560 or 1120.
    package var imageTokens: Int
    /// What a picture takes unless somebody says otherwise.
    package var pictureTokens = 280
    /// Why it does not see or hear, and what would help: a sentence that names the file to get.
    package var missing: String?

    package init(sees: Bool, hears: Bool, imageTokens: Int = 1120, missing: String? = nil) {
        self.sees = sees
        self.hears = hears
        self.imageTokens = imageTokens
        self.missing = missing
    }

    package static let none = Senses(sees: false, hears: false, imageTokens: 0)
}
