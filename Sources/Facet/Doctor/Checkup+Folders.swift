import Configuration
import Foundation
import GGUF
import JSONValues
import ModelLibrary
import SessionIndex
import SessionStore
import StateStore

extension Checkup {
    mutating func addFolders(_ storage: StorageOptions) async {
        let configuration = ConfigurationFolder(environment)
        var rows = [
            folder("configuration", configuration.path, mustBeWritable: false),
            folder("themes", configuration.themes, mustBeWritable: false),
        ]
        if let state = StateFolder(environment: environment) {
            rows.append(folder("state", state.path, mustBeWritable: true))
        }
        let search = ModelSearch(
            environment: environment,
            executable: StorageOptions.executable
        )
        let models = search.folders.map(\.path)
        for (number, path) in models.enumerated() {
            let name = models.count > 1 && number == 0 ? "models of $FACET_MODELS" : "models"
            rows.append(folder(name, path, mustBeWritable: false))
        }
        for model in search.models() {
            // What is whole and no Gemma may be another program's.
            do { _ = try GGUFFile(path: model.path) } catch {
                report.problems.append(error.userMessage)
            }
        }
        do {
            let sessions = try storage.folder(settings.text(.sessions))
            rows.append(folder("sessions", sessions.path, mustBeWritable: true))
            report.add("folders", rows)
            await addSessions(sessions)
        } catch {
            report.add("folders", rows)
            report.problems.append((error as? Failure)?.message ?? "\(error)")
        }
    }

    /// A folder with whether files can be put into it, now or once it is made.
    private mutating func folder(_ name: String, _ path: String, mustBeWritable: Bool) -> Row {
        let files = FileManager.default
        var isFolder = false
        var place = path
        var words = "writable"
        while !files.fileExists(atPath: place), place.count > 1 {
            words = "not there yet"
            place = (place as NSString).deletingLastPathComponent
            if place.isEmpty { place = "." }
        }
        isFolder =
            (try? files.attributesOfItem(atPath: place)[.type] as? FileAttributeType)
            .map { $0 == .typeDirectory || $0 == .typeSymbolicLink } ?? false
        if !isFolder || !files.isWritableFile(atPath: place) {
            words = isFolder ? "not writable" : "not a folder: \(place)"
            if mustBeWritable {
                report.problems.append("Nothing can be written to \(path): \(place) is \(words).")
            }
        }
        return Row(name: name, value: .string(path), source: words)
    }

    private mutating func addSessions(_ folder: SessionFolder) async {
        do {
            let index = SessionIndex(of: folder.path)
            let all = try await index.list()
            await index.close()
            var rows = [Row(name: "count", value: .number(all.count))]
            let damaged = all.filter { if case .damaged = $0.state { true } else { false } }
            let unfinished = all.count { $0.state == .unfinished }
            rows.append(Row(name: "damaged", value: .number(damaged.count)))
            rows.append(Row(name: "unfinished_answers", value: .number(unfinished)))
            if let other = folder.other {
                let count = SessionLibrary.count(in: other)
                rows.append(Row(name: "elsewhere", value: .number(count), source: other))
            }
            report.add("sessions", rows)
            for summary in damaged {
                guard case .damaged(let reason) = summary.state else { continue }
                report.problems.append("Session \(summary.id) is damaged: \(reason)")
            }
        } catch {
            report.problems.append(error.userMessage)
        }
    }
}
