package import Conversation
package import TerminalCore

/// Everything that can happen to the interface.
package enum AppEvent: Sendable {
    case input(InputEvent)
    /// From the stream of the generation with this number.
    case generation(Int, GenerationEvent)
    /// The stream threw; the sentence says what happened.
    case generationFailed(Int, String)
    /// Time went by; see `AppState.needsTicks`.
    case tick
    case engineProgress(String)
    case engineReady(EngineDescription)
    case engineFailed(String)
    case saveFailed(String)
    case notice(String)
    /// The clipboard was asked; nobody knows whether it obeyed.
    case clipboardSent
    /// The draft after the external editor; nil when the editor failed.
    case editorClosed(String?)
}

/// One answer to be made.
package struct Generation: Sendable {
    /// Names the answer in events and in `cancelGeneration`; grows by one each time.
    package var number: Int
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
    /// Write the session; the journal of its running answer may go when none runs.
    case save(Transcript)
    case suspend
    case redraw
    case quit
    /// Open the text in an editor and answer with `editorClosed`.
    case openEditor(String)
    /// Send to the clipboard and answer with `clipboardSent`.
    case copy(String)
    case setMouse(Bool)
    case bell
}
