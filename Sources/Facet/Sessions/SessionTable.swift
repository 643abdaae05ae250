import Foundation
import SessionStore
import TerminalCore

/// The list of sessions in columns, as wide as the terminal.
struct SessionTable {
    let text: String

    /// - Parameters:
    ///   - sessions: in the order of their rows.
    ///   - width: of the terminal, in columns.
    ///   - now: what ages are counted from.
    init(_ sessions: [SessionSummary], width: Int, now: Date = Date()) {
        let idWidth = Self.leastUniquePrefix(sessions.map(\.id))
        text = sessions.map { summary in
            let model = Self.cut(ModelsCommand.printable(summary.model ?? ""), to: 12)
            let front = [
                String(summary.id.prefix(idWidth)),
                Self.padded(Self.age(of: summary.updated, now: now), 10),
                Self.padded(String(summary.messageCount), 5, left: true),
                Self.padded(Self.size(summary.sizeInBytes), 5, left: true),
                Self.padded(model, 12),
                summary.isPinned ? "*" : " ",
            ].joined(separator: " ")
            var title = summary.remark.map { "[\($0)] " } ?? ""
            title += summary.tags.map { "#\($0) " }.joined() + summary.title
            let room = max(8, width - DisplayWidth.of(front) - 1)
            return front + " " + Self.cut(ModelsCommand.printable(title), to: room) + "\n"
        }.joined()
    }

    /// Minutes, hours and days of the last month, else the date.
    static func age(of date: Date, now: Date) -> String {
        let seconds = now.timeIntervalSince(date)
        return switch seconds {
        case 0..<3600: "\(Int(seconds / 60)) min"
        case 3600..<86_400: "\(Int(seconds / 3600)) h"
        case 86_400..<2_592_000: "\(Int(seconds / 86_400)) d"
        default: String(Timestamp.text(date).prefix(10))
        }
    }

    static func size(_ bytes: Int) -> String {
        switch bytes {
        case ..<1000: "\(bytes) B"
        case ..<999_500: "\((bytes + 500) / 1000)k"
        default: "\((bytes + 50_000) / 1_000_000).\((bytes + 50_000) / 100_000 % 10)M"
        }
    }

    /// Characters by which every one of these ids differs from the others; at least 8.
    static func leastUniquePrefix(_ ids: [String]) -> Int {
        let sorted = ids.sorted()
        let shared = zip(sorted, sorted.dropFirst()).map { left, right in
            zip(left.utf8, right.utf8).prefix { $0 == $1 }.count
        }
        return min(26, max(8, (shared.max() ?? 0) + 1))
    }

    private static func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
        return left ? space + text : text + space
    }

    private static func cut(_ text: String, to width: Int) -> String {
        var used = 0
        var kept = ""
        for cluster in text {
            let wide = DisplayWidth.of(cluster)
            if used + wide > width - 1, DisplayWidth.of(text) > width { return kept + "\u{2026}" }
            used += wide
            kept.append(cluster)
        }
        return kept
    }
}
