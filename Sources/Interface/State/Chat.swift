package import Conversation
package import Foundation

/// One open conversation: what was said, the answer that is being made, and the draft.
///
/// It may be on the screen or not: an answer goes on while the person looks elsewhere.
package struct Chat: Sendable, Identifiable {
    package var transcript: Transcript
    package var editor = Editor()
    package var running: RunningAnswer?
    /// Messages sent while an answer was running; they follow it one by one.
    package var queue: [QueuedMessage] = [] { didSet { queueRevision += 1 } }
    private(set) var queueRevision = 0
    /// Why nothing can be kept here: then nothing is sent either.
    package var readOnlyReason: String?
    /// Nothing of it is written anywhere: no draft, no entry of the history, no view.
    package var isPrivate = false
    /// Set for the next message only, by key.
    package var thinkingForNext: ThinkingMode?

    /// The message of the user that the draft is a new version of.
    package internal(set) var edited: String?

    /// Set while the oldest turns are being left out; what is sent meanwhile waits.
    var shortening: Shortening?
    package var isShortening: Bool { shortening != nil }
    /// It waits for something of the model.
    package var usesEngine: Bool { running != nil || isShortening }
    /// The person chose to go on although the context is nearly full.
    var goesOnWhenFull = false

    var history: PromptHistory
    var pane: ConversationPane
    /// The list open under the caret.
    var completion: Completion?
    /// Where the list begins that the person closed: it stays closed.
    var closedCompletion: Int?
    /// The revision of the draft whose files are being read for sending it.
    var gathering: Int?
    /// The revision that is sent although a file it names is not there.
    var confirmed: Int?
    /// The text that is sent although the context may have no room for it.
    var confirmedText: String?
    /// Files that are being read for the draft, by the numbers of the requests.
    var reading: Set<Int> = []
    /// The revision of the draft that is sent when they are there.
    var sendsWhenRead: Int?
    var keeping = Keeping(Keeping.Version())
    /// The answer that was stopped last, whose statistics may still come.
    var stopped: RunningAnswer?
    var lastStatistics: Statistics?
    /// Where what the model is given begins; nil when it is given the whole branch.
    private(set) var cut: ContextCut?
    /// The messages of the branch that hold thoughts, oldest first.
    private(set) var thoughtful: [String]
    /// Which of how many versions a message of the branch is, where there are several.
    private(set) var versions: [String: String] = [:]
    /// Messages of the branch with files that are seen or heard.
    private var mediaMessages = 0
    /// What was noted of the tokens of answers, by message.
    private var tokens: [String: [TokenDetail]] = [:]
    /// What was noted before facet started was asked for.
    private var asksForTokens = false

    package init(
        transcript: Transcript,
        readOnlyReason: String? = nil,
        kept: KeptState = KeptState(),
        defaults: PaneDefaults = PaneDefaults()
    ) {
        self.transcript = transcript
        self.readOnlyReason = readOnlyReason
        let path = transcript.pathIndices
        let messages = transcript.messages
        history = PromptHistory(
            path.filter { messages[$0].role == .user }.map { messages[$0].question }
        )
        pane = ConversationPane(branch: path.map { messages[$0].id }, defaults: defaults)
        thoughtful = path.filter { !messages[$0].thoughts.isEmpty }.map { messages[$0].id }
        mediaMessages = path.count { !messages[$0].attachments.isEmpty }
        cut = transcript.activeCut?.cut
        lastStatistics = Self.lastStatistics(of: transcript)
        // What another process is writing is no draft of this one.
        if readOnlyReason == nil, let draft = kept.draft { editor.begin(with: draft.contents) }
        if let view = kept.view { pane.restore(view) }
        keeping = Keeping(keptVersion)
        noteVersions()
    }

    /// The session's id.
    package var id: String { transcript.id }
    /// What it was called before it went on under another id: answers to older questions say that.
    var formerIDs: Set<String> = []

    func isCalled(_ name: String) -> Bool { id == name || formerIDs.contains(name) }

    /// The transcript with what came so far of a running answer.
    package var wholeTranscript: Transcript {
        var whole = transcript
        if let running { whole.update(running.message) }
        return whole
    }

    /// The thinking mode of the next message.
    package var thinking: ThinkingMode { thinkingForNext ?? transcript.thinking }

    /// Something would be lost or cut short if it were closed now.
    var isBusy: Bool {
        usesEngine || !queue.isEmpty || !editor.isEmpty
            || isPrivate && !transcript.messages.isEmpty
    }

    /// Some message of the branch holds a picture, a sound or a video.
    var hasMedia: Bool { mediaMessages > 0 }

    /// A message as it is now, the running one included.
    func message(_ id: String) -> Message? {
        if let running, running.message.id == id { return running.message }
        return transcript[id]
    }

    /// Finds the messages of the branch that have versions beside them.
    mutating func noteVersions() {
        let before = versions
        versions = [:]
        defer {
            if versions != before {
                for id in pane.branch where versions[id] != before[id] { pane.invalidate(id) }
            }
        }
        // A conversation without branches, however long, is told by a look at each message.
        let messages = transcript.messages
        guard
            messages.indices.contains(where: {
                $0 > 0 && messages[$0].parent != messages[$0 - 1].id
            })
        else { return }
        var children: [String?: [String]] = [:]
        for message in messages { children[message.parent, default: []].append(message.id) }
        for id in pane.branch {
            guard let siblings = children[transcript[id]?.parent], siblings.count > 1,
                let place = siblings.firstIndex(of: id)
            else { continue }
            versions[id] = "version \(place + 1) of \(siblings.count)"
        }
    }

    /// Lays out the transcript's active branch, after another one was chosen.
    mutating func showActiveBranch() {
        defer { noteVersions() }
        let path = transcript.pathIndices
        let messages = transcript.messages
        pane = ConversationPane(branch: path.map { messages[$0].id }, likeness: pane)
        thoughtful = path.filter { !messages[$0].thoughts.isEmpty }.map { messages[$0].id }
        mediaMessages = path.count { !messages[$0].attachments.isEmpty }
        cut = transcript.activeCut?.cut
        // How large the context is now, an answer of an earlier day does not know.
        let size = lastStatistics?.contextSize
        lastStatistics = Self.lastStatistics(of: transcript)
        if let size { lastStatistics?.contextSize = size }
    }

    /// What the branch's last answer says of the context; none of it is used after a cut behind it.
    private static func lastStatistics(of transcript: Transcript) -> Statistics? {
        let (messages, path) = (transcript.messages, transcript.pathIndices)
        guard let place = path.lastIndex(where: { messages[$0].answer?.statistics != nil }),
            var found = messages[path[place]].answer?.statistics
        else { return nil }
        if let carrier = transcript.activeCut?.carrier,
            path[place...].contains(where: { messages[$0].id == carrier })
        {
            found.contextUsed = 0
        }
        return found
    }

    /// Gives the model the branch from a cut on; nil gives it what it had before the last cut.
    mutating func cutContext(_ new: ContextCut?) {
        if let new { transcript.cutContext(new) } else { transcript.undoContextCut() }
        cut = transcript.activeCut?.cut
        lastStatistics?.contextUsed = 0
        pane.invalidateAll()
    }

    /// Puts a message at the end of the branch.
    mutating func add(_ message: Message) {
        transcript.append(message)
        pane.branch.append(message.id)
        if !message.attachments.isEmpty { mediaMessages += 1 }
        noteVersions()
    }

    /// Notes that the running answer has begun to think.
    mutating func noteThought() {
        guard let id = running?.message.id, thoughtful.last != id else { return }
        thoughtful.append(id)
    }

    /// Has what was noted of earlier answers' tokens read, once.
    mutating func wantTokens() -> [Effect] {
        guard !isPrivate, !asksForTokens else { return [] }
        asksForTokens = true
        return [.loadTokens(session: id)]
    }

    /// Takes in what was noted before facet started.
    mutating func take(storedTokens: [String: [TokenDetail]]) {
        tokens.merge(storedTokens) { noted, _ in noted }
    }

    /// The tokens of an answer, as far as they were noted.
    func tokens(of id: String) -> [TokenDetail] { tokens[id] ?? [] }

    /// Notes a token of the answer that is being made.
    mutating func note(_ token: TokenDetail) {
        if let running { tokens[running.message.id, default: []].append(token) }
    }

    /// Lays the running answer out again: its counts and clocks moved.
    mutating func refreshRunning() {
        if let running { pane.invalidate(running.message.id) }
    }
}

/// The oldest turns are being left out of what the model is given.
struct Shortening: Sendable, Hashable {
    /// The revision of the draft that is sent when that is done; one that was typed on is not.
    var draft: Int?
    /// The person wants nothing left out any more, whatever comes of it.
    var isStopped = false
}

/// An answer that is being made.
package struct RunningAnswer: Sendable, Hashable {
    package var generation: Int
    package var assembly: AnswerAssembly
    package var started: Date
    /// The file that is being made ready for the model; nil when none is.
    var preparing: MediaReport?
    /// Files of earlier messages that this model is not given, until that was said.
    var leftOut: [String] = []

    /// What came so far.
    ///
    /// The transcript holds the empty message until the answer ends.
    package var message: Message { assembly.message }
}
