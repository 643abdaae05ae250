import Configuration
import Foundation
import JSONValues
import Media
import MediaDecoding
import ModelLibrary

extension Checkup {
    /// What reads pictures, sounds, videos and documents here.
    mutating func addMedia() async {
        var rows: [Row] = []
        let allowed = await SenseOptions.reader.probe()
        switch allowed {
        case 0: rows.append(Row(name: "decoder", value: "a process that can only decode"))
        case let allowed?:
            let left = Self.abilities.enumerated()
                .filter { allowed & 1 << $0.offset != 0 }.map(\.element)
            rows.append(Row(name: "decoder", value: "a process of its own"))
            report.notes.append(
                "This system lets the decoder of media \(left.joined(separator: ", ")); "
                    + "a newer kernel, or one with seccomp and Landlock, would not."
            )
        case nil:
            rows.append(Row(name: "decoder", value: "does not answer"))
            report.problems.append(
                "The process that decodes media does not start, so that nothing can be attached "
                    + "but text."
            )
        }
        for program in ["pdftotext", "pdftoppm"] {
            let path = Self.path(of: program, environment)
            rows.append(Row(name: program, value: .string(path ?? "-")))
        }
        if Self.path(of: "pdftotext", environment) == nil {
            report.notes.append("PDF files need poppler: apt install poppler-utils.")
        }
        if let model {
            let found = EncoderSearch.candidates(for: model)
            rows.append(
                Row(
                    name: "mmproj",
                    value: .string(
                        found.first ?? "none beside the model"
                    )
                )
            )
        }
        report.add("media", rows)
    }

    /// In the order of the probe's bits.
    private static let abilities = [
        "open files", "open sockets", "start processes", "run programs", "make files",
        "write elsewhere",
    ]

    private static func path(of program: String, _ environment: [String: String]) -> String? {
        (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
            .map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
