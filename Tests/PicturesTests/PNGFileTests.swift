import Media
import Pictures
import Testing

@Suite struct PNGFileTests {
    @Test("a picture of one colour is small, and the bytes are those that zlib reads")
    func even() throws {
        let pixels = [UInt8](repeating: 255, count: 300 * 200 * 3)
        let picture = try #require(Picture(width: 300, height: 200, pixels: pixels))
        let bytes = PNGFile.bytes(picture)
        #expect(Array(bytes.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        #expect(bytes.count < 2_000)
    }
}
