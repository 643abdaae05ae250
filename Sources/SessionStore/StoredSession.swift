package import Conversation
package import JSONValues

/// A conversation as it came from a file: what this version understands, and the rest.
package struct StoredSession: Sendable, Hashable {
    package var transcript: Transcript
    /// Fields of the file that this version has no name for; saving writes them back.
    package var extras: SessionExtras
    /// The format of the file it was read from, when that is an older one.
    package var olderFormat: Int?

    package init(_ transcript: Transcript, extras: SessionExtras = SessionExtras()) {
        self.transcript = transcript
        self.extras = extras
    }
}

/// What a session file holds beyond the fields of its format, kept with the place it stood at.
package struct SessionExtras: Sendable, Hashable {
    /// An object in the file: a pointer below a message, or below the document.
    struct Place: Sendable, Hashable {
        /// Messages are known by id, so that their order may change.
        var message: String?
        var pointer: String
    }

    var fields: [Place: [JSONValue.Member]] = [:]
    /// Parts of a type this version does not know, by message id and index.
    var parts: [String: [Int: JSONValue]] = [:]

    package init() {}

    /// A field at the top level of the file.
    package subscript(field: String) -> JSONValue? {
        get { JSONValue.object(fields[Place(pointer: "")] ?? [])[field] }
        set {
            var object = JSONValue.object(fields[Place(pointer: "")] ?? [])
            object[field] = newValue
            fields[Place(pointer: "")] = object.objectValue
        }
    }

    /// Takes in what is kept of other messages.
    mutating func merge(_ other: SessionExtras) {
        fields.merge(other.fields) { $1 }
        parts.merge(other.parts) { $1 }
    }

    /// What is kept of these messages and of the document, for a session that begins with them.
    func kept(of messages: Set<String>) -> SessionExtras {
        var kept = SessionExtras()
        kept.fields = fields.filter { place, _ in
            // A session has a beginning of its own.
            place.message.map(messages.contains) ?? (place.pointer != "/forked_from")
        }
        kept.parts = parts.filter { messages.contains($0.key) }
        return kept
    }

    /// Adds the fields kept for this object, except those it has by now.
    func completed(_ members: [JSONValue.Member], at place: @autoclosure () -> Place) -> JSONValue {
        guard !fields.isEmpty, let kept = fields[place()] else { return .object(members) }
        let names = Set(members.map(\.key))
        return .object(members + kept.filter { !names.contains($0.key) })
    }
}
