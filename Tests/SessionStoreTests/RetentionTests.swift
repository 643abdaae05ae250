import Conversation
import Foundation
import SessionStore
import Testing

@Suite struct Retention {
    private static let now = Date(timeIntervalSince1970: 1_764_020_408)

    private func session(
        _ number: Int,
        daysAgo: Double,
        bytes: Int = 1000,
        isPinned: Bool = false,
        state: SessionSummary.State = .whole
    ) -> SessionSummary {
        let date = Self.now.addingTimeInterval(-daysAgo * 86_400)
        return SessionSummary(
            id: "01KAWQ000000000000000000" + String(format: "%02d", number),
            title: "\(number)",
            created: date,
            updated: date,
            messageCount: 1,
            model: nil,
            isPinned: isPinned,
            sizeInBytes: bytes,
            state: state
        )
    }

    private func titles(_ rule: RetentionRule, _ sessions: [SessionSummary]) -> [String] {
        RetentionPlan(rule, for: sessions, now: Self.now).moves.map(\.title)
    }

    @Test("nothing goes unless somebody set a rule")
    func off() {
        let all = (0..<9).map { session($0, daysAgo: Double($0) * 1000) }
        #expect(titles(RetentionRule(), all) == [])
        #expect(titles(RetentionRule(trashDays: 1), all) == [])
    }

    @Test("old ones go, the oldest first; never pinned, unreadable or the newest ones")
    func byAge() {
        let all = [
            session(0, daysAgo: 20), session(1, daysAgo: 40),
            session(2, daysAgo: 50, isPinned: true),
            session(3, daysAgo: 60), session(4, daysAgo: 70, state: .damaged(report: "")),
            session(5, daysAgo: 70, state: .newerFormat(2)), session(6, daysAgo: 30),
        ]
        #expect(titles(RetentionRule(keepDays: 30), all) == ["3", "1"])
        #expect(titles(RetentionRule(keepDays: 1), all) == ["3", "1", "6"])
    }

    @Test("what does not fit goes, and all that is older; pinned ones take their room")
    func bySize() {
        let all = [
            session(0, daysAgo: 0, bytes: 400_000), session(1, daysAgo: 1, bytes: 300_000),
            session(2, daysAgo: 2, bytes: 900_000), session(3, daysAgo: 3, bytes: 10),
            session(4, daysAgo: 4, bytes: 200_000, isPinned: true),
        ]
        #expect(titles(RetentionRule(keepMegabytes: 1), all) == ["3", "2"])
        #expect(titles(RetentionRule(keepMegabytes: 2), all) == [])
    }

    @Test("a clock that is wrong, or more than half, wants a person")
    func refusals() {
        func refusal(_ sessions: [SessionSummary]) -> RetentionRefusal? {
            RetentionPlan(RetentionRule(keepDays: 10), for: sessions, now: Self.now).refusal
        }
        let many = (0..<12).map { session($0, daysAgo: Double($0) * 4) }
        #expect(refusal(many) == .tooMany(9, of: 12))
        #expect(refusal(Array(many.prefix(6))) == nil)
        // Five go without a question, even if that is most of them.
        #expect(refusal([many[0]] + many.suffix(5)) == nil)
        let ahead = many + [session(20, daysAgo: -2)]
        #expect(refusal(ahead) == .clockIsBehind(newest: ahead[12].updated))
        #expect(refusal(many + [session(20, daysAgo: -0.5)]) == .tooMany(9, of: 13))
        let absent = (0..<12).map { session($0, daysAgo: 400 + Double($0)) }
        #expect(refusal(absent) == .clockMayBeAhead(newest: absent[0].updated))
    }

    @Test("a plan is carried out into the trash; what is open or changed meanwhile stays")
    func carryingOut() async throws {
        let folder = try ScratchFolder()
        let library = SessionLibrary(folder: folder.path)
        var ids: [String] = []
        for number in 0..<5 {
            var transcript = Sample.transcript(id: ULID.next().description)
            transcript.title = "\(number)"
            transcript.updated = Sample.date.addingTimeInterval(Double(number) * 86_400)
            try await library.add(StoredSession(transcript))
            ids.append(transcript.id)
        }
        let now = Sample.date.addingTimeInterval(20 * 86_400)
        let rule = RetentionRule(keepDays: 1, trashDays: 10)
        let plan = RetentionPlan(rule, for: try await library.list(), now: now)
        #expect(plan.moves.map(\.id) == Array(ids.prefix(4)) && plan.refusal == nil)
        let open = try await SessionLibrary(folder: folder.path).open(ids[1])
        try await library.edit(ids[2]) { $0.isPinned = true }
        let report = try await library.carryOut(plan, rule, now: now)
        #expect(report.moved.map(\.id) == [ids[0], ids[3]])
        #expect(report.left.map(\.session.id) == [ids[1], ids[2]])
        #expect(try await library.trashed().count == 2)
        #expect(report.removed == [])
        try await open.close()
        // With no session to go by, a clock that is a year ahead empties nothing.
        let ahead = Date().addingTimeInterval(365 * 86_400)
        let none = try await library.carryOut(
            RetentionPlan(rule, for: [], now: ahead),
            rule,
            now: ahead
        )
        #expect(none.removed == [])
        // Eleven days later the trash forgets them.
        let later = Date().addingTimeInterval(11 * 86_400)
        let next = try await library.carryOut(
            RetentionPlan(rule, for: [], now: later),
            rule,
            now: later
        )
        #expect(next.removed.sorted() == [ids[0], ids[3]].sorted())
        #expect(try await library.list().count == 3)
    }
}
