import Conversation
import Foundation
import JSONValues
import SeededRandom
import SessionStore
import Testing

/// Sessions so long that all cores read them.
@Suite struct LongSessionTests {
    private static let transcript: Transcript = {
        var random = SeededGenerator(state: 11)
        var transcript = Sample.transcript()
        for index in 0..<400 {
            for message in RandomTree.transcript(using: &random).messages {
                var message = message
                message.id = "\(index)-\(message.id)"
                message.parent = message.parent.map { "\(index)-\($0)" }
                transcript.append(message)
            }
        }
        return transcript
    }()

    private static let bytes = SessionFormat.bytes(StoredSession(transcript))

    private func read(_ bytes: [UInt8]) throws -> StoredSession {
        try SessionFormat.session(from: bytes, id: Sample.id, modified: Sample.date)
    }

    private func readInParts(_ bytes: [UInt8]) -> StoredSession? {
        SessionFormat.sessionInParts(from: bytes, id: Sample.id, modified: Sample.date)
    }

    /// The text with the n-th place of another in it changed.
    private func changed(_ old: String, _ number: Int, to new: String) throws -> [UInt8] {
        let text = String(decoding: Self.bytes, as: UTF8.self)
        let places = text.ranges(of: old)
        try #require(places.count > number)
        return Array(text.replacingCharacters(in: places[number], with: new).utf8)
    }

    @Test("a file that facet wrote is read in parts, and is what was written")
    func inParts() throws {
        let read = try #require(readInParts(Self.bytes))
        #expect(read.transcript == Self.transcript)
        #expect(SessionFormat.bytes(read) == Self.bytes)
    }

    @Test("fields of another program survive in every part")
    func unknownFields() throws {
        let bytes = try changed(#""role": "user""#, 300, to: #""mood": "calm", "role": "user""#)
        let read = try #require(readInParts(bytes))
        let text = String(decoding: SessionFormat.bytes(read), as: UTF8.self)
        #expect(text.contains(#""mood": "calm""#))
    }

    @Test("an error far inside a long file names its place")
    func error() throws {
        let bytes = try changed(#""role": "user""#, 300, to: #""role": "robot""#)
        #expect(readInParts(bytes) == nil)
        let messages = try #require(
            JSONValue(parsing: bytes)["messages"]?.arrayValue
        )
        let index = try #require(messages.firstIndex { $0["role"] == "robot" })
        let error = #expect(throws: SessionFormatError.self) { try read(bytes) }
        #expect(error?.report.contains("/messages/\(index)/role") == true)
    }

    @Test("a message without an id, and an id that is there twice, are found")
    func identifiers() throws {
        let nameless = try changed(#""id": "200-id0""#, 0, to: #""x": 1"#)
        #expect(readInParts(nameless) == nil)
        #expect(try read(nameless).transcript.messages.count == Self.transcript.messages.count)
        let twice = try changed(#""id": "200-id0""#, 0, to: #""id": "100-id0""#)
        #expect(readInParts(twice) == nil)
        #expect(throws: SessionFormatError.self) { try read(twice) }
    }

    @Test("in another layout, where parts would begin inside of messages, all is read")
    func otherLayout() throws {
        let text = String(decoding: Self.bytes, as: UTF8.self)
        // Half the indentation: objects within messages stand where messages did.
        let halved = text.components(separatedBy: "\n").map { line in
            let spaces = line.prefix { $0 == " " }.count
            return String(repeating: " ", count: spaces / 2) + line.dropFirst(spaces)
        }
        let bytes = Array(halved.joined(separator: "\n").utf8)
        #expect(try read(bytes).transcript == Self.transcript)
        let compact = Array(try JSONValue(parsing: Self.bytes).text(.compact).utf8)
        #expect(try read(compact).transcript == Self.transcript)
    }

    @Test("a long file cut anywhere is an error, not a shorter conversation")
    func cut() throws {
        for share in 1..<20 {
            let bytes = Array(Self.bytes.prefix(Self.bytes.count * share / 20))
            #expect(throws: SessionFormatError.self) { try read(bytes) }
        }
        #expect(throws: SessionFormatError.self) { try read(Self.bytes + Array("x".utf8)) }
    }
}
