import Conversation
import Foundation
import TerminalCore

/// The lowest line: mode, model, place, thinking, context, speed, and where help is.
struct StatusView {
    private var mode: String
    /// A microphone is open: never left out.
    private var recording: String?
    /// Most important first; what does not fit is left out from the end.
    private var items: [String]
    private var help: String
    /// What a person must know about the model all the time.
    private var caution: String?

    init(_ state: AppState) {
        mode = state.mode.rawValue
        recording = state.recording?.words
        help = "\(state.keymap.prefixHint(for: .help)) keys"
        switch state.engine {
        case .loading(let sentence): items = [sentence]
        case .failed: items = ["no model"]
        case .ready(let description):
            items = [description.shownName, description.isLocal ? "LOCAL" : "REMOTE"]
            if state.chat.isPrivate { items.insert("NOT SAVED", at: 0) }
            if state.chat.readOnlyReason != nil { items.insert("READ-ONLY", at: 0) }
            if state.chat.edited != nil { items.insert("NEW VERSION", at: 0) }
            if let activity = Self.activity(state) { items.insert(activity, at: 0) }
            caution = description.shownCaution
            if description.canThink {
                let next = state.chat.thinkingForNext == nil ? "" : " next"
                items.append("think \(state.chat.thinking.rawValue)\(next)")
            }
            let used = state.chat.lastStatistics?.contextUsed ?? 0
            items.append("\(used.abbreviated)/\(description.contextSize.abbreviated)")
            if let speed = Self.speed(state) { items.append("\(Int(speed.rounded())) tok/s") }
        }
    }

    /// The caution, when this width has no room for it beside the numbers.
    func displacedCaution(width: Int) -> String? {
        guard let caution else { return nil }
        let whole = ([mode] + items + [caution]).joined(separator: " | ")
        return DisplayWidth.of(whole) <= width ? nil : caution
    }

    func draw(on surface: inout Surface, row: Int, theme: Theme) {
        let width = surface.width
        surface.fill(Rect(x: 0, y: row, width: width, height: 1), style: theme[.status])
        var column = surface.draw(mode, column: 0, row: row, style: theme[.statusStrong])
        if let recording {
            let style = theme[.error]
            column = surface.draw(" \(recording) ", column: column + 1, row: row, style: style)
        }
        var shown = items
        if let caution, displacedCaution(width: width) == nil { shown.append(caution) }
        if width >= 60 { shown.append(help) }
        for item in shown {
            let text = " | \(item)"
            let end = column + DisplayWidth.of(text)
            if end > width {
                let cut = text.shortened(to: width - column)
                // Half a word says nothing; a sentence says something when cut.
                if width - column > 20 {
                    column = surface.draw(cut, column: column, row: row, style: theme[.status])
                }
                continue
            }
            column = surface.draw(text, column: column, row: row, style: theme[.status])
        }
    }

    /// What the engine is doing, while that is worth a word.
    private static func activity(_ state: AppState) -> String? {
        guard let running = state.chat.running else { return nil }
        if let report = running.preparing, case .encoding(let done, let all) = report.step {
            let count = all > 1 ? " \(done.grouped) of \(all.grouped)" : ""
            return "looking at \(report.name.firstLine.shortened(to: 24))\(count)"
        }
        if let progress = running.assembly.progress {
            let left = progress.secondsLeft.map { ", \(Int($0.rounded())) s left" } ?? ""
            return "reading \(progress.read.grouped) of \(progress.total.grouped)\(left)"
        }
        if running.assembly.firstToken == nil { return "waiting" }
        return running.assembly.thoughtStarted == nil ? "answering" : "thinking"
    }

    private static func speed(_ state: AppState) -> Double? {
        if let running = state.chat.running, let first = running.assembly.firstToken {
            let seconds = state.now.timeIntervalSince(first)
            return seconds > 0.5 ? Double(running.assembly.pieces) / seconds : nil
        }
        let speed = state.chat.lastStatistics?.tokensPerSecond ?? 0
        return speed > 0 ? speed : nil
    }
}
