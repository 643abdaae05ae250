package import Conversation
package import Foundation
package import TerminalCore

/// Where keys go.
package enum Mode: String, Sendable, Hashable {
    /// To the editor: every printable character types.
    case write = "WRITE"
    /// To the conversation: letters are commands.
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
}

/// An answer that is being made.
package struct RunningAnswer: Sendable, Hashable {
    package var generation: Int
    /// What came so far.
    ///
    /// The transcript holds the empty message until the answer ends.
    package var message: Message
    package var progress: PromptProgress?
    package var started: Date
    /// When its first token came.
    package var firstToken: Date?
    /// When the thought that is still open began.
    package var thoughtStarted: Date?
    /// Pieces of text and thought received: nearly the number of tokens.
    package var pieces = 0
}

/// All that the screen shows and keys change.
package struct AppState: Sendable {
    package var transcript: Transcript
    package var engine: EngineState
    package var theme: Theme
    package var size = Size(width: 80, height: 24)
    package var mode = Mode.write
    package var isHelpOpen: Bool { helpScroll != nil }
    package var editor = Editor()
    package var running: RunningAnswer?
    /// Messages sent while an answer was running; they follow it one by one.
    package var queue: [String] = []
    package var notice: Notice?
    /// Why nothing can be kept here: then nothing is sent either.
    package var readOnlyReason: String?
    /// Set for the next message only, by key.
    package var thinkingForNext: ThinkingMode?

    var history: PromptHistory
    var pane: ConversationPane
    var identifiers: IdentifierSource
    var generations = 0
    /// The answer that was stopped last, whose statistics may still come.
    var stopped: (generation: Int, messageID: String)?
    /// Nil while closed; else the first row shown.
    var helpScroll: Int?
    /// Ctrl-X was pressed at this time and its second key is awaited.
    var prefixSince: Date?
    var isQuitArmed = false
    /// Whether the terminal has the person's eyes; nil until it reported once.
    var hasFocus: Bool?
    var mouseIsOn = false
    /// The time of the last event: what clocks on the screen show.
    var now: Date
    var lastStatistics: Statistics?

    /// Opens a conversation.
    ///
    /// `seed` is for identifiers; take it from the system's randomness.
    package init(
        transcript: Transcript,
        engine: EngineState = .loading("Loading the model."),
        theme: Theme = .dark,
        seed: UInt64,
        now: Date
    ) {
        self.transcript = transcript
        self.engine = engine
        self.theme = theme
        self.now = now
        identifiers = IdentifierSource(seed: seed)
        let path = transcript.path
        history = PromptHistory(path.filter { $0.role == .user }.map(\.text))
        pane = ConversationPane(branch: path.map(\.id))
        lastStatistics = path.last { $0.answer?.statistics != nil }?.answer?.statistics
    }

    /// The transcript with what came so far of a running answer.
    package var wholeTranscript: Transcript {
        var whole = transcript
        if let running { whole.update(running.message) }
        return whole
    }

    /// True while something on the screen changes with time: send `.tick` about ten times a second.
    package var needsTicks: Bool { running != nil || prefixSince != nil }

    /// The thinking mode of the next message.
    package var thinking: ThinkingMode { thinkingForNext ?? transcript.thinking }

    var description: EngineDescription? {
        if case .ready(let description) = engine { description } else { nil }
    }

    /// A message as it is now, the running one included.
    func message(_ id: String) -> Message? {
        if let running, running.message.id == id { return running.message }
        return transcript[id]
    }
}
