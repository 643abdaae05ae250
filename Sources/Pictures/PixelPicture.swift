package import Media
package import TerminalCore

/// A picture for terminals that show pixels, under the number that cells name it by.
package struct PixelPicture: Sendable, Hashable {
    package var number: Int
    package var picture: Picture
    /// The cells it takes.
    package var size: Size

    package init(number: Int, picture: Picture, size: Size) {
        self.number = number
        self.picture = picture
        self.size = size
    }
}
