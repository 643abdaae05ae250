import Foundation
import GGUF
package import JSONValues
package import Tokenization

extension ReferenceFolder {
    /// The cases of a file with one JSON value a line.
    package static func lines(_ name: String) throws -> [JSONValue] {
        let bytes = try Data(contentsOf: URL(filePath: path(name) ?? name))
        return try [UInt8](bytes).split(separator: 0x0A).map { try JSONValue(parsing: Array($0)) }
    }

    /// The vocabulary of a model file below the folder.
    package static func vocabulary(_ name: String) throws -> Vocabulary {
        try Vocabulary(file: GGUFFile(path: path(name) ?? name))
    }
}

/// The real Gemma 4 vocabulary, loaded once.
package let realVocabulary: Result<Vocabulary, any Error> = Result {
    try ReferenceFolder.vocabulary("gemma4/gemma-4-vocab.gguf")
}

extension JSONValue {
    /// The members of a list of token ids.
    package var ids: [Int] { (arrayValue ?? []).compactMap(\.intValue) }
}
