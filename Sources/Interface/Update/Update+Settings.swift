import Conversation

/// What slash words set and answer.
extension AppState {
    mutating func setSystemPrompt(_ argument: String) -> [Effect] {
        guard !argument.isEmpty else {
            let prompt = chat.transcript.systemPrompt
            let names = preferences.presets.map(\.name).joined(separator: ", ")
            show(
                (prompt.isEmpty ? "There is no system prompt." : "System prompt: \(prompt)")
                    + (names.isEmpty ? "" : " /system NAME takes a preset: \(names).")
            )
            return []
        }
        let preset = preferences.presets.first { $0.name == argument }
        chat.transcript.systemPrompt = preset?.system ?? argument
        let subject =
            preset?.project.map { "The system prompt comes from \($0). It" } ?? "The system prompt"
        show("\(subject) counts from the next message on; the conversation is read again.")
        return [.save(chat.wholeTranscript)]
    }

    mutating func setTitle(_ argument: String) -> [Effect] {
        guard !argument.isEmpty else {
            let title = chat.transcript.title
            show(title.isEmpty ? "This conversation has no title yet." : "Title: \(title)")
            return []
        }
        show("The title is now \"\(argument)\".")
        return edit(chat.id, .title(argument))
    }

    // MARK: - The model

    /// Offers the models on this machine, or opens the one that is named.
    mutating func chooseModel(_ argument: String) -> [Effect] {
        guard !chats.contains(where: \.usesEngine) else {
            describeModel()
            return []
        }
        return [.listModels(wanted: argument)]
    }

    /// Takes in the models: the one that was named is opened, else there is a list to pick from.
    mutating func receive(_ models: [ModelListing], wanted: String?) -> [Effect] {
        knownModels = models
        guard let wanted else {
            showCompletionAgain()
            return []
        }
        describeModel()
        guard !models.isEmpty else { return [] }
        guard !wanted.isEmpty else {
            let items = models.map {
                ListOverlay.Item(id: $0.path, title: $0.name, detail: $0.place, trailing: $0.size)
            }
            let present = models.first { $0.name == description?.name }?.path
            overlay = .list(ListOverlay(.model, title: "Models", items: items, selected: present))
            return []
        }
        let named = models.filter {
            $0.name.lowercased() == wanted.lowercased() || $0.path == wanted
        }
        guard let model = named.first else {
            show("There is no model \"\(wanted)\" here. /model lists those that there are.")
            return []
        }
        return load(model.path)
    }

    /// Opens another model in place of the present one.
    mutating func load(_ path: String) -> [Effect] {
        guard !chats.contains(where: \.usesEngine) else {
            show(
                chats.contains { $0.running != nil }
                    ? "An answer is running. Esc stops it; then the model can be changed."
                    : "The oldest turns are being left out; then the model can be changed."
            )
            return []
        }
        engine = .loading("Loading the model.")
        notice = nil
        return [.loadModel(path: path)]
    }

    private mutating func describeModel() {
        switch engine {
        case .loading(let sentence): show(sentence)
        case .failed(let sentence): show(sentence, isError: true)
        case .ready(let model):
            let place = model.isLocal ? "runs in this process" : "runs on a server"
            show(
                "\(model.shownName) \(place), with a context of \(model.contextSize.grouped) tokens."
                    + (model.shownCaution.map { " It \($0)." } ?? "")
            )
        }
    }

    // MARK: - Sampling

    /// Sets how words are drawn in this conversation: `/set NAME VALUE`; alone shows all.
    mutating func set(_ argument: String) -> [Effect] {
        let words = argument.split(separator: " ", maxSplits: 1).map(String.init)
        guard let name = words.first else {
            show("\(SamplingField.summary(chat.transcript.sampling)). /set NAME VALUE changes one.")
            return []
        }
        guard let field = SamplingField(rawValue: name.lowercased()) else {
            let names = SamplingField.allCases.map(\.rawValue).joined(separator: ", ")
            show("There is no setting \"\(name)\". There are: \(names).", isError: true)
            return []
        }
        guard words.count == 2 else {
            let value = field.value(in: chat.transcript.sampling)
            show("\(field.rawValue) is \(value). /set \(field.rawValue) VALUE changes it.")
            return []
        }
        let value = words[1].trimmed
        guard field.set(value, in: &chat.transcript.sampling) else {
            show(
                "\(field.rawValue) can't be \"\(value)\": it is \(field.range).",
                isError: true
            )
            return []
        }
        show("\(field.rawValue) is \(field.value(in: chat.transcript.sampling)) from now on.")
        return [.save(chat.wholeTranscript)]
    }

    // MARK: - Export

    /// Writes the conversation to a file: `/export [FORMAT] [!]PATH`.
    mutating func export(_ argument: String) -> [Effect] {
        let formats = ["md", "html", "json", "jsonl"]
        let words = argument.split(separator: " ", maxSplits: 1).map(String.init)
        var path = argument
        var format: String?
        if words.count == 2, formats.contains(words[0].lowercased()) {
            format = words[0].lowercased()
            path = words[1].trimmed
        }
        let replaces = path.hasPrefix("!")
        if replaces { path = String(path.dropFirst()).trimmed }
        guard !path.isEmpty, !formats.contains(path) else {
            show(
                "/export PATH writes the conversation. The ending says how: .md, .html, .json or "
                    + ".jsonl."
            )
            return []
        }
        let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        guard let chosen = format ?? formats.first(where: { $0 == ending }) else {
            show(
                "Formats are md, html, json and jsonl: /export FORMAT PATH, or a path that ends so."
            )
            return []
        }
        return [
            .export(
                chat.wholeTranscript,
                ExportRequest(format: chosen, path: path, replaces: replaces)
            )
        ]
    }

    // MARK: - The context

    mutating func describeContext() {
        guard let statistics = chat.lastStatistics, statistics.contextSize > 0 else {
            return show("Nothing has been read yet.")
        }
        let share = statistics.contextUsed * 100 / statistics.contextSize
        show(
            "\(statistics.contextUsed.grouped) of \(statistics.contextSize.grouped) tokens are used "
                + "(\(share) %). The last prompt had \(statistics.promptTokens.grouped), of which "
                + "\(statistics.reusedTokens.grouped) were still in the cache."
        )
    }
}
