extension ModelHost {
    /// Joins those that take turns, as one that is due.
    func join(_ context: Context) {
        context.passes = answering.map(\.passes).min() ?? 0
        answering.append(context)
    }

    func leave(_ context: Context) {
        answering.removeAll { $0 === context }
        wakeWaiting()
    }

    /// Lets the other answers and calls from outside come in between two passes.
    ///
    /// Nobody begins a pass who has made more of them than another, so that a conversation is never
    /// more than one ahead. The one that has made the fewest does not wait for anyone.
    func giveTurn(_ context: Context) async {
        context.passes += 1
        wakeWaiting()
        await Task.yield()
        while answering.contains(where: { $0.passes < context.passes }) {
            await withCheckedContinuation { waitingForTurn.append($0) }
        }
    }

    private func wakeWaiting() {
        let woken = waitingForTurn
        waitingForTurn = []
        for continuation in woken { continuation.resume() }
    }
}
