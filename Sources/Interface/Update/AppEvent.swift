package import Conversation
package import Foundation
package import TerminalCore

/// Everything that can happen to the interface.
package enum AppEvent: Sendable {
    case input(InputEvent)
    /// A whole line, where keys are not looked at one by one.
    case line(String)
    /// No line will follow.
    case endOfLines
    /// From the stream of the generation with this number.
    case generation(Int, GenerationEvent)
    /// The stream threw; the sentence says what happened.
    case generationFailed(Int, String)
    /// The same, because the conversation is longer than the context.
    case promptTooLong(Int, tokens: Int, contextSize: Int)
    /// Time went by; see `AppState.needsTicks`.
    case tick
    case engineReady(EngineDescription)
    case engineFailed(String)
    case saveFailed(String)
    case notice(String)
    /// The clipboard was asked; nobody knows whether it obeyed.
    case clipboardSent
    /// The draft after the external editor; nil when the editor failed.
    case editorClosed(String?)
    /// What was sent in earlier starts, oldest first.
    case historyLoaded([String])
    /// The names in a folder.
    case folderListed(FolderListing)
    /// Files that were asked for, in their order.
    case filesRead(FileRequest, [FileReading])
    /// A media file in small, or the sentence that says why there is none.
    case previewed(MediaSource, PreviewOutcome)
    case recording(RecordingEvent)
    /// What the file holds that is marked in the list of files.
    case glanced(String, FileReading)
    /// The clipboard's picture is in a file.
    case pictureFound(session: String, path: String)
    /// An asked-for session is open and belongs into this slot.
    case sessionOpened(OpenedSession, slot: Int)
    /// An asked-for session can't be opened or begun; the sentence says why.
    case openingFailed(String)
    /// The sessions of the folder, pinned ones first, then the newest.
    case sessionsListed([SessionListing])
    /// What came of the search with this number.
    case found(Int, FindOutcome)
    /// It is in the trash.
    case sessionDeleted(id: String, title: String)
    /// Its file was changed by someone else: what is open here is kept under a new id.
    case sessionForked(from: String, to: String)
    /// The oldest turns can be left out of a session's requests like this.
    case contextShortened(session: String, ContextCut, dropped: Int)
    /// They can't; the sentence says why.
    case shorteningFailed(session: String, String)
    /// What a session's last answer was given, or its next one would be.
    case promptReported(session: String, PromptReport)
    /// What was noted of tokens before facet started, by message.
    case tokensLoaded(session: String, [String: [TokenDetail]])
    /// What the next answer of a session would cost.
    case costEstimated(session: String, PromptCost)
    /// What this machine is like.
    case machineExplored(MachineFacts)
    /// The models of this machine, and which of them was asked for; empty asks for a list, nil
    /// for what can be typed.
    case modelsListed([ModelListing], wanted: String?)
    /// The themes of this machine, and which of them was asked for; empty asks for a list, nil
    /// for what can be typed.
    case themesListed([Theme], wanted: String?)
}

/// One answer to be made.
package struct Generation: Sendable {
    /// Names the answer in events and in `cancelGeneration`; grows by one each time.
    package var number: Int
    /// The session it belongs to.
    package var session: String
    /// The message to fill, as it stands in the transcript: for the journal.
    package var answer: Message
    package var request: GenerationRequest
}

/// What the interface wants done outside.
package enum Effect: Sendable {
    /// Run the request; pass on every event, after the journal has it.
    case startGeneration(Generation)
    /// Stop it. Events still on their way do no harm.
    case cancelGeneration(Int)
    /// Stop looking for what can be left out of a context; `shorteningFailed` follows.
    case cancelShortening(session: String)
    /// Close the thought it is writing, so that its answer follows.
    case wrapUp(Int)
    /// Write the session; the journal of its running answer may go when none runs.
    case save(Transcript)
    /// Open a session and answer with `sessionOpened` or `openingFailed`.
    case openSession(id: String, slot: Int)
    /// Begin a session and answer with `sessionOpened` or `openingFailed`.
    ///
    /// A private one is never written anywhere.
    case newSession(slot: Int, isPrivate: Bool = false)
    /// It is on no screen and nothing of it is unsaved: give back its lock and its memory.
    case closeSession(id: String)
    /// From now on it is spoken of by its new id.
    case callSession(String, by: String)
    /// Read the folder and answer with `sessionsListed`.
    case listSessions
    /// Look through all sessions and answer with `found`; a request that came before is dropped.
    case find(FindRequest)
    /// Change a session that is not open; then list them.
    case editSession(id: String, SessionEdit)
    /// Move a session that is closed to the trash and answer with `sessionDeleted` or a `notice`.
    case deleteSession(id: String, title: String)
    /// Bring a session back from the trash; then list them.
    case restoreSession(id: String)
    /// Begin a session with a session's branch up to a message, and answer with `sessionOpened` or
    /// `openingFailed`.
    case fork(session: String, at: String?, slot: Int)
    /// Write a conversation to a file and answer with a `notice`.
    case export(Transcript, ExportRequest)
    /// Write a text to a file that a person named and say with `notice` what came of it.
    case saveFile(path: String, text: String, replaces: Bool)
    /// Find out which turns a request can do without, and answer with `contextShortened`.
    case shorten(session: String, GenerationRequest, summarises: Bool)
    /// Answer with `promptReported`, or with a `notice`.
    case inspectPrompt(session: String, GenerationRequest)
    /// Read what was noted of tokens and answer with `tokensLoaded`.
    case loadTokens(session: String)
    /// Answer with `costEstimated`, or not at all.
    case estimateCost(session: String, GenerationRequest)
    /// Look at this machine and answer with `machineExplored`.
    case exploreMachine
    /// Look for models and answer with `modelsListed`.
    case listModels(wanted: String?)
    /// Read the themes and answer with `themesListed`.
    case listThemes(wanted: String?)
    /// Remember the theme's name for the starts to come.
    case rememberTheme(String)
    /// Give the present model back, open this one and answer with `engineReady` or `engineFailed`.
    case loadModel(path: String)
    /// Read the names in a folder, `~` and the working folder resolved, and answer with
    /// `folderListed`.
    case listFolder(String)
    /// Read text files and answer with `filesRead`.
    case readFiles(FileRequest)
    /// Look at a media file and answer with `previewed`.
    case preview(MediaSource)
    /// Look at a file and answer with `glanced`; what was looked at before is of no use any more.
    case glance(String)
    /// Listen to the microphone and answer with `recording` events until it is to stop.
    case startRecording(session: String)
    case stopRecording
    /// Put the clipboard's picture into a file and answer with `pictureFound` or a `notice`.
    case pastePicture(session: String)
    /// Keep the draft of a session until it is kept again; nil forgets it.
    case keepDraft(session: String, Draft?)
    /// Keep how a session is shown.
    case keepView(session: String, ViewState)
    /// Add what was sent to the history of all sessions.
    case remember(String)
    /// Remember which panes are open and how wide.
    case rememberPanes(PaneLayout)
    case suspend
    case redraw
    case quit
    /// Open the text in an editor and answer with `editorClosed`.
    case openEditor(String)
    /// Send to the clipboard and answer with `clipboardSent`.
    case copy(String)
    case setMouse(Bool)
    /// Tell a person who looks elsewhere.
    case notify(String)
}

/// A session as the store opened it.
package struct OpenedSession: Sendable {
    package var transcript: Transcript
    /// Why nothing can be kept in it; nil when it can.
    package var readOnlyReason: String?
    /// What the person should know about its opening.
    package var notice: String?
    package var kept: KeptState
    /// Nothing of it is written anywhere.
    package var isPrivate: Bool

    package init(
        transcript: Transcript,
        readOnlyReason: String? = nil,
        notice: String? = nil,
        kept: KeptState = KeptState(),
        isPrivate: Bool = false
    ) {
        self.transcript = transcript
        self.isPrivate = isPrivate
        self.readOnlyReason = readOnlyReason
        self.notice = notice
        self.kept = kept
    }
}

/// One line of the sessions pane.
package struct SessionListing: Sendable, Hashable, Identifiable {
    package var id: String
    package var title: String
    package var updated: Date
    package var messageCount: Int
    package var model: String?
    package var tags: [String]
    package var isPinned: Bool
    /// Of its file; nil while there is none.
    package var sizeInBytes: Int?
    /// The session it was branched off.
    package var parent: String?
    /// Why it cannot be opened, in a few words; nil when it can.
    package var problem: String?

    package init(
        id: String,
        title: String,
        updated: Date,
        messageCount: Int,
        model: String? = nil,
        tags: [String] = [],
        isPinned: Bool = false,
        sizeInBytes: Int? = nil,
        parent: String? = nil,
        problem: String? = nil
    ) {
        self.id = id
        self.title = title
        self.updated = updated
        self.messageCount = messageCount
        self.model = model
        self.tags = tags
        self.isPinned = isPinned
        self.sizeInBytes = sizeInBytes
        self.parent = parent
        self.problem = problem
    }
}

/// What is changed of a session without anything being said in it.
package enum SessionEdit: Sendable, Hashable {
    case title(String)
    case tags([String])
    case pin(Bool)

    package func apply(to transcript: inout Transcript) {
        switch self {
        case .title(let title): transcript.title = title
        case .tags(let tags): transcript.tags = tags
        case .pin(let isPinned): transcript.isPinned = isPinned
        }
    }
}

/// Where and how a conversation is to be written.
package struct ExportRequest: Sendable, Hashable {
    /// `md`, `html`, `json` or `jsonl`.
    package var format: String
    package var path: String
    /// A file that is there may be replaced.
    package var replaces: Bool
}

/// A model that can be opened.
package struct ModelListing: Sendable, Hashable {
    package var name: String
    package var path: String
    /// In words: `2.5 GiB`.
    package var size: String
    /// Whose it is where it lies in no folder of facet's: `Ollama`.
    package var place: String

    package init(name: String, path: String, size: String, place: String = "") {
        self.name = name
        self.path = path
        self.size = size
        self.place = place
    }
}
