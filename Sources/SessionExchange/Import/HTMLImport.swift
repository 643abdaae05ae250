import Foundation
import JSONValues
import SessionStore

/// Reads back the pages that `HTMLExport` writes: the session from its data, files from where they
/// are shown.
enum HTMLImport {
    static func session(
        from bytes: [UInt8],
        id: String,
        now: Date
    ) throws(SessionImportError) -> SessionImport {
        let opening = Array("<script type=\"application/json\" id=\"\(HTMLExport.dataID)\">".utf8)
        // Texts hold no tag of their own, so that the first is the only one.
        guard let start = bytes.firstRange(of: opening) else { throw .foreignPage }
        let rest = bytes[start.upperBound...]
        guard let end = rest.firstRange(of: Array("</script>".utf8)) else {
            throw .damaged("the page ends within its data")
        }
        let json = Array(rest[..<end.lowerBound])
        let value: JSONValue
        do { value = try JSONValue(parsing: json) } catch {
            throw .damaged("the page's data is not JSON: \(error.reason)")
        }
        var result = try JSONImport.session(value, json, .html, id: id, now: now)
        for (hash, data) in files(in: bytes[..<start.lowerBound]) { result.contents[hash] = data }
        return result
    }

    /// What stands in `data:` addresses beside a hash.
    private static func files(in page: ArraySlice<UInt8>) -> [String: [UInt8]] {
        let mark = Array("data-facet-hash=\"".utf8)
        let base64 = Array(";base64,".utf8)
        let quote = UInt8(ascii: "\"")
        var files: [String: [UInt8]] = [:]
        var rest = page
        while let found = rest.firstRange(of: mark) {
            rest = rest[found.upperBound...]
            guard let hashEnd = rest.firstIndex(of: quote),
                let opening = rest[(hashEnd + 1)...].firstIndex(of: quote),
                let closing = rest[(opening + 1)...].firstIndex(of: quote)
            else { break }
            let hash = String(decoding: rest[..<hashEnd], as: UTF8.self)
            let address = rest[(opening + 1)..<closing]
            // The type stands before the data, and is short.
            if let comma = address.prefix(200).firstRange(of: base64),
                let data = Data(base64Encoded: Data(address[comma.upperBound...]))
            {
                files[hash] = [UInt8](data)
            }
            rest = rest[closing...]
        }
        return files
    }
}
