package import Conversation
package import Foundation
package import TerminalCore

/// The part of the screen that keys go to.
package enum Focus: String, Sendable, Hashable, CaseIterable {
    case editor
    case conversation
    case sessions
    case inspector
}

/// What keys mean there.
package enum Mode: String, Sendable, Hashable {
    /// In the editor: every printable character types.
    case write = "WRITE"
    /// In the other panes: letters are commands.
    case read = "READ"
}

/// The engine as the interface knows it.
package enum EngineState: Sendable, Hashable {
    /// Loading; the sentence says how far it is.
    case loading(String)
    case ready(EngineDescription)
    /// The sentence says why and what to do.
    case failed(String)
}

/// A sentence for the person that stays until the next key.
package struct Notice: Sendable, Hashable {
    package var text: String
    package var isError: Bool

    package init(text: String, isError: Bool) {
        self.text = text
        self.isError = isError
    }
}

/// All that the screen shows and keys change.
package struct AppState: Sendable {
    /// Every open conversation, on the screen or not.
    package var chats: [Chat]
    /// The sessions on the screen, left to right: one or two, each of them in `chats`.
    package internal(set) var shown: [String]
    /// Which of them keys and the editor belong to.
    package internal(set) var slot = 0
    package var focus = Focus.editor
    package var panes = PaneLayout()
    package var engine: EngineState
    package var theme: Theme
    package var themeChoice = ThemeChoice()
    package var preferences: Preferences
    /// How tokens are drawn in new sessions with the model that is open, or was last; nil before.
    var lastSampling: SamplingSettings?
    package var keymap = Keymap.standard
    package var size = Size(width: 80, height: 24)
    package var notice: Notice? {
        didSet { if notice != nil { noticeCount += 1 } }
    }
    package var overlay: Overlay?

    /// What is offered while there is no model but the one that came with facet; nil when one was
    /// chosen.
    package var welcome: Welcome?
    /// What is known of this machine, once it was asked for.
    var machine: MachineFacts?
    /// It was asked for.
    var isExploring = false
    /// The page of the offered model opens as soon as that is known.
    var wantsOffer = false
    /// The themes there are, once they were asked for.
    var themes: [Theme] = []
    /// The list of themes is open and the screen shows the selected one.
    var isTryingThemes = false
    /// Open while an earlier message is searched for the draft.
    var historySearch: HistorySearch?
    /// What was sent in any conversation, oldest first.
    var sharedHistory: [String] = []
    var folderListing: FolderListing?
    /// Where files were attached from last.
    var filesFolder = ""
    /// The recording that is being made: only after a person asked for it.
    package internal(set) var recording: RecordingState?
    /// What is known of pictures, sounds and videos.
    var media = MediaShelf()
    /// The folder that is being listed.
    var requestedFolder: String?
    /// The models that were found when they were listed last.
    var knownModels: [ModelListing] = []
    var sessions = SessionsPane()
    /// Searches through all sessions so far.
    var finds = 0
    /// The message that was found and whose session is being opened.
    var goal: Goal?
    /// Titles of sessions that go to the trash as soon as they are closed.
    var leaving: [String: String] = [:]
    /// Sessions that went there since the start, the last one last.
    var deleted: [String] = []
    var inspector = InspectorPane()
    /// The search through the conversation with the keys.
    var search: TextSearch?
    var identifiers: IdentifierSource
    var generations = 0
    /// Files that were asked for so far.
    var fileRequests = 0
    /// Ctrl-X was pressed at this time and its second key is awaited.
    var prefixSince: Date?
    var isQuitArmed = false
    /// Lines come in and words go out: the draft is not seen.
    package internal(set) var talksPlainly = false
    /// Grows with each notice, so that one said twice is two.
    package private(set) var noticeCount = 0
    /// Sessions that were asked for and are not here yet.
    var openings = 0
    /// While one is on its way, what is sent could go to the wrong conversation.
    package var isOpening: Bool { openings > 0 }
    /// Whether the terminal has the person's eyes; nil until it reported once.
    var hasFocus: Bool?
    package internal(set) var mouseIsOn = false
    /// The border the mouse has hold of.
    var draggedBorder: PaneBorder?
    /// The time of the last event: what clocks on the screen show.
    var now: Date

    /// Opens a conversation.
    ///
    /// `seed` is for identifiers; take it from the system's randomness.
    package init(
        transcript: Transcript,
        readOnlyReason: String? = nil,
        kept: KeptState = KeptState(),
        engine: EngineState = .loading("Loading the model."),
        theme: Theme = .plain,
        preferences: Preferences = Preferences(),
        seed: UInt64,
        now: Date
    ) {
        chats = [
            Chat(
                transcript: transcript,
                readOnlyReason: readOnlyReason,
                kept: kept,
                defaults: preferences.pane
            )
        ]
        shown = [transcript.id]
        self.engine = engine
        self.theme = theme
        self.preferences = preferences
        mouseIsOn = preferences.takesMouse
        self.now = now
        identifiers = IdentifierSource(seed: seed)
    }

    /// The conversation that keys and the editor belong to.
    package var chat: Chat {
        get { chats[activeIndex] }
        _modify { yield &chats[activeIndex] }
    }

    /// The places of the conversations on the screen within `chats`, left to right.
    var shownIndices: [Int] { shown.map(index(of:)) }

    private var activeIndex: Int { index(of: shown[slot]) }

    /// The place of a conversation that is on the screen, and therefore open.
    private func index(of id: String) -> Int {
        chats.firstIndex { $0.id == id } ?? 0
    }

    package var mode: Mode { focus == .editor ? .write : .read }

    package var isSplit: Bool { shown.count > 1 }

    /// True while something on the screen changes with time: send `.tick` about ten times a second.
    package var needsTicks: Bool {
        chats.contains { $0.running != nil || $0.keeping.isWaiting } || prefixSince != nil
    }

    var description: EngineDescription? {
        if case .ready(let description) = engine { description } else { nil }
    }

    mutating func show(_ sentence: String, isError: Bool = false) {
        notice = Notice(text: sentence, isError: isError)
    }
}
