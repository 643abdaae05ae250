package import Foundation
import TerminalCore

/// Changes the state for one event.
///
/// Pure: the same state, event and time give the same result.
/// - Returns: What has to be done outside, in order.
package func update(_ state: inout AppState, _ event: AppEvent, now: Date) -> [Effect] {
    state.now = now
    switch event {
    case .input(let input): return state.receive(input)
    case .generation(let number, let event): return state.receive(event, of: number)
    case .generationFailed(let number, let sentence): return state.fail(number, sentence)
    case .tick: state.refreshRunning()
    case .engineProgress(let sentence): state.engine = .loading(sentence)
    case .engineReady(let description):
        state.engine = .ready(description)
        return state.startNextQueued()
    case .engineFailed(let sentence):
        state.engine = .failed(sentence)
        state.show(sentence, isError: true)
        state.returnQueueToDraft()
    case .saveFailed(let sentence): state.show(sentence, isError: true)
    case .notice(let sentence): state.show(sentence)
    case .clipboardSent: state.show("Sent to the clipboard.")
    case .editorClosed(let text):
        if let text {
            state.editor.replace(with: text)
        } else {
            state.show("The editor did not end well; the draft is as it was.", isError: true)
        }
        return [.redraw]
    }
    return []
}

extension AppState {
    mutating func show(_ sentence: String, isError: Bool = false) {
        notice = Notice(text: sentence, isError: isError)
    }

    fileprivate mutating func receive(_ input: InputEvent) -> [Effect] {
        switch input {
        case .key(let key): return receive(key)
        case .paste(let text):
            guard helpScroll == nil else { return [] }
            notice = nil
            mode = .write
            editor.paste(text)
        case .mouse(let event): scroll(by: event)
        case .resize(let new): size = new
        case .focus(let isHere): hasFocus = isHere
        case .resumed: return [.redraw]
        case .hangup: return end()
        }
        return []
    }

    private mutating func receive(_ key: KeyPress) -> [Effect] {
        let wasArmed = isQuitArmed
        isQuitArmed = false
        notice = nil
        if helpScroll != nil {
            scrollHelp(key)
            return []
        }
        if prefixSince != nil {
            prefixSince = nil
            if let command = Keymap.standard.prefixedCommand(for: key) { return run(command) }
            if key != KeyPress(.escape), key != .control("g"), key != .control("c") {
                show("\(Keymap.prefixKey.name) \(key.name) means nothing. Ctrl-X ? shows the keys.")
            }
            return []
        }
        if key == Keymap.prefixKey {
            prefixSince = now
            return []
        }
        if key == .control("c"), running == nil, editor.isEmpty {
            if wasArmed { return end() }
            isQuitArmed = true
            show("Ctrl-C again quits.")
            return []
        }
        if mode == .write, key == KeyPress(.tab), let word = completions.first?.slash {
            editor.replace(with: "/\(word) ")
            return []
        }
        if let command = Keymap.standard.command(for: key, in: mode) { return run(command) }
        return type(key)
    }

    private mutating func type(_ key: KeyPress) -> [Effect] {
        guard case .character(let letter) = key.key,
            key.modifiers.isDisjoint(with: [.control, .alt])
        else {
            show("\(key.name) means nothing here. Ctrl-X ? shows the keys.")
            return []
        }
        if mode == .write {
            editor.insert(String(letter))
            editor.goalColumn = nil
        } else {
            show("\(key.name) means nothing in READ. i goes back to writing, ? shows the keys.")
        }
        return []
    }

    private mutating func scrollHelp(_ key: KeyPress) {
        let page = max(1, size.height - 3)
        let distance: Int
        switch key {
        case .character("j"), KeyPress(.down), KeyPress(.down, .shift): distance = 1
        case .character("k"), KeyPress(.up), KeyPress(.up, .shift): distance = -1
        case .character(" "), KeyPress(.pageDown): distance = page
        case .character("b"), KeyPress(.pageUp): distance = -page
        case .character("g"), KeyPress(.home): distance = -1_000
        case .character("G"), KeyPress(.end): distance = 1_000
        default:
            helpScroll = nil
            return
        }
        let last = max(0, HelpView.rows(width: size.width).count - (size.height - 1))
        helpScroll = max(0, min(last, (helpScroll ?? 0) + distance))
    }

    private mutating func scroll(by event: MouseEvent) {
        let rows = 3
        switch event.action {
        case .scrollUp: helpScroll == nil ? scroll(by: -rows) : scrollHelp(KeyPress(.up))
        case .scrollDown: helpScroll == nil ? scroll(by: rows) : scrollHelp(KeyPress(.down))
        case .press:
            mode = event.position.row < ScreenLayout(self).conversation.maxY ? .read : .write
        case .release, .drag: break
        }
    }

    /// Keeps what there is and quits.
    mutating func end() -> [Effect] {
        var effects = stopRunning()
        effects.append(.quit)
        return effects
    }
}
