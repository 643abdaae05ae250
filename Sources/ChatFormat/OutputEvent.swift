package import JSONValues

/// What a model's output turns out to say.
package enum OutputEvent: Sendable, Hashable {
    /// More of a thought.
    case thoughtDelta(String)
    /// A thought that said something ended.
    case thoughtClosed
    /// More visible text.
    case textDelta(String)
    /// A whole, well-formed call; the arguments are an object.
    case toolCall(name: String, arguments: JSONValue)
    /// A call that does not parse, its raw text and why; nothing of it may be executed.
    case malformedCall(raw: String, reason: String)
    /// The output is over; nothing after it counts.
    case end(OutputEnd)
}

/// What ended an output.
package enum OutputEnd: String, Sendable, Hashable {
    /// The model closed its turn.
    case turn
    case endOfSequence
    /// The model waits for the results of its calls.
    case toolResponse
    /// The model opened another turn.
    case newTurn
    /// It stopped in the middle: no more room, or nobody wants more.
    case cut
}
