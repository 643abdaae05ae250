import Conversation
import Interface
import Media
import Pictures
import SessionStore

/// PDF files, as text or page by page as pictures.
extension AttachmentDesk {
    /// A document's text, or its pages as pictures where that was asked for.
    func read(document path: String, _ size: Int, _ job: Job) async -> FileReading {
        do throws(MediaError) {
            var choice = job.options.pages ?? PageChoice()
            guard choice.arePictures else {
                var text = try await documents.text(path, pages: choice.pages)
                choice.count = text.pages.count
                let name = AttachedFile(path: path, sizeInBytes: 0).name
                if text.holdsNoText {
                    let word = name.contains(" ") ? "\"\(name)\"" : name
                    text.notes.append(
                        "\(name) holds no text, only pictures. /attach \(word) pages "
                            + (text.facts.pages == 1 ? "1" : "1-2")
                            + " attaches pages as pictures."
                    )
                }
                let whole = text.pages.joined(separator: "\n\n")
                guard whole.utf8.count <= TextBundle.largest else {
                    return .unusable(
                        "The text of \"\(path)\" has \(whole.utf8.count >> 10) kB; a message may hold "
                            + "\(TextBundle.largest >> 10) kB of it. Name pages: text 1-20."
                    )
                }
                return .texts(
                    TextBundle(
                        path: path,
                        content: .document(choice),
                        documents: [Document(name: name, text: whole)],
                        notes: text.notes
                    )
                )
            }
            let pages: ClosedRange<Int>
            if let wanted = choice.pages {
                pages = wanted
            } else {
                pages = 1...max(1, try await documents.facts(path).pages)
            }
            choice.count = pages.count
            choice.pages = pages
            guard pages.count <= PageReading.most else {
                return .unusable(
                    "\(pages.count) pages are more than the \(PageReading.most) that can go with a "
                        + "message as pictures. Name fewer: pages 1-\(PageReading.most)."
                )
            }
            var reading = PageReading(path: path, sizeInBytes: size, choice: choice)
            // The last page tells whether the range is one of the document's.
            guard job.keeps else {
                _ = try await documents.preview(
                    path,
                    page: pages.upperBound,
                    maxWidth: 64,
                    maxHeight: 64
                )
                return .pages(reading)
            }
            for page in pages { reading.kept.append(try await keep(page, of: path, job)) }
            return .pages(reading)
        } catch {
            return .unusable(error.userMessage)
        }
    }

    private func keep(
        _ page: Int,
        of path: String,
        _ job: Job
    ) async throws(MediaError) -> Attachment {
        let budget = job.options.budget ?? .picture
        let picture = try await documents.picture(path, page: page, budget: budget)
        let name = AttachedFile(path: path, sizeInBytes: 0).name
        do throws(SessionError) {
            var kept = try store(job).add(
                PNGFile.bytes(picture),
                name: "\(name) page \(page).png",
                kind: .image
            )
            kept.imageTokens = job.options.budget?.rawValue
            return kept
        } catch {
            throw .unusable(error.userMessage)
        }
    }
}
