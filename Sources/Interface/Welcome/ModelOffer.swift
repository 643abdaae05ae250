import Foundation

/// A model that is worth getting, and how that is done by hand.
package struct ModelOffer: Sendable, Hashable {
    package struct File: Sendable, Hashable {
        package var name: String
        package var sizeInBytes: Int
        /// What it is for.
        package var purpose: String
    }

    package var name: String
    /// The page that lists its files.
    package var source: String
    package var licence: String
    package var files: [File]
    /// Bytes of weights that one generated token reads.
    package var bytesPerToken: Int
    /// Memory beside the files: the cache of a few thousand tokens, and scratch.
    package var workingBytes: Int

    /// E2B in the format most people take: four and a half bits a weight in most layers.
    package static let e2b = ModelOffer(
        name: "Gemma 4 E2B",
        source: "https://huggingface.co/unsloth/gemma-4-E2B-it-GGUF",
        licence: "Apache-2.0",
        files: [
            File(
                name: "gemma-4-E2B-it-Q4_K_M.gguf",
                sizeInBytes: 3_106_738_272,
                purpose: "the model"
            ),
            File(
                name: "mmproj-F16.gguf",
                sizeInBytes: 985_654_080,
                purpose: "its eyes and ears"
            ),
        ],
        bytesPerToken: 1_500_000_000,
        workingBytes: 200_000_000
    )

    var diskBytes: Int { files.reduce(0) { $0 + $1.sizeInBytes } }
    var memoryBytes: Int { diskBytes + workingBytes }
}

/// What was found out about this machine for a person who has no model yet.
package struct MachineFacts: Sendable, Hashable {
    /// Models of other programs that can be opened here.
    package var models: [ModelListing]
    /// The folder that models are put into.
    package var modelsFolder: String
    /// How fast memory is read in order; nil where that was not measured.
    package var bytesPerSecond: Double?
    package var freeBytes: Int

    package init(
        models: [ModelListing],
        modelsFolder: String,
        bytesPerSecond: Double?,
        freeBytes: Int
    ) {
        self.models = models
        self.modelsFolder = modelsFolder
        self.bytesPerSecond = bytesPerSecond
        self.freeBytes = freeBytes
    }

    /// Generation reads the weights at about this share of the memory's speed.
    private static let share = 0.9

    /// Tokens a second to expect of a model; nil where nothing was measured.
    func speed(of offer: ModelOffer) -> Double? {
        bytesPerSecond.map { $0 * Self.share / Double(offer.bytesPerToken) }
    }
}

extension ModelOffer {
    /// The same for a narrow screen: `4.1 GB, about 27 tok/s here`.
    func shortFigures(_ facts: MachineFacts?) -> String {
        let speed = facts?.speed(of: self).map { ", about \($0.words) tok/s here" }
        return diskBytes.gigabytes + (speed ?? "")
    }

    /// Its size, memory and expected speed: `4.1 GB on the disk, ...`.
    func figures(_ facts: MachineFacts?) -> String {
        var words = "\(diskBytes.gigabytes) on the disk, about \(memoryBytes.gigabytes) of memory"
        guard let facts else { return words }
        if facts.freeBytes < memoryBytes {
            words += " (only \(facts.freeBytes.gigabytes) are free)"
        }
        if let speed = facts.speed(of: self) {
            words += ", about \(speed.words) tokens a second here"
        }
        return words
    }

    /// A page that says how to get it.
    package func page(_ facts: MachineFacts) -> String {
        var rows = ["\(name): \(figures(facts))."]
        if let bandwidth = facts.bytesPerSecond {
            rows.append(
                "The speed is an estimate: memory was just read at \(Int(bandwidth).gigabytes) a "
                    + "second, each token reads \(bytesPerToken.gigabytes) of weights, and facet comes "
                    + "to about nine tenths of the memory's speed. `facet bench` measures it then."
            )
        }
        rows += ["", "1. Get these files from \(source)"]
        let width = files.map(\.name.count).max() ?? 0
        for file in files {
            let padded = file.name + String(repeating: " ", count: width - file.name.count)
            rows.append("     \(padded)  \(file.sizeInBytes.gigabytes)  \(file.purpose)")
        }
        rows += ["", "2. Put them into \(facts.modelsFolder)", "", "In a shell that is:", ""]
        rows += commands(facts.modelsFolder).map { "     \($0)" }
        rows += [
            "",
            "3. /model opens it at once. Later starts open the folder's first model, or",
            "   the one that model = \"NAME\" in config.toml names.",
            "",
            "facet itself downloads nothing. Licence of the weights: \(licence).",
        ]
        return rows.joined(separator: "\n")
    }

    /// The same in a sentence.
    package func sentence(folder: String) -> String {
        "For a real one, \(name), put \(files.map(\.name).joined(separator: " and ")) from "
            + "\(source) into \(folder)."
    }

    /// Lines for a shell; one that was interrupted goes on where it was.
    private func commands(_ folder: String) -> [String] {
        let word = folder.shellWord
        return ["mkdir -p \(word)", "cd \(word)", "from=\(source)/resolve/main"]
            + files.map { "curl -L -C - -O $from/\($0.name)" }
    }
}

extension Int {
    /// `4.1 GB`, a GB being 1,000,000,000 bytes.
    fileprivate var gigabytes: String { "\((Double(self) / 1e9).tenths) GB" }
}

extension Double {
    /// A speed in two digits: nobody knows more of an estimate.
    fileprivate var words: String { self < 10 ? tenths : Int(min(self, 1e6).rounded()).grouped }
}
