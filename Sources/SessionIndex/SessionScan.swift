import Conversation
import Foundation
import SessionStore

/// The search over a session itself: what the index is held against, and what is used without one.
struct SessionScan {
    let query: SearchQuery
    private var matcher: TextMatcher

    init(_ query: SearchQuery, terms: SearchTerms) {
        self.query = query
        matcher = TextMatcher(terms)
    }

    /// Every hit of a session, in no order.
    mutating func hits(in reading: SessionReading, entry: SessionEntry) -> [SearchHit] {
        guard let messages = reading.transcript?.messages else { return [] }
        var hits: [SearchHit] = []
        for (ordinal, message) in messages.enumerated() {
            if let hit = hit(in: message, ordinal: ordinal, of: entry.summary) { hits.append(hit) }
        }
        return hits
    }

    /// The hit in the title; nil when it has not all words.
    mutating func hit(inTitleOf entry: SessionEntry) -> SearchHit? {
        let summary = entry.summary
        guard query.includesTitles, entry.hasOwnTitle, query.filter.contains(summary.updated),
            let matches = matcher.matches(in: [summary.title])?.first,
            let excerpt = SearchHit.Excerpt(
                summary.title,
                place: .title,
                matches: matches,
                context: query.contextLines
            )
        else { return nil }
        return SearchHit(
            session: summary.id,
            title: summary.title,
            message: nil,
            role: nil,
            date: summary.updated,
            ordinal: -1,
            excerpts: [excerpt]
        )
    }

    /// The hit in a message; nil when it is not wanted or has not all words.
    mutating func hit(
        in message: Message,
        ordinal: Int,
        of summary: SessionSummary,
        date: Date? = nil
    ) -> SearchHit? {
        let date = date ?? message.created
        guard query.filter.role.map({ $0 == message.role }) ?? true, query.filter.contains(date)
        else { return nil }
        let texts = SearchableTexts(message)
        let places = query.places
        guard let matches = matcher.matches(in: places.map { texts[$0] }) else { return nil }
        let excerpts = zip(places, matches).compactMap { place, ranges in
            SearchHit.Excerpt(
                texts[place],
                place: place,
                matches: ranges,
                context: query.contextLines
            )
        }
        return SearchHit(
            session: summary.id,
            title: summary.title,
            message: message.id,
            role: message.role,
            date: date,
            ordinal: ordinal,
            excerpts: excerpts
        )
    }
}
