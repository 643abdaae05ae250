import Conversation
import Media
import TerminalCore

/// What is attached to the draft, as rows above the editor: what each file looks like where there
/// is room, what the model is given of it, and what all of it takes of the context.
struct AttachmentStrip {
    /// From this height of the screen on there are rows for pictures.
    static let tallScreen = 30
    private static let pictureWidth = 60
    /// Enough for the sentence that a model does not see, and why.
    private static let remarkRows = 4

    private(set) var rows: [TextRow] = []
    private let width: Int
    /// Of all files.
    private let total: Int
    /// Sentences that must not be missed: what is cut, and what the model cannot take.
    private var remarks: [TextRow] = []

    init(_ state: AppState, width: Int) {
        self.width = width
        let files = state.chat.editor.files
        total = files.reduce(DraftCost()) { $0 + state.cost(of: $1) }.total
        guard !files.isEmpty else { return }
        if state.size.height >= Self.tallScreen, width >= Self.pictureWidth {
            rows = Self.band(files, state.media, width: width)
        }
        let most = max(1, state.size.height / 6)
        let lines = lines(files, state)
        rows += lines.prefix(lines.count > most ? most - 1 : most)
        if lines.count > most, most > 1 {
            rows.append(TextRow("  and more: \(files.count) files in all", .faint))
        }
        rows += remarks.prefix(max(Self.remarkRows, most / 2))
        addSum(files, state)
    }

    // MARK: - Lines

    /// Texts share lines; what is seen or heard has one of its own.
    private mutating func lines(_ files: [AttachedFile], _ state: AppState) -> [TextRow] {
        var lines: [TextRow] = []
        var columns = width
        for (number, file) in files.enumerated() {
            let cost = cost(of: file, state)
            let room = max(8, width - DisplayWidth.of(cost) - 8)
            let label = "\(number + 1) \(file.name.firstLine.shortened(to: room)) \(cost)"
                .shortened(to: width - 2)
            let needed = DisplayWidth.of(label) + 2
            if columns + needed > width || file.isMedia {
                lines.append(TextRow([TextRow.Span(text: "  ", ink: .text)]))
                columns = 2
            }
            lines[lines.count - 1].spans += [
                TextRow.Span(text: label, ink: .chip), TextRow.Span(text: "  ", ink: .text),
            ]
            columns += file.isMedia ? width : needed
        }
        return lines
    }

    /// What a file brings, and notes what has to be said of it.
    private mutating func cost(of file: AttachedFile, _ state: AppState) -> String {
        guard case .media(let kind) = file.content else { return costOfText(file, state) }
        if let refusal = state.refusal(of: Attachment.Kind(kind)) { remark(refusal, .error) }
        guard let preview = state.media.preview(of: file.source) else {
            if let failure = state.media.failure(of: file.source) { remark(failure, .error) }
            return file.sizeInBytes.bytes
        }
        for note in preview.notes {
            let name = file.name.firstLine
            remark(note.contains(name) ? note : "\(name): \(note)", .notice)
        }
        let receipt = state.receipt(of: file, preview)
        // Whole words count more than a wave, and the tokens more than both; a short name is whole.
        let room = width - 6 - min(max(10, DisplayWidth.of(file.name.firstLine)), 24)
        let wave = preview.waveform.isEmpty ? "" : Waveform.line(preview.waveform, width: 8) + " "
        let words = receipt.words(within: room)
        return wave.count + words.count <= room ? wave + words : words
    }

    private mutating func costOfText(_ file: AttachedFile, _ state: AppState) -> String {
        if case .document(let choice) = file.content, choice.arePictures {
            if let refusal = state.refusal(of: .image) { remark(refusal, .error) }
            let tokens = state.cost(of: choice, file.budget)
            return "\(choice.words) as pictures, up to \(tokens.grouped) tokens"
        }
        let cost = "\(file.sizeInBytes.bytes), \(TokenEstimate.words(file.estimate))"
        return switch file.content {
        case .tree(let count): "\(count.grouped) file\(count == 1 ? "" : "s"), \(cost)"
        case .document(let choice): "text of \(choice.words), \(cost)"
        case .text, .media: cost
        }
    }

    private mutating func remark(_ sentence: String, _ ink: Ink) {
        for row in Wrapping.rows(sentence, width: max(1, width - 4)) {
            let row = TextRow("    " + row, ink)
            if !remarks.contains(row) { remarks.append(row) }
        }
    }

    /// What everything takes, and what stays of the context: behind the last row, else below it.
    private mutating func addSum(_ files: [AttachedFile], _ state: AppState) {
        let left = state.room(in: state.chat).map { $0 - total }
        let lacksRoom = left.map { $0 < 0 } ?? false
        let mattersAlways = lacksRoom || files.contains { $0.content != .text }
        guard files.count > 1 || mattersAlways, !rows.isEmpty else { return }
        var text = files.count > 1 ? "in all \(total.grouped) tokens" : ""
        if let left, let size = state.description?.contextSize {
            let stays =
                left >= 0
                ? "\(left.abbreviated) of \(size.abbreviated) stay free"
                : "\((-left).grouped) tokens more than the context has room for"
            text += (text.isEmpty ? "" : ", ") + stays
        }
        guard !text.isEmpty else { return }
        let last = rows[rows.count - 1]
        let used = last.spans.reduce(0) { $0 + DisplayWidth.of($1.text) }
        if used + DisplayWidth.of(text) + 2 <= width, last.pictures.isEmpty {
            rows[rows.count - 1].trailing = TextRow.Span(
                text: text,
                ink: lacksRoom ? .error : .faint
            )
        } else if mattersAlways {
            rows.append(TextRow("  \(text)".shortened(to: width), lacksRoom ? .error : .faint))
        }
    }

    // MARK: - Pictures

    /// The files in small, side by side, each behind its number.
    private static func band(
        _ files: [AttachedFile],
        _ media: MediaShelf,
        width: Int
    ) -> [TextRow] {
        var rows: [TextRow] = []
        var column = 2
        for (number, file) in files.enumerated() {
            guard let preview = media.preview(of: file.source) else { continue }
            let block = PreviewRows(preview, width: max(1, width - column - 4), isLarge: false)
            let blockWidth = block.width
            guard blockWidth > 0, column + blockWidth + 3 <= width else { continue }
            for (line, row) in block.rows.enumerated() {
                if rows.count <= line { rows.append(.blank) }
                let mark = line == 0 ? "\(number + 1) " : "  "
                rows[line].append(row, at: column, behind: mark)
            }
            column += blockWidth + 4
        }
        return rows
    }
}

extension TextRow {
    /// Puts another row's text and pictures into this one, from a column on.
    fileprivate mutating func append(_ other: TextRow, at column: Int, behind mark: String) {
        let used = spans.reduce(0) { $0 + DisplayWidth.of($1.text) }
        let gap = String(repeating: " ", count: max(0, column - used))
        spans.append(Span(text: gap, ink: .text))
        spans.append(Span(text: mark, ink: .faint))
        spans += other.spans
        for picture in other.pictures {
            var moved = picture
            moved.column += column + mark.count
            pictures.append(moved)
        }
    }
}

extension AppState {
    /// What the model is given of a file of the draft.
    func receipt(of file: AttachedFile, _ preview: FilePreview) -> MediaReceipt {
        MediaReceipt(
            preview.facts,
            budget: effectiveBudget(file.budget, for: Attachment.Kind(preview.facts.kind)),
            hears: description?.senses.hears == true
        )
    }
}
