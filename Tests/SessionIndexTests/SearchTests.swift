import Conversation
import Foundation
import JSONValues
import SeededRandom
import SessionIndex
import SessionStore
import Testing

@Suite struct IndexedSearch {
    /// A hit as the oracle knows it.
    struct Found: Hashable {
        var session: String
        var message: String?
        var places: Set<SearchPlace>
    }

    /// Looks through every text in the simplest way there is.
    static func found(_ query: SearchQuery, phrases: [[String]], prefix: Bool, in all: [Transcript])
        -> Set<Found>
    {
        func words(_ text: String) -> [String] {
            text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
                .split { !$0.isLetter && !$0.isNumber }.map(String.init)
        }
        func has(_ text: String, _ index: Int) -> Bool {
            let (own, wanted) = (words(text), phrases[index])
            return own.indices.contains { start in
                start + wanted.count <= own.count
                    && wanted.indices.allSatisfy { offset in
                        let mayGoOn =
                            prefix && index == phrases.count - 1 && offset == wanted.count - 1
                        return mayGoOn
                            ? own[start + offset].hasPrefix(wanted[offset])
                            : own[start + offset] == wanted[offset]
                    }
            }
        }
        func places(_ texts: [SearchPlace: String]) -> Set<SearchPlace>? {
            let every = phrases.indices.allSatisfy { index in
                texts.values.contains { has($0, index) }
            }
            guard every else { return nil }
            return Set(
                texts.filter { text in phrases.indices.contains { has(text.value, $0) } }.keys
            )
        }
        var found: Set<Found> = []
        for transcript in all {
            if query.thoughts != .only, query.filter.role == nil, !transcript.title.isEmpty,
                places([.title: transcript.title]) != nil
            {
                found.insert(Found(session: transcript.id, message: nil, places: [.title]))
            }
            for message in transcript.messages {
                if let role = query.filter.role, role != message.role { continue }
                var texts: [SearchPlace: String] = [:]
                if query.thoughts != .never {
                    texts[.thought] = message.thoughts.map(\.text).joined(separator: "\n")
                }
                if query.thoughts != .only {
                    texts[.text] = message.text
                    texts[.toolCall] = message.toolCalls.map { "\($0.name) \($0.arguments.text())" }
                        .joined()
                    texts[.attachment] = message.parts.map { part in
                        if case .attachment(let file) = part { file.name } else { "" }
                    }.joined()
                }
                if let places = places(texts) {
                    found.insert(
                        Found(session: transcript.id, message: message.id, places: places)
                    )
                }
            }
        }
        return found
    }

    @Test("a search finds what a walk through all files finds", arguments: 1...3)
    func comparison(seed: UInt64) async throws {
        var random = SeededGenerator(state: seed)
        let workshop = try Workshop()
        var all = (0..<40).map { _ in RandomSession.transcript(using: &random) }
        for transcript in all { try workshop.write(transcript) }
        let index = workshop.index
        let bare = SessionIndex(folder: workshop.sessions, cacheFolder: nil)
        for step in 0..<40 {
            if step % 10 == 9 {
                let gone = all.removeFirst()
                try FileManager.default.removeItem(atPath: "\(workshop.sessions)/\(gone.id).json")
                let fresh = RandomSession.transcript(using: &random)
                try workshop.write(fresh)
                all.append(fresh)
            }
            let picks = ["apple", "pear", "PRIME", "of", "the", "a", "1001", "appl", "snake"]
            let phrases = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                (0..<Int.random(in: 1...2, using: &random)).map { _ in
                    picks.randomElement(using: &random) ?? ""
                }
            }
            // A last word in quotes, or of one that may go on.
            let prefix =
                phrases[phrases.count - 1].count == 1
                && phrases[phrases.count - 1][0].count > 2
            let typed = phrases.map { $0.count > 1 ? "\"\($0.joined(separator: " "))\"" : $0[0] }
            var query = SearchQuery(typed.joined(separator: " "), limit: 10_000)
            query.thoughts = [.too, .only, .never].randomElement(using: &random) ?? .too
            query.filter.role =
                Bool.random(using: &random) ? Role.allCases.randomElement(using: &random) : nil
            let hits = try await index.search(query)
            let expected = Self.found(
                query,
                phrases: phrases.map { $0.map { $0.lowercased() } },
                prefix: prefix,
                in: all
            )
            let found = hits.map { hit in
                Found(
                    session: hit.session,
                    message: hit.message,
                    places: Set(hit.excerpts.map(\.place))
                )
            }
            #expect(Set(found) == expected, "\(query.words)")
            #expect(found.count == Set(found).count)
            #expect(hits == (try await bare.search(query)), "\(query.words)")
            #expect(zip(hits, hits.dropFirst()).allSatisfy { $0.date >= $1.date })
            // What is shown of the newest does not depend on how many are asked for.
            query.limit = 3
            #expect(try await index.search(query) == Array(hits.prefix(3)))
        }
    }

    @Test("tag, model and time filter a search")
    func filters() async throws {
        var random = SeededGenerator(state: 11)
        let workshop = try Workshop()
        for _ in 0..<60 { try workshop.write(RandomSession.transcript(using: &random)) }
        let index = workshop.index
        let middle = Date(timeIntervalSince1970: 1_764_020_409)
        let all = try await index.search(SearchQuery("apple*", limit: 1000))
        let tagged = Set(try await index.list(SessionFilter(tags: ["work"])).map(\.id))
        let cases: [(SessionFilter, (SearchHit) -> Bool)] = [
            (SessionFilter(tags: ["work"]), { tagged.contains($0.session) }),
            (SessionFilter(since: middle), { $0.date >= middle }),
            (SessionFilter(before: middle), { $0.date < middle }),
        ]
        for (filter, wanted) in cases {
            let hits = try await index.search(SearchQuery("apple*", filter: filter, limit: 1000))
            #expect(hits == all.filter(wanted))
            #expect(!hits.isEmpty && hits.count < all.count)
        }
        // Long before most of the sessions that the tag leaves.
        var ancient = SessionFilter(tags: ["work"])
        ancient.before = Date(timeIntervalSince1970: 0)
        let query = SearchQuery("apple*", filter: ancient, limit: .max)
        let bare = SessionIndex(folder: workshop.sessions, cacheFolder: nil)
        #expect(try await index.search(query) == (try await bare.search(query)))
    }

    @Test(
        "no query fails",
        arguments: [
            "a", "", " ", "\"", "\"\"", "*", "-", "NOT", "a OR", "text:apple", "{text}: a",
            "NEAR(a b)", "^a", "a\u{0}b", "\u{0}", "' --", "\u{FFFF}", "\u{1F469}\u{200D}",
            "e\u{301}\u{301}\u{301}", "\u{65E5}", "a\"b\"c", "\\", "%", "apple\" AND \"pear",
        ]
    )
    func oddities(words: String) async throws {
        let workshop = try Workshop()
        try workshop.write(
            Transcript(
                id: ULID.next().description,
                created: Date(),
                messages: [
                    Message(
                        id: "m",
                        parent: nil,
                        role: .user,
                        parts: [.text("a b \u{65E5}\u{672C} apple pear")],
                        created: Date()
                    )
                ]
            )
        )
        let bare = SessionIndex(folder: workshop.sessions, cacheFolder: nil)
        let index = workshop.index
        for words in [words, String(repeating: words, count: 10_000)] {
            let hits = try await index.search(SearchQuery(words))
            #expect(hits == (try await bare.search(SearchQuery(words))))
            if SearchQuery(words).isEmpty { #expect(hits.isEmpty) }
        }
    }

    @Test(
        "words of writing without spaces are found inside a sentence, and case and accents do not count"
    )
    func scripts() async throws {
        let workshop = try Workshop()
        let text =
            "Stra\u{DF}e \u{65E5}\u{672C}\u{8A9E}\u{306E}\u{6587} Cafe\u{301} \u{39F}\u{394}\u{39F}\u{3A3} \u{E20}\u{E32}\u{E29}\u{E32}\u{E44}\u{E17}\u{E22} \u{1F600}"
        try workshop.write(
            Transcript(
                id: ULID.next().description,
                created: Date(),
                messages: [
                    Message(
                        id: "m",
                        parent: nil,
                        role: .user,
                        parts: [.text(text)],
                        created: Date()
                    )
                ]
            )
        )
        let index = workshop.index
        for words in [
            "STRASSE", "\u{672C}\u{8A9E}", "\u{6587}", "caf\u{E9}", "\u{3BF}\u{3B4}\u{3BF}\u{3C2}",
            "\u{E44}\u{E17}\u{E22}", "\u{1F600}", "stra", "\u{65E5}\u{672C}\u{8A9E}",
        ] {
            let hits = try await index.search(SearchQuery(words))
            #expect(hits.count == 1, "\(words)")
            let line = hits.first?.excerpts.first?.lines.first
            #expect(line?.matches.isEmpty == false, "\(words)")
        }
        #expect(try await index.search(SearchQuery("\u{8A9E}\u{672C}")).isEmpty)
    }

    @Test("a hit shows its lines, the matches in them, and of a long line only what is around")
    func excerpts() async throws {
        let workshop = try Workshop()
        let long =
            String(repeating: "\u{E4}b ", count: 2000) + "needle "
            + String(repeating: "c ", count: 2000)
        let text = "one\ntwo needle\nthree\nfour\nfive\n\(long)\nseven"
        try workshop.write(
            Transcript(
                id: ULID.next().description,
                created: Date(),
                messages: [
                    Message(
                        id: "m",
                        parent: nil,
                        role: .user,
                        parts: [.text(text)],
                        created: Date()
                    )
                ]
            )
        )
        let hit = try #require(try await workshop.index.search(SearchQuery("needle")).first)
        let lines = try #require(hit.excerpts.first?.lines)
        #expect(lines.map(\.number) == [1, 2, 3, 5, 6, 7])
        #expect(lines[1].text == "two needle")
        #expect(lines[1].matches == [4..<10])
        #expect(lines[0].matches.isEmpty)
        let cut = lines[4]
        #expect(cut.text.utf8.count < 300 && cut.text.hasPrefix("\u{2026}"))
        let match = try #require(cut.matches.first)
        #expect(String(decoding: Array(cut.text.utf8)[match], as: UTF8.self) == "needle")
    }
}

@Suite struct CrowdedIndex {
    @Test("thousands of messages of one moment are all found, the last ones first")
    func crowd() async throws {
        let workshop = try Workshop()
        let date = Date(timeIntervalSince1970: 1_764_020_408)
        for _ in 0..<3 {
            let messages = (0..<700).map { number in
                Message(
                    id: "m\(number)",
                    parent: number == 0 ? nil : "m\(number - 1)",
                    role: .user,
                    parts: [.text("word \(number)")],
                    created: date
                )
            }
            try workshop.write(
                Transcript(id: ULID.next().description, created: date, messages: messages)
            )
        }
        let index = workshop.index
        let bare = SessionIndex(folder: workshop.sessions, cacheFolder: nil)
        for limit in [5, 1000, 10_000] {
            let hits = try await index.search(SearchQuery("word", limit: limit))
            #expect(hits.count == min(limit, 2100))
            #expect(hits == (try await bare.search(SearchQuery("word", limit: limit))))
        }
        let before = SessionFilter(before: date + 1)
        #expect(try await index.search(SearchQuery("699", filter: before)).count == 3)
    }
}
