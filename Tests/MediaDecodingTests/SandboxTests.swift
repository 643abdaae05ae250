import Foundation
import Media
import MediaDecoding
import Testing

struct SandboxTests {
    @Test func nothingCanBeOpenedSentOrStarted() async {
        #expect(await Helper.reader().probe() == 0)
    }

    @Test func aHelperThatIsNoneIsASentence() async {
        let reader = MediaReader(program: "/nonexistent/facet")
        await #expect(throws: MediaError.self) {
            try await reader.prepare(Helper.fixture("rgb.png"), as: nil, MediaSettings())
        }
        #expect(await reader.probe() == nil)
    }

    /// Programs that are no helper: they fail, answer nonsense, too much, or nothing.
    @Test(arguments: [
        ["/bin/false"], ["/bin/echo"], ["/bin/cat"], ["/usr/bin/yes"],
    ])
    func nonsenseFromAHelperIsASentence(program: [String]) async throws {
        let reader = MediaReader(program: program[0], arguments: [])
        let path = Helper.fixture("rgb.png")
        do {
            _ = try await reader.prepare(path, as: nil, MediaSettings())
            Issue.record("\(program) made a picture")
        } catch {
            #expect(error.userMessage.hasPrefix("\(path) made the decoder fail."))
        }
    }

    @Test func aHelperThatTakesTooLongIsEnded() async throws {
        let path = Helper.fixture("rgb.png")
        let reader = MediaReader(
            program: "/bin/sh",
            arguments: ["-c", "exec sleep 10000"],
            limits: .init(seconds: 0.2)
        )
        // The program would sleep for longer than the suite may take.
        await #expect(throws: MediaError.self) {
            try await reader.prepare(path, as: nil, MediaSettings())
        }
    }

    @Test func cancellingEndsTheHelper() async throws {
        let reader = MediaReader(program: "/bin/sh", arguments: ["-c", "exec sleep 100"])
        let task = Task {
            try await reader.prepare(Helper.fixture("rgb.png"), as: nil, MediaSettings())
        }
        task.cancel()
        await #expect(throws: MediaError.cancelled) { try await task.value }
    }

    @Test func memoryIsLimited() async throws {
        let limits = DecodingWorker.Limits(memory: 64 << 20)
        let path = Helper.fixture("rgb.png")
        await #expect(throws: MediaError.self) {
            try await Helper.reader(limits).prepare(path, as: nil, MediaSettings())
        }
    }

    @Test func manyFilesAtOnceAreReadOneAfterTheOther() async throws {
        let reader = Helper.reader()
        let path = Helper.fixture("rgb.png")
        let request = PreviewRequest(maxWidth: 24, maxHeight: 24)
        let previews = try await withThrowingTaskGroup(of: MediaPreview.self) { group in
            for _ in 0..<12 { group.addTask { try await reader.preview(path, request) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(previews.count == 12 && Set(previews).count == 1)
    }
}
