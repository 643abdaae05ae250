import Conversation
import TerminalCore

/// What is behind the conversation with the keys.
struct InspectorView {
    private let chat: Chat
    private let hasKeys: Bool

    init(_ state: AppState) {
        chat = state.chat
        hasKeys = state.focus == .inspector
    }

    func draw(on surface: inout Surface, in area: Rect, theme: Theme) {
        surface.fill(area, style: theme[.text])
        let head = Rect(x: area.x, y: area.y, width: area.width, height: 1)
        let style = theme[hasKeys ? .statusStrong : .status]
        surface.fill(head, style: style)
        surface.draw(" Inspector", column: head.x, row: head.y, style: style, clip: head)
    }
}
