import Conversation
import TerminalCore

extension AppState {
    /// The offers stand in this conversation as long as nothing was said in it.
    func showsWelcome(in chat: Chat) -> Bool {
        welcome != nil && description?.isBuiltIn == true && chat.pane.branch.isEmpty
            && chat.queue.isEmpty
    }

    /// The offers take keys and lines as long as nothing is typed.
    var takesOffers: Bool {
        showsWelcome(in: chat) && focus == .editor && overlay == nil && chat.editor.isEmpty
    }

    /// A key on the offers; nil when it means what it always does.
    mutating func receiveInWelcome(_ key: KeyPress) -> [Effect]? {
        guard takesOffers, let welcome else { return nil }
        switch key {
        case .character("1"): return run(.getModel)
        case .character("2"): return run(.model)
        case .character("3"), KeyPress(.tab):
            chat.editor.insert(welcome.question)
            return []
        case _ where keymap.command(for: key, in: .editor) == .send:
            chat.editor.insert(welcome.question)
            return send()
        default: return nil
        }
    }

    /// A typed line on the offers; nil when it means what it always does.
    mutating func receiveInWelcome(line: String) -> [Effect]? {
        guard takesOffers, ["1", "2", "3"].contains(line) else { return nil }
        return receiveInWelcome(line == "3" ? KeyPress(.enter) : .character(Character(line)))
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
