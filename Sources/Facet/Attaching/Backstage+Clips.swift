import Foundation
import Interface
import Recording

/// What comes from outside of any file: the microphone and the clipboard.
extension Backstage {
    func startRecording(_ session: String) {
        guard recorder == nil else { return }
        let recorder = Recorder()
        self.recorder = recorder
        let folder = clips(for: session)
        recorder.start(Microphone()) { [inbox] event in
            switch event {
            case .level(let seconds, let level):
                inbox.yield(.recording(.level(seconds: seconds, level: level)))
                return
            case .failed(let error): inbox.yield(.recording(.failed(error.userMessage)))
            case .ended(let samples, let reachedLimit):
                inbox.yield(.recording(Self.store(samples, in: folder, reachedLimit)))
            }
            Task { @MainActor in if self.recorder === recorder { self.recorder = nil } }
        }
    }

    private nonisolated static func store(
        _ samples: [Int16],
        in folder: ClipFolder,
        _ reachedLimit: Bool
    ) -> RecordingEvent {
        guard !samples.isEmpty else { return .failed("Nothing was recorded.") }
        let bytes = WaveFile.bytes(samples, sampleRate: Recorder.sampleRate)
        do {
            let path = try folder.write(bytes, name: "recording", ending: "wav")
            return .ended(path: path, reachedLimit: reachedLimit)
        } catch {
            return .failed(
                "The recording can't be written to \(folder.path): \(error.localizedDescription)"
            )
        }
    }

    func pastePicture(_ session: String) {
        let folder = clips(for: session)
        answer { [inbox] in
            let event = await Task.detached { () -> AppEvent in
                let environment = ProcessInfo.processInfo.environment
                switch ClipboardPicture.read(environment) {
                case .nothing(let sentence): return .notice(sentence)
                case .picture(let bytes):
                    do {
                        let path = try folder.write(bytes, name: "clipboard", ending: "png")
                        return .pictureFound(session: session, path: path)
                    } catch {
                        return .notice(
                            "The picture can't be written to \(folder.path): "
                                + error.localizedDescription
                        )
                    }
                }
            }.value
            inbox.yield(event)
        }
    }

    /// Looks at a file; the file that was marked before is of no use any more.
    func glance(at path: String) {
        glancing?.cancel()
        glancing = Task.detached { [inbox, attachments] in
            // Whoever holds an arrow key looks at none of them.
            try? await Task.sleep(for: .milliseconds(80))
            guard !Task.isCancelled else { return }
            let purpose = FileRequest.Purpose.attach(replacing: nil)
            let request = FileRequest(session: "", paths: [path], purpose: purpose)
            let readings = await attachments.read(request, isPrivate: false)
            guard !Task.isCancelled, let reading = readings.first else { return }
            inbox.yield(.glanced(path, reading))
        }
    }

    /// What belongs to a private conversation goes with the process.
    private func clips(for session: String) -> ClipFolder {
        let isPrivate = hosts[session].map { $0.session == nil } ?? false
        if isPrivate, let folder = attachments.privateFolder { return ClipFolder(path: folder) }
        return ClipFolder(environment: ProcessInfo.processInfo.environment)
    }
}
