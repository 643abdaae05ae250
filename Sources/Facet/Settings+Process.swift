import Configuration
import Conversation
import Foundation
import SnapshotStore
import TerminalCurses

extension Settings {
    /// What the environment and the files of this process say, read once.
    static let ofProcess = Settings.load(
        environment: ProcessInfo.processInfo.environment,
        directory: FileManager.default.currentDirectoryPath
    )

    /// The configuration to work by.
    /// - Throws: `Failure` with every sentence about what is wrong with it.
    static func inForce() throws -> Settings {
        let settings = ofProcess
        guard settings.problems.isEmpty else {
            throw Failure(FileProblems(settings.problems).userMessage, .usage)
        }
        return settings
    }

    /// A new session as it is configured, for a model that is not known yet.
    func newTranscript(title: String = "") -> Transcript {
        var transcript = Transcript(id: ULID.next().description, title: title, created: Date())
        transcript.systemPrompt = text(.system) ?? ""
        transcript.thinking = text(.thinking).flatMap(ThinkingMode.init(rawValue:)) ?? .auto
        transcript.thinkingBudget = whole(.thinkingBudget)
        transcript.sampling = sampling.settings(for: nil)
        return transcript
    }

    /// How pictures are shown; nil shows none.
    ///
    /// Where the person wants no colours a picture of coloured blocks says nothing.
    var pictures: PictureWish? {
        let wish = text(.pictures) ?? PictureWish.automatic.rawValue
        let colorless = !(ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
        guard wish == PictureWish.automatic.rawValue, colorless else {
            return PictureWish(rawValue: wish)
        }
        return nil
    }

    /// Disk space that what conversations' caches held may take.
    var snapshotMegabytes: Int { whole(.kvSnapshots) ?? 4096 }

    /// Where it lies; nil when no home is known.
    var snapshotFolder: SnapshotFolder? {
        SnapshotFolder(
            environment: ProcessInfo.processInfo.environment,
            limit: snapshotMegabytes << 20
        )
    }

    /// Where soft tokens of pictures and sounds are kept; nil when no home is known.
    var softTokenFolder: SnapshotFolder? {
        guard snapshotMegabytes > 0 else { return nil }
        return SnapshotFolder(
            environment: ProcessInfo.processInfo.environment,
            name: "media",
            limit: Self.softTokenBytes
        )
    }

    /// A gigabyte holds some six hundred pictures of E2B.
    private static let softTokenBytes = 1 << 30

    /// Where the system prompt of new sessions comes from, when that is not the person's own file.
    var foreignSystemPrompt: String? {
        guard isOfProject(origin(of: .system)) else { return nil }
        return "The system prompt comes from \(origin(of: .system).description)."
    }

    /// Whether the file of a folder says so, which others may have written.
    func isOfProject(_ origin: Origin) -> Bool {
        guard case .file(let path, _) = origin else { return false }
        return path.hasSuffix("/" + Self.projectFile)
    }

    /// What is configured of sampling.
    var sampling: SamplingChoices {
        var choices = SamplingChoices()
        choices.temperature = real(.temperature)
        choices.topK = whole(.topK)
        choices.topP = real(.topP)
        choices.minP = real(.minP)
        choices.repetitionPenalty = real(.repeatPenalty)
        choices.presencePenalty = real(.presencePenalty)
        choices.frequencyPenalty = real(.frequencyPenalty)
        choices.seed = whole(.seed).map { UInt64($0) }
        return choices
    }
}
