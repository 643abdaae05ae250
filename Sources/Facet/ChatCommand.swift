import ArgumentParser
import Configuration
import Conversation
import Foundation
import GGUF
import GemmaEngine
import Interface
import JSONValues
import ModelLibrary
import ScriptedEngine
import SessionStore
import SnapshotStore
import TerminalCurses

/// `facet` without a verb: the terminal interface.
struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: "Open the terminal interface (the verb may be left out)."
    )

    @OptionGroup var modelOptions: ModelOptions
    @OptionGroup var storage: StorageOptions

    @Option(help: "Open this session: an id, its prefix, a title or a path; created if new.")
    var session: String?

    @Flag(name: .customLong("continue"), help: "Go on with the newest session.")
    var goesOn = false

    /// Instead of a model: answers from this file.
    @Option(help: .hidden)
    var rehearse: String?

    @Flag(help: "Talk line by line, in words: for screen readers and simple terminals.")
    var plain = false

    @Flag(help: "Open a second conversation beside the first.")
    var split = false

    func validate() throws {
        if goesOn, session != nil {
            throw ValidationError("Give --continue or --session, not both.")
        }
    }

    func run() async throws {
        let settings = try Settings.inForce()
        let looks = try Looks(settings)
        let load = try engine(settings)
        let library: SessionLibrary
        let opened: OpenSession
        do { (library, opened) = try await openSession(settings) } catch let error as SessionError {
            throw Failure(error)
        }
        let loading = Task.detached { try load() }
        let backstage = await Backstage(
            library: library,
            snapshots: settings.snapshotFolder,
            opened: opened,
            attachments: AttachmentDesk(
                reader: SenseOptions.reader,
                documents: SenseOptions.documents,
                sessions: library.folder
            ),
            loading: loading,
            load: {
                [
                    options = modelOptions.engineOptions(settings),
                    senses = modelOptions.senses(settings)
                ]
                path in
                try GemmaEngine(path: path, options: options, encoders: senses.options(for: path))
            },
            newTranscript: { settings.newTranscript() },
            newNotice: settings.foreignSystemPrompt
        )
        if split { await backstage.carryOut(.newSession(slot: 1)) }
        await backstage.applyRetention(settings.retention)
        let state = await firstState(opened, backstage, settings, looks)
        if plain || settings.flag(.plain) == true {
            return try await talkPlainly(backstage, state)
        }
        guard Console.isInputTerminal, Console.isOutputTerminal else {
            try await opened.closeQuietly()
            throw Failure(
                "The interface needs a terminal for its input and output. "
                    + "For one answer without one: facet ask \"...\". Line by line: facet --plain"
            )
        }
        let terminal: Terminal
        do {
            terminal = try Terminal.open(pictures: settings.pictures ?? .symbols)
        } catch {
            Console.complain(error.userMessage)
            return try await talkPlainly(backstage, state)
        }
        if settings.pictures != nil {
            backstage.attachments.pictures.send { terminal.take($0) }
        } else {
            backstage.attachments.pictures.close()
        }
        let loop = await RunLoop(
            terminal: terminal,
            backstage: backstage,
            state: state
        )
        let complaints = await loop.run()
        terminal.close()
        for complaint in complaints { Console.complain(complaint) }
        if let signal = terminal.endingSignal { throw EndedBySignal(number: signal) }
    }

    private func talkPlainly(_ backstage: Backstage, _ state: AppState) async throws {
        var state = state
        backstage.attachments.pictures.close()
        // A line that is typed stands for itself, not behind what was left last time.
        state.sayDraft()
        let loop = await PlainLoop(backstage: backstage, state: state)
        for complaint in try await loop.run() { Console.complain(complaint) }
    }

    @MainActor
    private func firstState(
        _ opened: OpenSession,
        _ backstage: Backstage,
        _ settings: Settings,
        _ looks: Looks
    ) -> AppState {
        var state = AppState(
            transcript: opened.opened.transcript,
            readOnlyReason: opened.readOnlyReason,
            kept: backstage.kept(of: opened.opened.transcript.id),
            theme: looks.choice.current,
            preferences: preferences(settings),
            seed: .random(in: .min ... .max),
            now: Date()
        )
        if let panes = backstage.panes { state.panes = panes }
        state.themeChoice = looks.choice
        state.keymap = settings.keymap
        if rehearse == nil, (modelOptions.model ?? settings.text(.model)) == nil {
            state.welcome = Welcome()
            if let sentence = ModelSearch.choiceOfProcess.complaint {
                state.notice = Notice(text: sentence, isError: true)
            }
        }
        if opened.opened.transcript.messages.isEmpty, let notice = settings.foreignSystemPrompt {
            let before = state.notice.map { "\($0.text) " } ?? ""
            state.notice = Notice(text: before + notice, isError: state.notice?.isError == true)
        }
        return state
    }

    /// What is configured, and what the command line says of pictures.
    private func preferences(_ settings: Settings) -> Preferences {
        var preferences = settings.preferences
        preferences.imageTokens = modelOptions.pictureBudget(settings)
        return preferences
    }

    /// What opens the engine, which may take a while.
    private func engine(_ settings: Settings) throws -> @Sendable () throws -> any Engine {
        if let rehearse {
            let engine = try ScriptedEngine(Rehearsal(file: rehearse))
            return { engine }
        }
        let path = try ModelOptions.resolve(modelOptions.model)
        // The header is read before the screen opens, so that a bad file is an exit code.
        do { _ = try GGUFFile(path: path) } catch { throw Failure(error.userMessage, .model) }
        let options = modelOptions.engineOptions(settings)
        let encoders = modelOptions.senses(settings).options(for: path)
        return { try GemmaEngine(path: path, options: options, encoders: encoders) }
    }

    private func openSession(
        _ settings: Settings
    ) async throws -> (SessionLibrary, OpenSession) {
        let library = try storage.library()
        var location = goesOn ? try await library.newest() : nil
        var home = library
        if let session, let found = try await StorageOptions.find(session, in: library) {
            (home, location) = found
        }
        if let location { return (home, try await home.open(location.id)) }
        let transcript = settings.newTranscript(title: session ?? "")
        return (library, try await library.create(transcript))
    }
}

extension Rehearsal {
    /// Reads a script's file.
    init(file path: String) throws {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            throw Failure("Can't read the script \(path): \(error.localizedDescription)", .usage)
        }
        do {
            try self.init(JSONValue(parsing: Array(data)))
        } catch let error as RehearsalError {
            throw Failure(error.userMessage, .usage)
        } catch {
            throw Failure("Can't read the script \(path): \(error)", .usage)
        }
    }
}

extension OpenSession {
    /// Closes and says on stderr what could not be written.
    func closeQuietly() throws {
        do { try close() } catch { Console.complain(error.userMessage) }
    }
}
