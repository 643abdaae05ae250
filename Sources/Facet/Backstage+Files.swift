import Conversation
import Foundation
import Interface
import ModelLibrary
import SessionExchange
import SessionStore

/// What needs no conversation: files that a person names, models and themes.
extension Backstage {
    func export(_ transcript: Transcript, _ request: ExportRequest) {
        guard let format = SessionExport.Format(rawValue: request.format) else { return }
        let files = AttachmentStore(folder: library.folder)
        // Fields that this version has no name for go along.
        let extras = hosts[transcript.id]?.session?.opened.extras ?? SessionExtras()
        answer { [inbox] in
            let sentence = await Task.detached {
                let export = SessionExport(
                    of: StoredSession(transcript, extras: extras),
                    as: format,
                    contents: { try? files.read($0, limit: SessionExport.attachmentLimit) }
                )
                let outcome = NewFile.write(
                    export.text,
                    to: request.path,
                    replacing: request.replaces
                )
                guard outcome.isWritten, !export.omissions.isEmpty else { return outcome.sentence }
                return outcome.sentence
                    + " Not in it: \(export.omissions.joined(separator: "; "))."
            }.value
            inbox.yield(.notice(sentence))
        }
    }

    func saveFile(_ path: String, _ text: String, replaces: Bool) {
        answer { [inbox] in
            let sentence = await Task.detached {
                NewFile.write(text, to: path, replacing: replaces).sentence
            }.value
            inbox.yield(.notice(sentence))
        }
    }

    // MARK: - Models and themes

    func listModels(wanted: String?) {
        answer { [inbox] in
            let search = ModelSearch.ofProcess
            if let wanted, !wanted.isEmpty {
                do throws(ModelSearchError) {
                    let path = try search.resolve(wanted)
                    let model = ModelListing(name: wanted, path: path, size: "")
                    inbox.yield(.modelsListed([model], wanted: wanted))
                } catch {
                    inbox.yield(.notice(error.userMessage))
                }
                return
            }
            let found = await Task.detached { search.allModels() }.value
            inbox.yield(.modelsListed(found.map(ModelListing.init), wanted: wanted))
        }
    }

    func listThemes(wanted: String?) {
        answer { [inbox] in
            let (themes, problems) = await Task.detached { Looks.all(Looks.library) }.value
            inbox.yield(.themesListed(themes, wanted: wanted))
            if !problems.isEmpty { inbox.yield(.notice(problems.joined(separator: "\n"))) }
        }
    }
}
