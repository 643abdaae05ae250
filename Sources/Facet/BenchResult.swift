import Foundation
import Gemma
import GemmaEngine
import JSONValues

/// What `facet bench` found, as a line of JSON and as a table.
struct BenchResult {
    var model: String
    var format: String
    var machine: String
    var cores: Int
    var threads: Int
    var kernels: String
    var precision: Precision
    var kvFormat: KVFormat
    var measurement: SpeedMeasurement
    var report: SpeedReport
    /// Bytes a second.
    var bandwidth: Double
    var bytesPerToken: Int
    /// Seconds.
    var loading: Double
    var anonymousBytes: Int
    var plannedBytes: Int

    private var depth: Int { measurement.depth ?? measurement.prompt }

    /// The part of the bandwidth that reading the weights took while tokens were generated.
    private var bandwidthShare: Double? {
        guard measurement.generated > 0 else { return nil }
        return Double(bytesPerToken) * report.generationSpeed / bandwidth
    }

    var json: JSONValue {
        var value: JSONValue = [
            "model": .string(model),
            "format": .string(format),
            "machine": .string(machine),
            "cores": .number(cores),
            "threads": .number(threads),
            "kernels": .string(kernels),
            "precision": .string(precision.rawValue),
            "kv_cache": .string(kvFormat.rawValue),
        ]
        if measurement.prompt > 0 {
            value["pp\(measurement.prompt)"] = Self.rounded(report.promptSpeed, 2)
        }
        if measurement.generated > 0 {
            value["tg\(measurement.generated)"] = Self.rounded(report.generationSpeed, 2)
        }
        value["depth"] = .number(depth)
        value["load_s"] = Self.rounded(loading, 3)
        value["bandwidth_gbs"] = Self.rounded(bandwidth / 1e9, 2)
        value["gb_per_token"] = Self.rounded(Double(bytesPerToken) / 1e9, 4)
        value["bandwidth_share"] = bandwidthShare.map { Self.rounded($0, 3) } ?? .null
        value["anon_mb"] = .number(anonymousBytes >> 20)
        value["anon_peak_mb"] = .number(report.peakAnonymousBytes >> 20)
        value["plan_mb"] = .number(plannedBytes >> 20)
        return value
    }

    var table: String {
        var rows = [
            ("model", "\(model), \(format)"),
            ("machine", "\(machine), \(cores) cores"),
            ("run", "\(threads) threads, \(kernels), \(precision.rawValue)"),
        ]
        if measurement.prompt > 0 {
            rows.append(
                ("prompt \(measurement.prompt)", String(format: "%.2f tok/s", report.promptSpeed))
            )
        }
        if measurement.generated > 0 {
            rows.append(
                (
                    "generate \(measurement.generated)",
                    String(format: "%.2f tok/s after %d tokens", report.generationSpeed, depth)
                )
            )
        }
        let share = bandwidthShare.map { String(format: ", %.0f %% of it used", $0 * 100) } ?? ""
        rows += [
            (
                "memory read",
                String(
                    format: "%.1f GB/s; weights of a token %.3f GB",
                    bandwidth / 1e9,
                    Double(bytesPerToken) / 1e9
                ) + share
            ),
            ("load", String(format: "%.3f s", loading)),
            (
                "anonymous",
                "\(anonymousBytes >> 20) MB, at the most \(report.peakAnonymousBytes >> 20) MB; "
                    + "cache and scratch planned \(plannedBytes >> 20) MB"
            ),
        ]
        return rows.map { name, text in
            name.padding(toLength: 14, withPad: " ", startingAt: 0) + text + "\n"
        }.joined()
    }

    private static func rounded(_ value: Double, _ digits: Int) -> JSONValue {
        .number(Double(String(format: "%.\(digits)f", value)) ?? value)
    }
}
