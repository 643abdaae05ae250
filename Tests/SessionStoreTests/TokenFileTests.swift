import Conversation
import Foundation
import JSONValues
import SessionStore
import Testing

@Suite("Answers token by token, beside the session") struct TokenFileTests {
    private static let name = Sample.id + ".tokens"

    private func record(
        _ message: String,
        prompt: [Int],
        ids: [Int],
        continued: Int = 0
    ) -> TokenRecord {
        var trace = AnswerTrace(
            machine: .init(modelHash: "abc", precision: "fast", kvFormat: "f16", kernels: "avx2"),
            prompt: prompt,
            continued: continued,
            forms: [prompt.count],
            startsInThought: continued > 0,
            sampling: SamplingSettings(temperature: 0.5, seed: .max),
            maxTokens: 12,
            budget: 3
        )
        trace.ids = ids
        trace.wrapUps = [1]
        trace.reason = .length
        return TokenRecord(message: message, trace: trace)
    }

    /// An answer, the turn after it, another answer to that, and one that is gone on with.
    private var records: [TokenRecord] {
        let first = Array(2..<80)
        let second = first + [900, 901] + Array(400..<420)
        return [
            record("a1", prompt: first, ids: [900, 901, 902]),
            record("a2", prompt: second, ids: [910, 911]),
            record("a3", prompt: second, ids: [912]),
            record("a3", prompt: second + [912], ids: [913, 914], continued: 1),
        ]
    }

    private func write(_ records: [TokenRecord], in folder: ScratchFolder) async throws {
        let library = SessionLibrary(folder: folder.path)
        let session = try await library.create(Sample.transcript())
        try await session.save(Sample.transcript())
        for record in records { await session.keep(record) }
        try await session.close()
    }

    private func read(_ folder: ScratchFolder) -> [TokenRecord] {
        TokenFile(folder: folder.path, session: Sample.id).records
    }

    @Test("what was kept is read again; what two prompts have in common is there once")
    func roundTrip() async throws {
        let folder = try ScratchFolder()
        var kept = records
        kept[0].trace.details = [
            TokenDetail(
                id: 900,
                text: "▁so",
                logprob: -0.25,
                alternatives: [.init(id: 900, text: "▁so", logprob: -0.25)],
                seconds: 0.5
            )
        ]
        try await write(kept, in: folder)
        #expect(read(folder) == kept)
        let lines = try folder.bytes(Self.name).split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == kept.count + 1)
        #expect(lines[3].count < lines[1].count)
        let file = TokenFile(folder: folder.path, session: Sample.id)
        #expect(file.records(of: "a3") == Array(kept.suffix(2)))
    }

    @Test("another process goes on where the first stopped, after a torn line too")
    func goingOn() async throws {
        let folder = try ScratchFolder()
        try await write(Array(records.prefix(2)), in: folder)
        let torn = try folder.bytes(Self.name).dropLast(20)
        try folder.write(Self.name, Array(torn))
        let library = SessionLibrary(folder: folder.path)
        for record in records.suffix(2) {
            let session = try await library.open(Sample.id)
            await session.keep(record)
            try await session.close()
        }
        #expect(read(folder) == [records[0]] + records.suffix(2))
    }

    @Test("a number that somebody wrote there ends no process", arguments: [Int.max, 1 << 53, -1])
    func hostileNumber(number: Int) async throws {
        let folder = try ScratchFolder()
        try await write([records[0]], in: folder)
        let line = JournalContents.line(["number": .number("\(number)")])
        try folder.write(Self.name, Array(try folder.bytes(Self.name)) + line)
        let session = try await SessionLibrary(folder: folder.path).open(Sample.id)
        await session.keep(records[1])
        try await session.close()
        #expect(read(folder) == Array(records.prefix(2)))
    }

    @Test("short lines that stand for long prompts take no memory")
    func manyFromFew() async throws {
        let folder = try ScratchFolder()
        let long = record("a1", prompt: Array(repeating: 7, count: 1_000_000), ids: [])
        try await write([long], in: folder)
        var bytes = try folder.bytes(Self.name)
        for number in 2...60 {
            bytes += JournalContents.line([
                "kind": "answer", "number": .number(number), "id": "a2",
                "prompt": ["ids": [], "like": .number(number - 1), "first": 1_000_000],
            ])
        }
        try folder.write(Self.name, bytes)
        let all = TokenFile(folder: folder.path, session: Sample.id)
        #expect(all.records.count == 16 && all.damagedLines == 44)
        let one = TokenFile(folder: folder.path, session: Sample.id) {
            $0.message == "a1" ? $0 : nil
        }
        #expect(one.records == [long] && one.damagedLines == 0)
    }

    @Test("cut at every byte: a prefix of the records, never another one")
    func cut() async throws {
        let folder = try ScratchFolder()
        try await write(records, in: folder)
        let bytes = try folder.bytes(Self.name)
        for end in 0..<bytes.count {
            try folder.write(Self.name, Array(bytes.prefix(end)))
            let found = read(folder)
            #expect(found == Array(records.prefix(found.count)))
            #expect(found.count < records.count)
        }
    }

    @Test("a damaged line takes with it what leans on it, and nothing else")
    func damaged() async throws {
        let folder = try ScratchFolder()
        try await write(records, in: folder)
        var bytes = try folder.bytes(Self.name)
        let starts = bytes.indices.filter { $0 == 0 || bytes[$0 - 1] == UInt8(ascii: "\n") }
        bytes[starts[2] + 40] ^= 1
        try folder.write(Self.name, bytes)
        #expect(read(folder) == [records[0]])
        // The next one does not lean on what cannot be read.
        let session = try await SessionLibrary(folder: folder.path).open(Sample.id)
        await session.keep(records[2])
        try await session.close()
        #expect(read(folder) == [records[0], records[2]])
    }

    @Test("deleted while it is in use: the next record stands by itself")
    func deleted() async throws {
        let folder = try ScratchFolder()
        let session = try await SessionLibrary(folder: folder.path).create(Sample.transcript())
        try await session.save(Sample.transcript())
        await session.keep(records[0])
        try FileManager.default.removeItem(atPath: "\(folder.path)/\(Self.name)")
        await session.keep(records[1])
        try await session.close()
        #expect(read(folder) == [records[1]])
    }

    @Test("a later version's file is left alone; a full disk harms nothing")
    func refused() async throws {
        let folder = try ScratchFolder()
        try await write([], in: folder)
        let newer = JournalContents.line(["kind": "tokens", "format": 2])
        try folder.write(Self.name, newer)
        let session = try await SessionLibrary(folder: folder.path).open(Sample.id)
        await session.keep(records[0])
        try await session.close()
        #expect(try folder.bytes(Self.name) == newer)

        try FileManager.default.removeItem(atPath: "\(folder.path)/\(Self.name)")
        let small = SmallDisk(room: 200)
        let library = SessionLibrary(folder: folder.path, disk: small.disk)
        let full = try await library.open(Sample.id)
        await full.keep(records[0])
        small.setRoom(1 << 20)
        await full.keep(records[1])
        try await full.close()
        #expect(read(folder) == [records[1]])
    }
}
