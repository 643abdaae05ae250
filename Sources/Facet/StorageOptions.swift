import ArgumentParser
import Configuration
import Conversation
import Foundation
import SessionIndex
import SessionStore

/// Where sessions are kept.
struct StorageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The folder of the sessions.", valueName: "dir"),
        completion: .directory
    )
    var sessions: String?

    func folder() throws -> SessionFolder {
        try folder(try sessions ?? Settings.inForce().text(.sessions))
    }

    /// The folder a person wishes, else the standard one.
    func folder(_ wish: String?) throws -> SessionFolder {
        do {
            return try SessionFolder.default(
                option: wish,
                environment: ProcessInfo.processInfo.environment,
                executable: Self.executable
            )
        } catch { throw Failure(error) }
    }

    func library() throws -> SessionLibrary { SessionLibrary(folder: try folder().path) }

    /// Where this program lies, links followed.
    static var executable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? CommandLine.arguments[0]
    }

    /// The session a person named, which has to be there, and the library it is in.
    func existing(_ name: String) async throws -> (SessionLibrary, SessionLocation) {
        let library = try library()
        guard let found = try await Self.find(name, in: library) else {
            throw Failure(SessionError.notFound(name, folder: library.folder))
        }
        return found
    }

    /// The sessions a person named, each once; all of them have to be there.
    func existing(_ names: [String]) async throws -> [(SessionLibrary, SessionLocation)] {
        var found: [(SessionLibrary, SessionLocation)] = []
        for name in names {
            let next = try await existing(name)
            if !found.contains(where: { $0.1 == next.1 }) { found.append(next) }
        }
        return found
    }

    /// What a session that a person named holds.
    func read(_ name: String) async throws -> StoredSession {
        let (library, location) = try await existing(name)
        do { return try await library.read(location.id) } catch { throw Failure(error) }
    }

    /// The session a person named, or nil when nothing fits.
    static func find(
        _ name: String,
        in library: SessionLibrary
    ) async throws -> (SessionLibrary, SessionLocation)? {
        if let found = try await lookUp(name, in: library) { return found }
        // A new session gets a title, and these are none.
        let isPath = name.contains("/") || name.hasSuffix(".json")
        guard isPath || ULID(name) != nil else { return nil }
        throw Failure(SessionError.notFound(name, folder: library.folder))
    }

    /// The same, and nil also for an id or a path that leads nowhere.
    static func lookUp(
        _ name: String,
        in library: SessionLibrary
    ) async throws -> (SessionLibrary, SessionLocation)? {
        do {
            let index = SessionIndex(of: library.folder)
            let found = try await library.resolve(name) { () throws(SessionError) in
                try await index.list()
            }
            await index.close()
            if let location = found {
                let home =
                    location.folder == library.folder
                    ? library : SessionLibrary(folder: location.folder)
                return (home, location)
            }
            if name.trimmingCharacters(in: .whitespaces).isEmpty {
                throw Failure("A session's name is empty. Give an id or a title.", .usage)
            }
            return nil
        } catch let error as SessionError { throw Failure(error) }
    }
}

extension Failure {
    init(_ error: SessionError) {
        self.init(error.userMessage, Code(rawValue: error.exitCode) ?? .failed)
    }
}
