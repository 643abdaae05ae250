import Foundation

/// The limits of the control groups that the process is in: those of a container, a unit, a session.
///
/// `man 7 cgroups` and the kernel's `Documentation/admin-guide/cgroup-v2.rst` and
/// `cgroup-v1/memory.rst` describe the files. In a container the paths may be those of the host: then
/// what is mounted at the root is what counts.
package struct ControlGroup: Sendable {
    /// Folders of the groups of both versions, the innermost first; those that are not there do no harm.
    private let groups: [String]
    private let oldGroups: [String]
    private let oldProcessorGroups: [String]

    package static let ofProcess = ControlGroup(
        membership: (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? "",
        root: "/sys/fs/cgroup"
    )

    /// - Parameters:
    ///   - membership: the text of `/proc/self/cgroup`.
    ///   - root: where the hierarchies are mounted.
    package init(membership: String, root: String) {
        var (groups, oldGroups, oldProcessorGroups): ([String], [String], [String]) = ([], [], [])
        for line in membership.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, !parts[2].contains("..") else { continue }
            let (controllers, path) = (parts[1].split(separator: ","), String(parts[2]))
            if controllers.isEmpty { groups += Self.ancestors(path, below: root) }
            if controllers.contains("memory") {
                oldGroups += Self.ancestors(path, below: "\(root)/memory")
            }
            if controllers.contains("cpu") {
                oldProcessorGroups += Self.ancestors(path, below: "\(root)/cpu")
            }
        }
        self.groups = groups + [root]
        self.oldGroups = oldGroups + ["\(root)/memory"]
        self.oldProcessorGroups = oldProcessorGroups + ["\(root)/cpu"]
    }

    /// Bytes that can still be had before the tightest limit; nil where there is none.
    ///
    /// Pages of files, as those of the weights, are given back when memory is short.
    package func freeMemory() -> Int? {
        let free = groups.compactMap { group -> Int? in
            guard let most = Self.number("\(group)/memory.max") else { return nil }
            let used = Self.number("\(group)/memory.current") ?? 0
            let files = Self.files("\(group)/memory.stat", prefix: "")
            return max(0, most - max(0, used - files))
        }
        let freeOfOld = oldGroups.compactMap { group -> Int? in
            // Without a limit it says a number near the largest there is.
            guard let most = Self.number("\(group)/memory.limit_in_bytes"), most < 1 << 60 else {
                return nil
            }
            let used = Self.number("\(group)/memory.usage_in_bytes") ?? 0
            let files = Self.files("\(group)/memory.stat", prefix: "total_")
            return max(0, most - max(0, used - files))
        }
        return (free + freeOfOld).min()
    }

    /// Processors whose time the tightest limit allows, rounded up; nil where there is none.
    package var processors: Int? {
        let shares = groups.compactMap { group -> Int? in
            let words = Self.text("\(group)/cpu.max")?.split(whereSeparator: \.isWhitespace) ?? []
            guard words.count == 2 else { return nil }
            return Self.processors(quota: Int(words[0]), period: Int(words[1]))
        }
        let sharesOfOld = oldProcessorGroups.compactMap { group in
            Self.processors(
                quota: Self.number("\(group)/cpu.cfs_quota_us"),
                period: Self.number("\(group)/cpu.cfs_period_us")
            )
        }
        return (shares + sharesOfOld).min()
    }

    /// Processors that so many microseconds of every period are, rounded up; nil for no limit.
    private static func processors(quota: Int?, period: Int?) -> Int? {
        guard let quota, let period, quota > 0, period > 0 else { return nil }
        return quota / period + (quota % period > 0 ? 1 : 0)
    }

    private static func ancestors(_ path: String, below root: String) -> [String] {
        var parts = path.split(separator: "/")
        var folders: [String] = []
        while !parts.isEmpty {
            folders.append(root + "/" + parts.joined(separator: "/"))
            parts.removeLast()
        }
        return folders
    }

    private static func text(_ path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8)
    }

    private static func number(_ path: String) -> Int? {
        text(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    /// Bytes of pages of files, by the statistics of a group.
    private static func files(_ path: String, prefix: String) -> Int {
        let names = ["inactive_file", "active_file"].map { prefix + $0 }
        return (text(path) ?? "").split(separator: "\n").reduce(0) { sum, line in
            let words = line.split(separator: " ")
            guard words.count == 2, names.contains(String(words[0])), let bytes = Int(words[1]),
                bytes >= 0
            else { return sum }
            return sum &+ bytes
        }
    }
}
