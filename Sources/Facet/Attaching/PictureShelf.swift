import Media
import Pictures
import Synchronization
import TerminalCore

/// Draws pictures with characters and gives each a number under which a terminal that shows
/// pixels is told of them.
final class PictureShelf: Sendable {
    private let next = Atomic<Int>(1)
    private let isClosed = Atomic<Bool>(false)
    /// Takes a picture's pixels; nil where there are only characters.
    private let receiver = Mutex<(@Sendable (PixelPicture) -> Void)?>(nil)

    /// From now on pictures go to a terminal, too.
    func send(to new: @escaping @Sendable (PixelPicture) -> Void) {
        receiver.withLock { $0 = new }
    }

    /// From now on nothing is drawn: nobody would see it.
    func close() { isClosed.store(true, ordering: .relaxed) }

    func draw(_ picture: Picture, within room: Size) -> SymbolPicture? {
        guard !isClosed.load(ordering: .relaxed) else { return nil }
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard let drawn = SymbolDrawing.draw(picture, within: room, number: number) else {
            return nil
        }
        receiver.withLock { $0 }?(PixelPicture(number: number, picture: picture, size: drawn.size))
        return drawn
    }
}
