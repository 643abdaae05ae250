import Recording
import Testing

@Suite struct RecorderTests {
    /// Gives the pieces one after the other, then an error or nothing.
    private struct Script: SoundSource {
        var pieces: [[Int16]]
        var ending: RecordingError?

        func open() throws(RecordingError) -> any SoundStream {
            Stream(pieces: pieces, ending: ending)
        }

        private final class Stream: SoundStream {
            private var pieces: [[Int16]]
            private let ending: RecordingError?

            init(pieces: [[Int16]], ending: RecordingError?) {
                self.pieces = pieces
                self.ending = ending
            }

            func read(_ count: Int) throws(RecordingError) -> [Int16] {
                if !pieces.isEmpty { return pieces.removeFirst() }
                if let ending { throw ending }
                return []
            }

            func close() {}
        }
    }

    private struct Nothing: SoundSource {
        func open() throws(RecordingError) -> any SoundStream { throw .noDevice(reason: "none") }
    }

    @Test("levels are the loudest sample of each piece, and everything is kept")
    func levels() {
        var levels: [Float] = []
        let script = Script(pieces: [[0, 16_384, -8_192], [.min], [0]])
        let end = Recorder().run(script) { event in
            if case .level(_, let level) = event { levels.append(level) }
        }
        #expect(levels == [0.5, 1, 0])
        #expect(end == .ended([0, 16_384, -8_192, .min, 0], reachedLimit: false))
    }

    @Test("a recording ends by itself at 30 s, however the device cuts it")
    func limit() {
        let second = [Int16](repeating: 1, count: 16_000)
        let end = Recorder().run(Script(pieces: Array(repeating: second, count: 40))) { _ in }
        guard case .ended(let samples, let reachedLimit) = end else {
            Issue.record("it did not end well")
            return
        }
        #expect(samples.count == 480_000 && reachedLimit)
    }

    @Test("stopping ends it after the piece that is being read")
    func stopping() {
        let recorder = Recorder()
        let script = Script(pieces: Array(repeating: [1, 2], count: 100))
        var count = 0
        let end = recorder.run(script) { _ in
            count += 1
            if count == 3 { recorder.stop() }
        }
        #expect(end == .ended([1, 2, 1, 2, 1, 2], reachedLimit: false))
    }

    @Test("a device that goes away leaves what was said; one that is not there is a sentence")
    func failures() {
        let gone = RecordingError.interrupted(reason: "no such device")
        let recorder = Recorder()
        let cut = recorder.run(Script(pieces: [[5]], ending: gone)) { _ in }
        #expect(cut == .ended([5], reachedLimit: false))
        #expect(recorder.run(Script(pieces: [], ending: gone)) { _ in } == .failed(gone))
        #expect(recorder.run(Nothing()) { _ in } == .failed(.noDevice(reason: "none")))
        #expect(
            RecordingError.noDevice(reason: "none").userMessage
                .hasPrefix("There is no microphone to record from: none.")
        )
    }

    @Test("a WAV file says what it holds, and the samples follow low byte first")
    func wave() {
        let bytes = WaveFile.bytes([1, -2], sampleRate: 16_000)
        #expect(bytes.count == 48)
        #expect(bytes[0..<4].elementsEqual("RIFF".utf8))
        #expect(bytes[8..<16].elementsEqual("WAVEfmt ".utf8))
        #expect(Array(bytes[4..<8]) == [40, 0, 0, 0])
        #expect(
            Array(bytes[20..<36]) == [1, 0, 1, 0, 0x80, 0x3E, 0, 0, 0, 0x7D, 0, 0, 2, 0, 16, 0]
        )
        #expect(Array(bytes[40...]) == [4, 0, 0, 0, 1, 0, 0xFE, 0xFF])
    }

    @Test("without a microphone there is a sentence")
    func microphone() {
        // A machine with one gives an empty recording, since it is stopped already.
        let recorder = Recorder()
        recorder.stop()
        switch recorder.run(Microphone(), { _ in }) {
        case .failed(let error): #expect(error.userMessage.hasSuffix("with /attach."))
        case .ended(let samples, _): #expect(samples.isEmpty)
        case .level: Issue.record("a level is no end")
        }
    }
}
