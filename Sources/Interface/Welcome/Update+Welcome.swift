import Conversation
import TerminalCore

extension AppState {
    /// The offers stand in this conversation as long as nothing was said in it.
    func showsWelcome(in chat: Chat) -> Bool {
        welcome != nil && description?.isBuiltIn == true && chat.pane.branch.isEmpty
            && chat.queue.isEmpty
    }

    /// The question can be asked with one key as long as nothing is typed.
    var offersQuestion: Bool { takesOffers && chat.editor.isEmpty }

    private var takesOffers: Bool { showsWelcome(in: chat) && focus == .editor && overlay == nil }

    /// A key on the offers; nil when it means what it always does.
    ///
    /// A digit is a letter of the draft until Enter: a question may begin with one.
    mutating func receiveInWelcome(_ key: KeyPress) -> [Effect]? {
        guard takesOffers, let welcome else { return nil }
        if chat.editor.isEmpty, key == KeyPress(.tab) {
            chat.editor.insert(welcome.question)
            return []
        }
        guard keymap.command(for: key, in: .editor) == .send else { return nil }
        if chat.editor.isEmpty {
            chat.editor.insert(welcome.question)
            return send()
        }
        guard let effects = receiveInWelcome(line: chat.editor.expandedText) else { return nil }
        return effects
    }

    /// A number alone; nil when the line means what it always does.
    mutating func receiveInWelcome(line: String) -> [Effect]? {
        guard takesOffers, let welcome, ["1", "2", "3"].contains(line) else { return nil }
        chat.editor.takeCommand()
        switch line {
        case "1": return run(.getModel)
        case "2": return run(.model)
        default:
            chat.editor.insert(welcome.question)
            return send()
        }
    }

    /// Finds out what the offers say, once they are on the screen.
    mutating func exploreForWelcome() -> [Effect] {
        showsWelcome(in: chat) ? explore() : []
    }

    private mutating func explore() -> [Effect] {
        guard machine == nil, !isExploring else { return [] }
        isExploring = true
        return [.exploreMachine]
    }

    /// Says how to get a real model.
    mutating func showOffer() -> [Effect] {
        guard let machine else {
            wantsOffer = true
            show("Looking at this machine.")
            return explore()
        }
        wantsOffer = false
        let offer = welcome?.offer ?? .e2b
        overlay = .page(PageOverlay(title: "Get \(offer.name)", text: offer.page(machine)))
        return []
    }

    mutating func receive(_ facts: MachineFacts) -> [Effect] {
        machine = facts
        isExploring = false
        guard wantsOffer else { return [] }
        notice = nil
        return showOffer()
    }
}
