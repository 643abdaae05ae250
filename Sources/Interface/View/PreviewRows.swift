import TerminalCore

/// A media file in small, as rows: its pictures side by side, its sound as a wave below them.
struct PreviewRows {
    private(set) var rows: [TextRow] = []

    /// - Parameters:
    ///   - preview: what is shown.
    ///   - width: columns there are.
    ///   - isLarge: the large pictures are wanted, where they fit.
    init(_ preview: FilePreview, width: Int, isLarge: Bool) {
        let large = preview.large
        let fits = isLarge && Self.width(of: large) <= width && !large.isEmpty
        let pictures = Self.fitting(fits ? large : preview.small, width: width)
        let height = pictures.map(\.size.height).max() ?? 0
        for line in 0..<height {
            var row = TextRow.blank
            var column = 0
            for picture in pictures {
                if line < picture.size.height {
                    row.pictures.append(PictureLine(picture: picture, line: line, column: column))
                }
                column += picture.size.width + 1
            }
            // A copy of these rows holds nothing; the blanks keep the place.
            row.spans = [
                TextRow.Span(text: String(repeating: " ", count: max(0, column - 1)), ink: .text)
            ]
            rows.append(row)
        }
        guard !preview.waveform.isEmpty else { return }
        let columns = min(width, isLarge ? 48 : 32)
        rows += Waveform.rows(preview.waveform, width: columns, height: isLarge ? 3 : 2)
    }

    /// Columns of the widest row.
    var width: Int {
        rows.map { row in row.spans.reduce(0) { $0 + DisplayWidth.of($1.text) } }.max() ?? 0
    }

    /// Columns that pictures take, with one between two.
    static func width(of pictures: [SymbolPicture]) -> Int {
        pictures.reduce(-1) { $0 + $1.size.width + 1 }
    }

    private static func fitting(_ pictures: [SymbolPicture], width: Int) -> [SymbolPicture] {
        var fitting: [SymbolPicture] = []
        for picture in pictures {
            guard Self.width(of: fitting + [picture]) <= width else { break }
            fitting.append(picture)
        }
        return fitting
    }
}

/// A sound's peaks as bars of block characters.
enum Waveform {
    private static let bars = Array(" ▁▂▃▄▅▆▇█")

    /// Bars that stand on the lowest row.
    static func rows(_ peaks: [Float], width: Int, height: Int) -> [TextRow] {
        let levels = Self.levels(peaks, width: width, most: height * 8)
        return (0..<height).map { row in
            let below = (height - 1 - row) * 8
            return TextRow(String(levels.map { bars[($0 - below).clamped(to: 0...8)] }), .meter)
        }
    }

    /// One row of bars.
    static func line(_ peaks: [Float], width: Int) -> String {
        String(levels(peaks, width: width, most: 8).map { bars[$0.clamped(to: 1...8)] })
    }

    /// The loudest peak of each column, in eighths of a row.
    private static func levels(_ peaks: [Float], width: Int, most: Int) -> [Int] {
        guard !peaks.isEmpty, width > 0 else { return [] }
        let columns = min(width, peaks.count)
        return (0..<columns).map { column in
            let start = column * peaks.count / columns
            let end = max(start + 1, (column + 1) * peaks.count / columns)
            let peak = peaks[start..<end].max() ?? 0
            guard peak.isFinite, peak > 0 else { return 0 }
            return max(1, Int((min(peak, 1) * Float(most)).rounded()))
        }
    }
}
