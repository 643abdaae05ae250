extension OpenSession {
    /// Keeps an answer token by token in `<ULID>.tokens`.
    ///
    /// Nothing depends on that file: what cannot be written is not there.
    package func keep(_ record: TokenRecord) {
        guard canWrite else { return }
        var writer = tokenWriter.flatMap { $0.id == id ? $0.writer : nil } ?? TokenWriter(files)
        writer.append(record, disk: disk)
        tokenWriter = (id, writer)
    }
}
