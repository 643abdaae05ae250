/// Why a vocabulary cannot be used, or a prompt cannot be encoded with it.
package enum TokenizationError: Error, Sendable, Hashable {
    /// `tokenizer.ggml.model` names an algorithm that is not known here.
    case unknownAlgorithm(String)
    /// Two lists that must be equally long are not.
    case lengthMismatch(list: String, count: Int, expected: Int)
    /// More entries than the tables hold.
    case tooLarge(list: String, count: Int, limit: Int)
    /// Offsets that run backwards or past the end of their bytes.
    case damagedOffsets(list: String, index: Int)
    /// A token id outside the vocabulary.
    case idOutOfRange(name: String, id: Int, count: Int)
    /// No token stands for this byte, so that some texts could not be encoded.
    case missingByte(UInt8)
    /// A merge names a piece that is no token.
    case unresolvedMerge(index: Int, text: String)
    /// A chat needs this special token and the vocabulary lacks it.
    case missingSpecial(String)

    package var userMessage: String {
        switch self {
        case .unknownAlgorithm(let name):
            "The model's tokenizer \"\(name)\" is not supported. "
                + "Facet reads Gemma 4 (\"gemma4\") and Gemma 3 (\"llama\") vocabularies; "
                + "choose such a model."
        case .lengthMismatch(let list, let count, let expected):
            "The model's vocabulary is damaged: \(list) has \(count) entries, "
                + "but \(expected) are expected. Download the model again."
        case .tooLarge(let list, let count, let limit):
            "The model's vocabulary is too large: \(list) has \(count) entries, "
                + "and at most \(limit) are supported. Choose another model."
        case .damagedOffsets(let list, let index):
            "The model's vocabulary is damaged: entry \(index) of \(list) lies outside its bytes. "
                + "Download the model again."
        case .idOutOfRange(let name, let id, let count):
            "The model's vocabulary is damaged: \(name) is token \(id), "
                + "but there are only \(count) tokens. Download the model again."
        case .missingByte(let byte):
            "The model's vocabulary has no token for the byte \(byte), "
                + "so that not every text can be encoded. Choose another model."
        case .unresolvedMerge(let index, let text):
            "The model's vocabulary is damaged: merge \(index) (\"\(text)\") names a piece "
                + "that is no token. Download the model again."
        case .missingSpecial(let text):
            "The model's vocabulary has no token \"\(text)\", which a chat needs. "
                + "Choose a model that was made for chatting."
        }
    }
}
