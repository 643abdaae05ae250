import Conversation
import Interface
import SessionStore

/// What stands behind one conversation of the interface: its file, its writer, its place in the engine.
@MainActor
final class ChatHost {
    /// Nil for a conversation that is not kept.
    let session: OpenSession?
    let scribe: Scribe
    /// The answer that runs or ran last.
    private(set) var generation = 0
    private var context: (any EngineContext)?
    /// How often the engine was left: a place that was asked for before that is not taken.
    private var departures = 0

    init(session: OpenSession?, inbox: AsyncStream<AppEvent>.Continuation) {
        self.session = session
        scribe = Scribe(session: session, inbox: inbox)
    }

    /// Makes an answer; the question is on the disk when this returns.
    func start(_ new: Generation, with engine: any Engine) async {
        generation = new.number
        scribe.begin(new)
        do {
            let context = try await place(in: engine)
            Task { [scribe] in
                do {
                    for try await event in context.generate(new.request) {
                        scribe.take(event, of: new.number)
                    }
                } catch {
                    scribe.fail((error as? EngineError) ?? .failed("\(error)"), new.number)
                }
            }
        } catch {
            scribe.fail(error, new.number)
        }
        await scribe.flush()
    }

    /// This conversation's place in the engine; opened when it is first needed.
    func place(in engine: any Engine) async throws(EngineError) -> any EngineContext {
        if let context { return context }
        let departure = departures
        let opened = try await engine.openContext(for: keptSession)
        if departure == departures, context == nil {
            context = opened
        } else {
            await opened.close()
        }
        guard let context, departure == departures else {
            throw .failed("Another model was chosen meanwhile.")
        }
        return context
    }

    /// The session whose cache outlives the process: one that is kept, and by this process.
    private var keptSession: String? {
        guard let session, session.readOnlyReason == nil else { return nil }
        return session.opened.transcript.id
    }

    /// What an answer would cost; nil before the first one and when it cannot be asked.
    func cost(of request: GenerationRequest) async -> PromptCost? {
        try? await context?.cost(of: request)
    }

    func wrapUp() async { await context?.wrapUp() }

    func stop() async { await context?.stop() }

    /// Gives its place in the engine back; the next answer opens another one.
    func leaveEngine() async {
        departures += 1
        let left = context
        context = nil
        await left?.close()
    }

    /// Writes what is left and gives everything back.
    /// - Returns: A sentence when something could not be written.
    func close() async -> String? {
        departures += 1
        await context?.stop()
        let complaint = await scribe.finish()
        await context?.close()
        do { try await session?.close() } catch { return error.userMessage }
        return complaint
    }
}
