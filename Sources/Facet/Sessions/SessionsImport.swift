import ArgumentParser
import Conversation
import Foundation
import JSONValues
import SessionExchange
import SessionStore

extension SessionsCommand {
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make sessions of exported files and Markdown transcripts.",
            discussion: """
                Reads what `export` writes (md, html, json, jsonl) and Markdown in which headings or \
                labels say who speaks. Prints the new ids; what could not be carried is said on stderr.
                """
        )

        @OptionGroup var storage: StorageOptions

        @Argument(help: "Files to read; - is standard input.", completion: .file())
        var files: [String]

        @Option(help: "A title for it, where one file is read.")
        var title: String?

        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws {
            if title != nil, files.count > 1 {
                throw ValidationError("Give --title with one file; these are \(files.count).")
            }
        }

        func run() async throws {
            let library = try storage.library()
            var results: [JSONValue] = []
            var failures = 0
            for file in files {
                let (id, imported): (String, SessionImport)
                do { (id, imported) = try await take(file, into: library) } catch {
                    guard let failure = error as? Failure else { throw error }
                    failures += 1
                    Console.complain(failure.message)
                    continue
                }
                report(file, id, imported)
                if json {
                    results.append(Self.json(file, id, imported))
                } else {
                    try Console.write(id + "\n")
                }
            }
            if json { try Console.write(.array(results), .pretty) }
            if failures > 0 {
                throw Failure("\(failures) of \(files.count) files were not imported.")
            }
        }

        private func take(
            _ file: String,
            into library: SessionLibrary
        ) async throws -> (id: String, SessionImport) {
            let bytes = try read(file)
            let fresh = ULID.next().description
            let name = file == "-" ? "Imported" : (file as NSString).lastPathComponent
            var imported: SessionImport
            do {
                imported = try SessionImport(bytes, id: fresh, name: name, now: Date())
            } catch {
                throw Failure("Can't import \(file): \(error.report).")
            }
            if let title { imported.stored.transcript.title = title }
            // The id it had, unless a session has it here.
            var id = fresh
            if let former = imported.formerID, !(await library.isTaken(former)) { id = former }
            imported.stored.transcript.id = id
            try bring(&imported, from: file, to: library)
            do {
                try await library.add(imported.stored)
            } catch {
                throw Failure(error)
            }
            return (id, imported)
        }

        /// Puts the attached files beside the sessions: from the file itself, or from beside it.
        private func bring(
            _ imported: inout SessionImport,
            from file: String,
            to library: SessionLibrary
        ) throws {
            let store = AttachmentStore(folder: library.folder)
            let beside = AttachmentStore(folder: Disk.folder(of: file))
            var seen: Set<String> = []
            for attachment in imported.stored.transcript.messages.flatMap(\.attachments)
            where seen.insert(attachment.hash).inserted && store.path(of: attachment) == nil {
                let (name, kind) = (attachment.name, attachment.kind)
                do {
                    let added: Attachment
                    if let bytes = imported.contents[attachment.hash] {
                        added = try store.add(bytes, name: name, kind: kind)
                    } else if let path = beside.path(of: attachment) {
                        added = try store.add(file: path, name: name, kind: kind)
                    } else {
                        imported.omissions.append("\(name), whose file did not come with it")
                        continue
                    }
                    if added.hash != attachment.hash {
                        imported.omissions.append(
                            "\(name), whose contents are not those the session names"
                        )
                    }
                } catch SessionError.diskFull(let path) {
                    // Without its files the session would be a second one once there is room.
                    throw Failure(SessionError.diskFull(path: path))
                } catch {
                    imported.omissions.append("\(name): \(error.userMessage)")
                }
            }
        }

        private func read(_ file: String) throws -> [UInt8] {
            do {
                let handle =
                    file == "-"
                    ? FileHandle.standardInput
                    : try FileHandle(
                        forReadingFrom: URL(filePath: (file as NSString).expandingTildeInPath)
                    )
                let data = try handle.read(upToCount: Self.sizeLimit + 1) ?? Data()
                guard data.count <= Self.sizeLimit else {
                    throw Failure(
                        "Can't import \(file): it is larger than \(Self.sizeLimit >> 20) MiB."
                    )
                }
                return [UInt8](data)
            } catch let failure as Failure {
                throw failure
            } catch {
                throw Failure(Self.sentence(of: error, file), .usage)
            }
        }

        private static func sentence(of error: any Error, _ file: String) -> String {
            var isFolder: ObjCBool = false
            guard unsafe FileManager.default.fileExists(atPath: file, isDirectory: &isFolder) else {
                return "Can't read \(file): there is no such file."
            }
            if isFolder.boolValue {
                return "\(file) is a folder. Name the files in it, as \(file)/*.json."
            }
            return "Can't read \(file): \(error.localizedDescription) Check its permissions."
        }

        private static let sizeLimit = 1 << 30

        private func report(_ file: String, _ id: String, _ imported: SessionImport) {
            let count = imported.stored.transcript.messages.count
            var sentence = "\(file) is \(imported.source.rawValue): \(count) messages."
            if let former = imported.formerID, former != id {
                sentence += " A session \(former) is here already, so this one is \(id)."
            }
            Console.complain(sentence)
            if !imported.omissions.isEmpty {
                Console.complain("Not carried: \(imported.omissions.joined(separator: "; ")).")
            }
        }

        private static func json(_ file: String, _ id: String, _ imported: SessionImport)
            -> JSONValue
        {
            [
                "file": .string(file), "id": .string(id),
                "source": .string(imported.source.rawValue),
                "messages": .number(imported.stored.transcript.messages.count),
                "omissions": .array(imported.omissions.map { .string($0) }),
            ]
        }
    }
}
