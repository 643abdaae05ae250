import TerminalCore

/// How pictures are to be shown.
package enum PictureWish: String, Sendable, Hashable, CaseIterable {
    /// As pixels where the terminal says that it can, else as characters.
    case automatic = "auto"
    case kitty
    case sixel
    case symbols

    /// What is known before the terminal answers.
    var form: PixelProtocol? {
        switch self {
        case .automatic, .symbols: nil
        case .kitty: .kitty
        case .sixel: .sixel
        }
    }
}
