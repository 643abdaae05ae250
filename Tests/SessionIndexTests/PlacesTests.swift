import Foundation
import SessionIndex
import Testing

@Suite struct MessagePlacesInFiles {
    @Test("each message of a file stands where it is said to stand")
    func places() {
        let file = Array(
            #"""
            { "messages2": [{}], "a": {"messages": [1]}, "t": "messages\"", "messages": [
             {"id": "a", "parts": [{"text": "]}\"\\"}]} , {"x":[[{}]]},{}], "b": [[{}]] }
            """#.utf8
        )
        let found = MessagePlaces.find(in: file)?.map { String(decoding: file[$0], as: UTF8.self) }
        #expect(found == [#"{"id": "a", "parts": [{"text": "]}\"\\"}]}"#, #"{"x":[[{}]]}"#, "{}"])
        #expect(MessagePlaces.find(in: Array(#"{"messages": []}"#.utf8)) == [])
        #expect(MessagePlaces.find(in: Array(#"{"other": [{}]}"#.utf8)) == nil)
    }

    @Test("bytes that are no JSON are no reason to fail")
    func broken() {
        let file = Array(#"{"messages": [{"a": "\"]}"}, {"b": [1, {"c": 2}]}], "x": "y\\"}"#.utf8)
        for length in 0...file.count {
            for place in MessagePlaces.find(in: Array(file.prefix(length))) ?? [] {
                #expect(place.upperBound <= length)
            }
        }
        #expect(MessagePlaces.find(in: Array("]]}}\"".utf8)) == nil)
    }
}
