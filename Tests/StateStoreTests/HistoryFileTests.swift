import Foundation
import StateStore
import Testing

@Suite struct HistoryFileTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    @Test("what was sent comes back in order, for its owner alone")
    func keeping() throws {
        try withTemporaryFolder { root in
            let history = HistoryFile(path: root + "/state/history")
            #expect(try history.load().isEmpty)
            let texts = ["one", "two\nlines", "\"quotes\" \u{1B}[31m \u{2028}", "👩‍👩‍👧"]
            for text in texts { try history.append(text, at: now) }
            #expect(try history.load() == texts)
            #expect(mode(history.path) == 0o600 && mode(root + "/state") == 0o700)
            let file = try String(contentsOfFile: history.path, encoding: .utf8)
            #expect(file.hasPrefix("{\"text\":\"one\",\"time\":1800000000}\n"))
        }
    }

    @Test("damaged lines are skipped, and a line cut short swallows nothing")
    func damage() throws {
        try withTemporaryFolder { root in
            let history = HistoryFile(path: root + "/history")
            try history.append("one", at: now)
            let line = Array("{\"text\":\"two\"}\n".utf8)
            for length in 0...line.count {
                let junk =
                    Array("{}\nnull\n\u{0}\n[1]\n".utf8) + [0xC3, 0x28, 0x0A] + line[..<length]
                let handle = try #require(FileHandle(forWritingAtPath: history.path))
                try handle.truncate(atOffset: 33)
                try handle.seekToEnd()
                try handle.write(contentsOf: Data(junk))
                try handle.close()
                try history.append("three", at: now)
                let expected =
                    length >= line.count - 1 ? ["one", "two", "three"] : ["one", "three"]
                #expect(try history.load() == expected, "\(length)")
            }
        }
    }

    @Test("only the newest 5,000 are kept")
    func compacting() throws {
        try withTemporaryFolder { root in
            let history = HistoryFile(path: root + "/history")
            let lines = (0..<5_600).map { "{\"text\":\"\($0)\"}\n" }.joined()
            try Data(lines.utf8).write(to: URL(filePath: history.path))
            #expect(try history.load() == (600..<5_600).map(String.init))
            try history.append("last", at: now)
            let file = try String(contentsOfFile: history.path, encoding: .utf8)
            #expect(file.utf8.count { $0 == 0x0A } == HistoryFile.longest)
            #expect(try history.load() == (601..<5_600).map(String.init) + ["last"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: root) == ["history"])
            #expect(mode(history.path) == 0o600)
        }
    }

    @Test("a very long message is not remembered")
    func long() throws {
        try withTemporaryFolder { root in
            let history = HistoryFile(path: root + "/history")
            let most = String(repeating: "x", count: HistoryFile.largestText)
            try history.append(most, at: now)
            try history.append(most + "x", at: now)
            #expect(try history.load() == [most])
        }
    }

    @Test("writers at the same time lose nothing, not even while the file is rewritten")
    func writers() async throws {
        try await withTemporaryFolder { root in
            let path = root + "/history"
            let lines = (0..<5_480).map { "{\"text\":\"\($0)\"}\n" }.joined()
            try Data(lines.utf8).write(to: URL(filePath: path))
            try await withThrowingTaskGroup { group in
                for writer in 0..<4 {
                    group.addTask {
                        for number in 0..<20 {
                            try HistoryFile(path: path).append("w\(writer) \(number)", at: Date())
                        }
                    }
                }
                try await group.waitForAll()
            }
            let texts = Set(try HistoryFile(path: path).load())
            for writer in 0..<4 {
                for number in 0..<20 { #expect(texts.contains("w\(writer) \(number)")) }
            }
        }
    }
}
