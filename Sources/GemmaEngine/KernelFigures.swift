import Foundation

/// Figures that the operating system's kernel publishes as text.
package enum KernelFigures {
    /// Anonymous memory of this process that is resident now, in bytes; 0 where nobody says.
    package static func anonymousBytes() -> Int { bytes("RssAnon", in: "/proc/self/status") ?? 0 }

    /// The processor's name, from fields that virtual machines keep apart too.
    package static func processorName() -> String {
        let path = "/proc/cpuinfo"
        if let name = field("model name", in: path) {
            guard let family = field("cpu family", in: path), let model = field("model", in: path)
            else { return name }
            return "\(name), family \(family) model \(model)"
        }
        if let maker = field("CPU implementer", in: path), let part = field("CPU part", in: path) {
            return "processor \(maker) part \(part)"
        }
        return "unknown processor"
    }

    /// Processors that this process may run on; nil where nobody says.
    static func allowedProcessors(in path: String = "/proc/self/status") -> Set<Int>? {
        guard let list = field("Cpus_allowed_list", in: path) else { return nil }
        var numbers: Set<Int> = []
        for range in list.split(separator: ",") {
            let ends = range.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, first <= last, last < 1 << 16 else {
                return nil
            }
            numbers.formUnion(first...last)
        }
        return numbers.isEmpty ? nil : numbers
    }

    /// A field that is given in kilobytes.
    static func bytes(_ name: String, in path: String) -> Int? {
        field(name, in: path)?.split(separator: " ").first.flatMap { Int($0) }.map { $0 << 10 }
    }

    /// The first `name: value` of a file.
    private static func field(_ name: String, in path: String) -> String? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == name
            else { continue }
            return parts[1].trimmingCharacters(in: .whitespaces)
        }
        return nil
    }
}
