import TerminalCore

/// Breaks stretches of a draft into rows: between words where it can, else between clusters.
///
/// The last column is kept for the caret and for a space, so that a word that fills a row and the
/// caret behind it both stand where they are expected.
struct RowWrapping {
    /// One cluster as it is drawn.
    struct Unit {
        var length: Int
        var columns: Int
        var isSpace = false
        var isWide = false
        /// What is drawn in place of the cluster; nil when it is drawn as it is.
        var replacement: String?
    }

    /// A row before it is drawn.
    struct Extent {
        /// UTF-8 offsets.
        var range: Range<Int>
        var units: ArraySlice<Unit>
        var isContinued: Bool
    }

    private static let tabColumns = 4

    let editor: Editor
    let width: Int

    /// The rows of a stretch; at least one.
    func rows(of segment: Range<Int>) -> [Extent] {
        let units = units(of: segment)
        var rows: [Extent] = []
        // Where the row begins, where it has come to, and where it can end last.
        var start = Place(segment.lowerBound)
        var place = start
        var word: Place?
        func end(at end: Place, isContinued: Bool) {
            rows.append(
                Extent(
                    range: start.offset..<end.offset,
                    units: units[start.unit..<end.unit],
                    isContinued: isContinued
                )
            )
            start = end
            word = nil
        }
        for unit in units {
            // Spaces may take the last column; more of them than a row holds go on in the next.
            let room = unit.isSpace ? width : width - 1
            if place.columns - start.columns + unit.columns > room, place.unit > start.unit {
                end(
                    at: unit.isSpace || unit.isWide ? place : word ?? place,
                    isContinued: true
                )
            }
            place.unit += 1
            place.offset += unit.length
            place.columns += unit.columns
            if unit.isSpace || unit.isWide { word = place }
        }
        end(at: place, isContinued: isCut(at: segment.upperBound))
        return rows
    }

    /// A row with what is drawn and where the caret can stand.
    func row(_ extent: Extent) -> EditorLayout.Row {
        var offset = extent.range.lowerBound
        var column = 0
        var row = EditorLayout.Row(stops: [EditorLayout.Stop(offset: offset, column: 0)])
        row.isContinued = extent.isContinued
        row.stops.reserveCapacity(extent.units.count + 1)
        let isVerbatim = extent.units.allSatisfy { $0.replacement == nil }
        if isVerbatim { row.text = text(extent.range) }
        for unit in extent.units {
            if !isVerbatim {
                row.text += unit.replacement ?? text(offset..<offset + unit.length)
            }
            offset += unit.length
            column += unit.columns
            row.stops.append(EditorLayout.Stop(offset: offset, column: column))
        }
        row.selected = selectedColumns(of: row, extent)
        return row
    }

    private struct Place {
        var unit = 0
        var offset: Int
        var columns = 0

        init(_ offset: Int) { self.offset = offset }
    }

    private func selectedColumns(of row: EditorLayout.Row, _ extent: Extent) -> Range<Int>? {
        let range = extent.range
        guard let selection = editor.selection, selection.lowerBound <= range.upperBound,
            selection.upperBound > range.lowerBound
        else { return nil }
        let first = row.stops.first { $0.offset >= selection.lowerBound }?.column ?? 0
        let last = row.stops.last { $0.offset <= selection.upperBound }?.column ?? 0
        let hasLineEnd = selection.upperBound > range.upperBound && !extent.isContinued
        let columns = first..<max(first, last) + (hasLineEnd ? 1 : 0)
        return columns.isEmpty ? nil : columns
    }

    private func units(of segment: Range<Int>) -> [Unit] {
        let bytes = editor.text.utf8[index(segment.lowerBound)..<index(segment.upperBound)]
        if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
            return bytes.map { Unit(length: 1, columns: 1, isSpace: $0 == 0x20) }
        }
        return editor.text[bytes.startIndex..<bytes.endIndex].map(unit)
    }

    /// Cleaned now, so that what is measured is what is drawn.
    private func unit(_ cluster: Character) -> Unit {
        let length = cluster.utf8.count
        guard let first = cluster.unicodeScalars.first else { return Unit(length: 0, columns: 0) }
        if length == 1, first.value >= 0x20, first.value < 0x7F {
            return Unit(length: 1, columns: 1, isSpace: first == " ")
        }
        if first == "\t", length == 1 {
            let columns = min(Self.tabColumns, width - 1)
            let spaces = String(repeating: " ", count: columns)
            return Unit(length: 1, columns: columns, isSpace: true, replacement: spaces)
        }
        if editor.chips[first] != nil { return chip(cluster) }
        let glyphs = Glyph.drawing(cluster)
        if glyphs.count == 1, glyphs[0].text.utf8.count == length {
            let columns = glyphs[0].width
            return Unit(length: length, columns: columns, isWide: columns > 1)
        }
        return replaced(glyphs, length)
    }

    /// A chip's label; a long one is cut at the row's end.
    private func chip(_ cluster: Character) -> Unit {
        let label = editor.chips.label(of: cluster).shortened(to: max(4, width - 1))
        return replaced(label.flatMap { Glyph.drawing($0) }, cluster.utf8.count)
    }

    private func replaced(_ glyphs: [Glyph], _ length: Int) -> Unit {
        var unit = Unit(length: length, columns: 0, replacement: "")
        for glyph in glyphs where unit.columns + glyph.width < width || unit.columns == 0 {
            unit.replacement? += glyph.text
            unit.columns += glyph.width
        }
        unit.isWide = unit.columns > 1
        return unit
    }

    /// True where a stretch ends within its line.
    private func isCut(at offset: Int) -> Bool {
        let end = index(offset)
        return end < editor.text.utf8.endIndex && editor.text.utf8[end] != 0x0A
    }

    private func text(_ range: Range<Int>) -> String {
        String(editor.text[index(range.lowerBound)..<index(range.upperBound)])
    }

    private func index(_ offset: Int) -> String.Index { editor.index(offset) }
}
