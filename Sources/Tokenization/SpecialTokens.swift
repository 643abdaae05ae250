/// A token with a meaning of its own, named by its text.
///
/// The ids differ between vocabularies; the texts do not.
package enum SpecialToken: String, Sendable, Hashable, CaseIterable {
    case padding = "<pad>"
    case endOfSequence = "<eos>"
    case beginOfSequence = "<bos>"
    case unknown = "<unk>"
    case mask = "<mask>"
    case toolOpen = "<|tool>"
    case toolClose = "<tool|>"
    case toolCallOpen = "<|tool_call>"
    case toolCallClose = "<tool_call|>"
    case toolResponseOpen = "<|tool_response>"
    case toolResponseClose = "<tool_response|>"
    case quote = "<|\"|>"
    case think = "<|think|>"
    case channelOpen = "<|channel>"
    case channelClose = "<channel|>"
    case turnOpen = "<|turn>"
    case turnClose = "<turn|>"
    case imageOpen = "<|image>"
    case imageClose = "<image|>"
    case audioOpen = "<|audio>"
    case audioClose = "<audio|>"
    case image = "<|image|>"
    case audio = "<|audio|>"
    case video = "<|video|>"
    // Gemma 3.
    case startOfTurn = "<start_of_turn>"
    case endOfTurn = "<end_of_turn>"
    case startOfImage = "<start_of_image>"
    case endOfImage = "<end_of_image>"
    case imageSoftToken = "<image_soft_token>"

    /// The five that every Gemma vocabulary has.
    private static let common: [SpecialToken] = [
        .padding, .endOfSequence, .beginOfSequence, .unknown, .mask,
    ]
    private static let gemma3Only: [SpecialToken] = [
        .startOfTurn, .endOfTurn, .startOfImage, .endOfImage, .imageSoftToken,
    ]

    /// The special tokens that a vocabulary of this algorithm may hold: 24 for Gemma 4.
    static func known(to algorithm: Vocabulary.Algorithm) -> [SpecialToken] {
        switch algorithm {
        case .mergeRanks: allCases.filter { !gemma3Only.contains($0) }
        case .scores: common + gemma3Only
        }
    }

    /// Those without which a conversation cannot be written down or its answer ended.
    static func neededForChat(by algorithm: Vocabulary.Algorithm) -> [SpecialToken] {
        switch algorithm {
        case .mergeRanks:
            [
                .endOfSequence, .beginOfSequence, .toolOpen, .toolClose, .toolCallOpen,
                .toolCallClose, .toolResponseOpen, .toolResponseClose, .quote, .think, .channelOpen,
                .channelClose, .turnOpen, .turnClose,
            ]
        case .scores: [.endOfSequence, .beginOfSequence, .startOfTurn, .endOfTurn]
        }
    }

    /// Those that end an answer.
    static func endOfGeneration(for algorithm: Vocabulary.Algorithm) -> [SpecialToken] {
        switch algorithm {
        case .mergeRanks: [.endOfSequence, .turnClose, .toolResponseOpen]
        case .scores: [.endOfSequence, .endOfTurn]
        }
    }

    /// Those that only ever belong to a prompt, so that a model must not write them.
    static let promptOnly: [SpecialToken] = [
        .padding, .beginOfSequence, .unknown, .mask, .toolOpen, .toolClose, .toolResponseClose,
        .think, .turnOpen, .imageOpen, .imageClose, .audioOpen, .audioClose, .image, .audio, .video,
        .startOfTurn, .startOfImage, .endOfImage, .imageSoftToken,
    ]
}

/// The special tokens of one vocabulary, each found by its text.
package struct SpecialTokens: Sendable {
    private let algorithm: Vocabulary.Algorithm
    private let idOfToken: [SpecialToken: Int]
    private let tokenOfID: [Int: SpecialToken]

    init(algorithm: Vocabulary.Algorithm, idOfText: (String) -> Int?) {
        self.algorithm = algorithm
        var ids: [SpecialToken: Int] = [:]
        var tokens: [Int: SpecialToken] = [:]
        for token in SpecialToken.known(to: algorithm) {
            guard let id = idOfText(token.rawValue) else { continue }
            ids[token] = id
            tokens[id] = token
        }
        idOfToken = ids
        tokenOfID = tokens
    }

    /// The token's id, or nil in a vocabulary without it.
    package subscript(token: SpecialToken) -> Int? { idOfToken[token] }

    /// Which special token this id is, or nil for ordinary text.
    package func token(of id: Int) -> SpecialToken? { tokenOfID[id] }

    /// The id of the special token with exactly this text.
    package func id(ofText text: String) -> Int? {
        SpecialToken(rawValue: text).flatMap { idOfToken[$0] }
    }

    /// All ids, ascending.
    package var ids: [Int] { tokenOfID.keys.sorted() }

    /// Pairs of text and id, longest text first.
    var longestFirst: [(text: [UInt8], id: Int)] {
        idOfToken.map { (Array($0.key.rawValue.utf8), $0.value) }
            .sorted { ($1.0.count, $0.1) < ($0.0.count, $1.1) }
    }

    /// Checks that every token a chat needs is there.
    /// - Throws: `TokenizationError.missingSpecial` naming the first that is not.
    package func requireChatTokens() throws(TokenizationError) {
        for token in SpecialToken.neededForChat(by: algorithm) where idOfToken[token] == nil {
            throw .missingSpecial(token.rawValue)
        }
    }
}

/// A piece of a prompt: a special token, or text in which nothing is special.
package enum Segment: Sendable, Hashable {
    /// The text of a special token, as `<|turn>`.
    case special(String)
    case text(String)

    package static func special(_ token: SpecialToken) -> Segment { .special(token.rawValue) }
}
