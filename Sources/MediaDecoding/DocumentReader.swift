import Foundation
import Glibc
package import Media

/// Reads PDF files through poppler's programs, which are run without network, without the right to
/// write, and within limits; what they print is checked like any other outside data.
package struct DocumentReader: DocumentReading {
    private let runner: LimitedProgram

    /// Pages of a document at most.
    private static let maxPages = 100_000
    /// Bytes of text that are read of a document.
    private static let maxText = 16 << 20
    /// Pixels of a rendered page's longer side.
    private static let sides = 1_024...4_096

    /// - Parameters:
    ///   - program: the path of the program whose verb is `DecodingWorker.run`.
    ///   - arguments: the verb.
    ///   - limits: of each program that is run.
    ///   - path: folders in which poppler's programs are looked for, in the form of `PATH`.
    package init(
        program: String,
        arguments: [String] = ["decode-media"],
        limits: DecodingWorker.Limits = .init(seconds: 60),
        path: String = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    ) {
        runner = LimitedProgram(program: program, arguments: arguments, limits: limits, path: path)
    }

    package func facts(_ path: String) async throws(MediaError) -> DocumentFacts {
        // What it says of passwords is a complaint.
        let outcome = try await run("pdfinfo", ["-"], path, limit: 1 << 20, withComplaints: true)
        let lines = String(decoding: outcome.bytes, as: UTF8.self).split(separator: "\n")
        if lines.contains(where: { $0.hasSuffix("Error: Incorrect password") }) {
            throw .unusable(
                "\(path) is protected by a password. Save a copy without one and attach that."
            )
        }
        switch outcome.end {
        case .exited: break
        case .signalled, .tookTooLong, .wroteTooMuch:
            throw .unusable(runner.failed(outcome.end, path))
        }
        let pages = lines.last { $0.hasPrefix("Pages:") }?.dropFirst(6)
            .trimmingCharacters(in: .whitespaces)
        guard outcome.end == .exited(0), let pages = pages.flatMap(Int.init), pages > 0 else {
            throw .unusable("\(path) is damaged: no page can be read. Get it again.")
        }
        guard pages <= Self.maxPages else {
            throw .unusable(
                "\(path) has \(pages) pages; documents of up to \(Self.maxPages) are read. Split it."
            )
        }
        return DocumentFacts(pages: pages)
    }

    package func text(
        _ path: String,
        pages: ClosedRange<Int>? = nil
    ) async throws(MediaError) -> DocumentText {
        let facts = try await facts(path)
        let wanted = try Self.range(pages ?? 1...facts.pages, facts, path)
        let words = [
            "-f", "\(wanted.lowerBound)", "-l", "\(wanted.upperBound)", "-enc", "UTF-8", "-eol",
            "unix", "-q", "-", "-",
        ]
        let outcome = try await run("pdftotext", words, path, limit: Self.maxText)
        var notes: [String] = []
        let name = URL(filePath: path).lastPathComponent
        switch outcome.end {
        case .exited(0): break
        case .wroteTooMuch:
            notes.append(
                "\(name) holds more than \(Self.maxText >> 20) MiB of text; the rest is left out."
            )
        case .exited(3):
            throw .unusable(
                "\(path) does not allow its text to be copied. Attach its pages as pictures."
            )
        case .exited, .signalled, .tookTooLong: throw .unusable(runner.failed(outcome.end, path))
        }
        // A page ends with a form feed.
        var texts = String(decoding: outcome.bytes, as: UTF8.self)
            .split(separator: "\u{0C}", omittingEmptySubsequences: false).map(String.init)
        if texts.count > wanted.count { texts.removeLast(texts.count - wanted.count) }
        return DocumentText(facts: facts, pages: texts, notes: notes)
    }

    package func picture(
        _ path: String,
        page: Int,
        budget: TokenBudget = .picture
    ) async throws(MediaError) -> Picture {
        // Twice the side of a square that fills the budget, so that letters stay sharp.
        let square = Double(budget.rawValue).squareRoot() * Double(2 * SoftTokenCount.side)
        let picture = try await render(path, page, side: Int(square))
        let size = try PictureSize.target(
            width: picture.width,
            height: picture.height,
            budget: budget
        )
        guard
            let resized = PictureResizer.resize(picture, width: size.width, height: size.height)
        else { throw .unusable("Page \(page) of \(path) cannot be shown.") }
        return resized
    }

    package func preview(
        _ path: String,
        page: Int,
        maxWidth: Int,
        maxHeight: Int
    ) async throws(MediaError) -> Picture {
        let picture = try await render(path, page, side: max(maxWidth, maxHeight))
        return PictureResizer.fit(picture, maxWidth: maxWidth, maxHeight: maxHeight)
    }

    private func render(_ path: String, _ page: Int, side: Int) async throws(MediaError) -> Picture
    {
        let facts = try await facts(path)
        _ = try Self.range(page...page, facts, path)
        let side = min(max(side, Self.sides.lowerBound), Self.sides.upperBound)
        let words = ["-f", "\(page)", "-l", "\(page)", "-scale-to", "\(side)", "-q", "-"]
        let outcome = try await run("pdftoppm", words, path, limit: 3 * side * side + 64)
        guard outcome.end == .exited(0) else { throw .unusable(runner.failed(outcome.end, path)) }
        guard let picture = PortablePixmap.picture(outcome.bytes, maxSide: side) else {
            throw .unusable("Page \(page) of \(path) cannot be shown: it is damaged.")
        }
        return picture
    }

    private static func range(
        _ pages: ClosedRange<Int>,
        _ facts: DocumentFacts,
        _ path: String
    ) throws(MediaError) -> ClosedRange<Int> {
        guard pages.lowerBound >= 1, pages.upperBound <= facts.pages else {
            let wrong = pages.lowerBound >= 1 ? pages.upperBound : pages.lowerBound
            throw .unusable(
                "\(path) has no page \(wrong): its pages are 1 to \(facts.pages). Name one of them."
            )
        }
        return pages
    }

    private func run(
        _ name: String,
        _ words: [String],
        _ path: String,
        limit: Int,
        withComplaints: Bool = false
    ) async throws(MediaError) -> ChildProcess.Outcome {
        let file = try MediaFile(path)
        guard
            ByteSource(descriptor: file.descriptor)?.bytes(from: 0, count: 1_024)
                .contains(pdfMark) == true
        else {
            throw .unusable("\(path) is no PDF. Attach it as what it is.")
        }
        guard let found = runner.find(name) else {
            throw .unusable(
                "Can't read \(path): \(name) is not installed. "
                    + "Install poppler (on Debian: apt install poppler-utils)."
            )
        }
        return try await runner.run(
            found,
            words,
            input: file.descriptor,
            path,
            limit: limit,
            withComplaints: withComplaints
        )
    }

    /// How a PDF begins, after whatever a mail program put in front of it.
    private var pdfMark: [UInt8] { Array("%PDF-".utf8) }
}
