import ArgumentParser
import MediaDecoding

/// `facet decode-media`: the process that decodes a file; started by facet itself only.
struct DecodeMediaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode-media",
        abstract: "Decode the file that is open as standard input; facet starts this itself.",
        shouldDisplay: false
    )

    @Argument(parsing: .captureForPassthrough) var words: [String] = []

    func run() { DecodingWorker.run(words) }
}
