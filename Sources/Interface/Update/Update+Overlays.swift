import Conversation
import TerminalCore

extension AppState {
    /// A key while something lies over the panes: it never reaches what is below.
    mutating func receiveInOverlay(_ key: KeyPress) -> [Effect] {
        switch overlay {
        case .help(let scroll):
            let rows = HelpView.rows(keymap, width: size.width).count
            overlay = scrolled(key, from: scroll, rows: rows).map { .help(scroll: $0) }
        case .page(var page):
            let rows = PageView.rows(page, width: size.width).count
            guard let place = scrolled(key, from: page.scroll, rows: rows) else {
                overlay = nil
                return []
            }
            page.scroll = place
            overlay = .page(page)
        case .list(let list): return receive(key, in: list)
        case .choice(let choice): return receive(key, in: choice)
        case .input(let input): return receive(key, in: input)
        case .find(let find):
            guard closes(key) else { return receive(key, in: find) }
            overlay = nil
        case .files(let files): return receive(key, in: files)
        case nil: break
        }
        return []
    }

    mutating func pasteIntoOverlay(_ text: String) -> [Effect] {
        switch overlay {
        case .list(var list):
            list.type(text.firstLine)
            overlay = .list(list)
        case .input(var input):
            input.text += text.firstLine
            overlay = .input(input)
        case .find(let find): return type(find.typed + text.firstLine, in: find)
        case .files(var files):
            files.type(text.firstLine)
            overlay = .files(files)
        case .help, .page, .choice, nil: break
        }
        return []
    }

    /// Where a page stands after a key; nil when the key closes it.
    private func scrolled(_ key: KeyPress, from scroll: Int, rows: Int) -> Int? {
        let page = max(1, size.height - 3)
        let distance: Int
        switch key {
        case .character("j"), KeyPress(.down), KeyPress(.down, .shift): distance = 1
        case .character("k"), KeyPress(.up), KeyPress(.up, .shift): distance = -1
        case .character(" "), KeyPress(.pageDown): distance = page
        case .character("b"), KeyPress(.pageUp): distance = -page
        case .character("g"), KeyPress(.home): distance = -rows
        case .character("G"), KeyPress(.end): distance = rows
        default: return nil
        }
        return (scroll + distance).clamped(to: 0...max(0, rows - (size.height - 1)))
    }

    /// Esc, Ctrl-G and Ctrl-C close what is open and stop nothing else.
    func closes(_ key: KeyPress) -> Bool {
        key == KeyPress(.escape) || key == .control("g") || key == .control("c")
    }

    // MARK: - Lists

    private mutating func receive(_ key: KeyPress, in list: ListOverlay) -> [Effect] {
        var list = list
        let page = max(1, size.height / 2)
        switch key {
        case _ where closes(key):
            overlay = nil
            endThemePreview()
            return []
        case KeyPress(.enter):
            overlay = nil
            endThemePreview()
            return list.selected.map { take($0, of: list.kind) } ?? []
        case KeyPress(.up), .control("p"): list.move(by: -1)
        case KeyPress(.down), .control("n"), KeyPress(.tab): list.move(by: 1)
        case KeyPress(.pageUp): list.move(by: -page)
        case KeyPress(.pageDown): list.move(by: page)
        case KeyPress(.backspace), .control("h"): list.deleteBackward()
        case .control("u"): list.clearQuery()
        default:
            guard let text = key.typedText else {
                show("\(key.name) means nothing in a list. Enter takes, Esc closes.")
                return []
            }
            list.type(text)
        }
        overlay = .list(list)
        if list.kind == .theme { previewTheme(list.selected?.id) }
        return []
    }

    /// Does what was picked from a list.
    private mutating func take(_ item: ListOverlay.Item, of kind: ListOverlay.Kind) -> [Effect] {
        switch kind {
        case .model: return load(item.id)
        case .theme: return chooseTheme(item.id)
        case .command:
            guard let command = Command(rawValue: item.id) else { return [] }
            guard let entry = keymap.entry(of: command), entry.needsArgument,
                let slash = entry.slash
            else { return run(command) }
            // A draft is left alone: what the command takes is typed on a line of its own.
            guard chat.editor.isEmpty else {
                overlay = .input(
                    InputOverlay(.command(command), title: "/\(slash) \(entry.argument)", text: "")
                )
                return []
            }
            focus(.editor)
            chat.editor.replace(with: "/\(slash) ")
            return []
        }
    }

    /// Opens the list of all commands.
    mutating func openPalette() {
        let items = keymap.entries.filter { $0.command != .palette }.map { entry in
            ListOverlay.Item(
                id: entry.command.rawValue,
                title: entry.title,
                detail: entry.help,
                trailing: entry.bindings.first?.name ?? entry.slash.map { "/\($0)" } ?? ""
            )
        }
        overlay = .list(ListOverlay(.command, title: "Commands", items: items))
    }

    // MARK: - Questions

    private mutating func receive(_ key: KeyPress, in question: ChoiceOverlay) -> [Effect] {
        if closes(key) {
            overlay = nil
            dropUnseenDraft()
            return []
        }
        guard let text = key.typedText?.lowercased(),
            let choice = question.choices.first(where: { String($0.key) == text })
        else {
            show("\(key.name) is none of the answers. Esc closes the question.")
            return []
        }
        overlay = nil
        return carryOut(choice.action)
    }

    private mutating func carryOut(_ action: ChoiceOverlay.Action) -> [Effect] {
        switch action {
        case .shorten(let summarises): return shorten(summarises: summarises)
        case .restoreContext: return restoreContext()
        case .goOn:
            chat.goesOnWhenFull = true
            return chat.editor.isEmpty ? [] : send()
        }
    }
}
