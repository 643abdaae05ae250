import Foundation
import GemmaEngine
import Testing

@Suite("Limits of control groups") struct ControlGroupTests {
    private let root = FileManager.default.temporaryDirectory
        .appending(path: "facet-groups-\(UUID().uuidString)")

    private func write(_ files: [String: String]) throws {
        for (name, text) in files {
            let file = root.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try text.write(to: file, atomically: false, encoding: .utf8)
        }
    }

    private func group(_ membership: String) -> ControlGroup {
        ControlGroup(membership: membership, root: root.path)
    }

    @Test("the tightest of the groups around counts, pages of files as free")
    func nested() throws {
        defer { try? FileManager.default.removeItem(at: root) }
        try write([
            "a/memory.max": "1000\n", "a/memory.current": "900\n",
            "a/memory.stat": "anon 500\ninactive_file 300\nactive_file 50\n",
            "a/b/memory.max": "max\n", "a/b/memory.current": "10\n",
            "a/cpu.max": "250000 100000\n", "a/b/cpu.max": "max 100000\n",
        ])
        let group = group("0::/a/b\n")
        #expect(group.freeMemory() == 1000 - (900 - 350))
        #expect(group.processors == 3)
    }

    @Test("in a container the root is the group, whatever the path says")
    func container() throws {
        defer { try? FileManager.default.removeItem(at: root) }
        try write(["memory.max": "700\n", "memory.current": "100\n", "cpu.max": "50000 100000\n"])
        #expect(group("0::/docker/of/the/host\n").freeMemory() == 600)
        #expect(group("0::/../..\n").freeMemory() == 600)
        #expect(group("0::/\n").processors == 1)
    }

    @Test("the older version has other names, and no limit is a very large number")
    func old() throws {
        defer { try? FileManager.default.removeItem(at: root) }
        try write([
            "memory/x/memory.limit_in_bytes": "5000\n", "memory/x/memory.usage_in_bytes": "4000\n",
            "memory/x/memory.stat": "total_inactive_file 1000\ninactive_file 7\n",
            "memory/memory.limit_in_bytes": "9223372036854771712\n",
            "cpu/x/cpu.cfs_quota_us": "150000\n", "cpu/x/cpu.cfs_period_us": "100000\n",
            "cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n",
        ])
        #expect(group("4:cpu,memory:/x\n").processors == 2)
        #expect(group("4:cpuset:/x\n").processors == nil)
        #expect(group("4:cpu,memory:/x\n1:name=systemd:/y\n").freeMemory() == 2000)
        #expect(group("4:memory:/nowhere\n").freeMemory() == nil)
    }

    @Test("what is not there or no number limits nothing")
    func none() throws {
        defer { try? FileManager.default.removeItem(at: root) }
        #expect(group("").freeMemory() == nil)
        try write(["memory.max": "lots\n", "cpu.max": "0 0\n"])
        #expect(group("0::/\n").freeMemory() == nil)
        #expect(group("0::/\n").processors == nil)
    }
}
