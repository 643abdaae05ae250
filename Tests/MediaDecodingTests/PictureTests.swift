import Foundation
import JSONValues
import Media
import MediaDecoding
import Testing

struct PictureTests {
    /// What Pillow makes of a picture: upright, over white.
    struct Expected {
        var picture: Picture
        /// Levels of 255 by which a pixel may differ: 0 for types without loss.
        var tolerance: Int
    }

    static let expected: [String: Expected] = {
        guard
            let text = try? String(
                contentsOfFile: Helper.fixture("pictures.json"),
                encoding: .utf8
            ),
            let json = try? JSONValue(parsing: text)
        else { return [:] }
        var pictures: [String: Expected] = [:]
        for member in json.objectValue ?? [] {
            let (name, entry) = (member.key, member.value)
            guard let width = entry["width"]?.intValue, let height = entry["height"]?.intValue,
                let data = Data(base64Encoded: entry["pixels"]?.stringValue ?? ""),
                let picture = Picture(width: width, height: height, pixels: Array(data))
            else { continue }
            let tolerance = entry["tolerance"]?.intValue ?? 0
            pictures[name] = Expected(picture: picture, tolerance: tolerance)
        }
        return pictures
    }()

    @Test func thereIsAPictureOfEveryType() { #expect(Self.expected.count == 39) }

    @Test(arguments: expected.keys.sorted())
    func pixelsAreThoseOfPillow(name: String) async throws {
        let expected = try #require(Self.expected[name])
        let preview = try await Helper.reader().preview(
            Helper.fixture(name),
            PreviewRequest(maxWidth: 2_000, maxHeight: 2_000)
        )
        let picture = try #require(preview.pictures.first)
        #expect(
            (picture.width, picture.height) == (expected.picture.width, expected.picture.height)
        )
        let differences = zip(picture.pixels, expected.picture.pixels).map {
            abs(Int($0) - Int($1))
        }
        #expect((differences.max() ?? 255) <= expected.tolerance)
        guard case .picture(let facts) = preview.facts else {
            Issue.record("\(name) is taken for \(preview.facts)")
            return
        }
        #expect((facts.width, facts.height) == (picture.width, picture.height))
    }

    @Test func aPictureIsStretchedToItsBudget() async throws {
        let path = Helper.fixture("rgb.png")
        for (budget, size) in [(nil, (960, 624)), (.tokens70, (480, 288))]
            as [(TokenBudget?, (Int, Int))]
        {
            let media = try await Helper.reader()
                .prepare(path, as: .picture, MediaSettings(budget: budget))
            guard case .picture(let picture) = media.content else {
                Issue.record("no picture")
                return
            }
            let source = try #require(Self.expected["rgb.png"]?.picture)
            #expect((picture.width, picture.height) == size)
            #expect(
                picture == PictureResizer.resize(source, width: size.0, height: size.1)
            )
            #expect(media.notes.isEmpty)
        }
    }

    @Test func anAnimationIsSaidToBeOne() async throws {
        for name in ["animated.gif", "animated.webp"] {
            let media = try await Helper.reader()
                .prepare(Helper.fixture(name), as: nil, MediaSettings())
            #expect(
                media.notes == ["\(name) is an animation of 3 pictures; the model sees the first."]
            )
        }
    }

    @Test func aNameThatSaysAnotherTypeDoesNotMatter() async throws {
        let bytes = try Data(contentsOf: URL(filePath: Helper.fixture("rgb.png")))
        let file = try Helper.write("holiday.jpg", Array(bytes))
        let media = try await Helper.reader().prepare(file.path, as: nil, MediaSettings())
        guard case .picture(let facts) = media.facts else {
            Issue.record("no picture")
            return
        }
        #expect(facts.format == "png")
    }
}
