import Foundation
import Media
import MediaDecoding
import Testing

/// PDF files through poppler's programs, where they are installed.
@Suite(.enabled(if: Helper.popplerIsInstalled, "poppler-utils is not installed"))
struct DocumentTests {
    static let reader = DocumentReader(program: Helper.facet)

    static func sentence(_ path: String) async -> String {
        do throws(MediaError) {
            _ = try await reader.text(path)
            return ""
        } catch {
            return error.userMessage
        }
    }

    @Test func theTextComesPageByPage() async throws {
        let path = Helper.fixture("two-pages.pdf")
        let text = try await Self.reader.text(path)
        #expect(text.facts.pages == 2 && text.notes.isEmpty)
        #expect(
            text.pages.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
                == ["First page: Grüße", "Second page"]
        )
        let second = try await Self.reader.text(path, pages: 2...2)
        #expect(second.pages.count == 1 && second.pages[0].contains("Second"))
    }

    @Test func aPageIsAPictureForAModel() async throws {
        let path = Helper.fixture("two-pages.pdf")
        let picture = try await Self.reader.picture(path, page: 2, budget: .picture)
        let size = try PictureSize.target(width: 200, height: 300, budget: .picture)
        #expect((picture.width, picture.height) == size)
        // A square of 80 points, 10 from the left and from below.
        func grey(_ x: Double, _ y: Double) -> UInt8 {
            let column = Int(x / 200 * Double(picture.width))
            let row = Int((1 - y / 300) * Double(picture.height))
            return picture.pixels[3 * (row * picture.width + column)]
        }
        #expect(grey(50, 50) == 0 && grey(150, 50) == 255 && grey(50, 150) == 255)
        let small = try await Self.reader.preview(path, page: 1, maxWidth: 40, maxHeight: 40)
        #expect((small.width, small.height) == (27, 40))
    }

    @Test func aPageThatIsNotThereIsSaidNotToBe() async throws {
        let path = Helper.fixture("two-pages.pdf")
        for page in [0, 3] {
            await #expect(
                throws: MediaError.unusable(
                    "\(path) has no page \(page): its pages are 1 to 2. Name one of them."
                )
            ) { try await Self.reader.picture(path, page: page, budget: .picture) }
        }
    }

    @Test func whatCannotBeReadIsASentence() async throws {
        let locked = Helper.fixture("locked.pdf")
        #expect(
            await Self.sentence(locked)
                == "\(locked) is protected by a password. Save a copy without one and attach that."
        )
        let png = Helper.fixture("rgb.png")
        #expect(await Self.sentence(png) == "\(png) is no PDF. Attach it as what it is.")
        let broken = try Helper.write("-broken.pdf", Array("%PDF-1.4\nnothing else".utf8))
        #expect(
            await Self.sentence(broken.path)
                == "\(broken.path) is damaged: no page can be read. Get it again."
        )
    }

    @Test func popplerThatIsMissingIsNamed() async throws {
        let path = Helper.fixture("two-pages.pdf")
        let reader = DocumentReader(program: Helper.facet, path: "/nonexistent")
        await #expect(
            throws: MediaError.unusable(
                "Can't read \(path): pdfinfo is not installed. "
                    + "Install poppler (on Debian: apt install poppler-utils)."
            )
        ) { try await reader.facts(path) }
    }
}
