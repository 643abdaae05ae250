import Conversation
import TerminalCore

extension AppState {
    /// Begins to record, or ends it and attaches what was said.
    mutating func toggleRecording() -> [Effect] {
        if recording != nil {
            guard recording?.isEnding == false else { return [] }
            recording?.isEnding = true
            return [.stopRecording]
        }
        guard chat.readOnlyReason == nil else {
            show(chat.readOnlyReason ?? "", isError: true)
            return []
        }
        if let refusal = refusal(of: .audio) {
            show(refusal, isError: true)
            return []
        }
        recording = RecordingState(session: chat.id)
        // In words it is said when the microphone is open.
        guard !talksPlainly else { return [.startRecording(session: chat.id)] }
        show(
            "Recording; \(keymap.prefixHint(for: .record)) again ends it and attaches it. "
                + "The model hears \(RecordingState.longest) s at most, so it ends by itself then."
        )
        return [.startRecording(session: chat.id)]
    }

    mutating func receive(_ event: RecordingEvent) -> [Effect] {
        guard let session = recording?.session else { return [] }
        switch event {
        case .level(let seconds, let level):
            recording?.take(seconds: seconds, level: level)
            return []
        case .failed(let sentence):
            recording = nil
            show(sentence, isError: true)
            return closeIdleChats()
        case .ended(let path, let reachedLimit):
            recording = nil
            let limit = RecordingState.longest
            show(
                reachedLimit
                    ? "The recording ended at \(limit) s: a model hears no more of a clip."
                    : "The recording is attached."
            )
            return [askForFiles([path], for: session)]
        }
    }

    /// Attaches the picture that is on the clipboard.
    func pastePicture() -> [Effect] { [.pastePicture(session: chat.id)] }
}
