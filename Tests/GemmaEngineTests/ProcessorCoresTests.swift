import Foundation
import GemmaEngine
import Testing

@Suite("Counting cores") struct ProcessorCoresTests {
    @Test("two threads of a core count once; what is switched off or no processor does not")
    func threads() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "facet-cores-\(UUID().uuidString)"
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        // Processor, package, core: two threads of core 0, and core 0 of another package.
        for (processor, package, core) in [
            (0, "0", "0"), (1, "0", "0"), (2, "0", "1"), (3, "1", "0"),
        ] {
            let topology = folder.appending(path: "cpu\(processor)/topology")
            try FileManager.default.createDirectory(at: topology, withIntermediateDirectories: true)
            for (key, value) in [("physical_package_id", package), ("core_id", core)] {
                try "\(value)\n".write(
                    to: topology.appending(path: key),
                    atomically: false,
                    encoding: .utf8
                )
            }
        }
        for other in ["cpu4", "cpufreq", "cpuidle"] {
            try FileManager.default.createDirectory(
                at: folder.appending(path: other),
                withIntermediateDirectories: true
            )
        }
        #expect(ProcessorCores.distinctCores(in: folder.path) == 3)
        #expect(ProcessorCores.distinctCores(in: folder.path, among: [0, 1]) == 1)
        #expect(ProcessorCores.distinctCores(in: folder.path, among: [1, 3]) == 2)
    }

    @Test("where the kernel does not tell, nothing is said")
    func unknown() {
        #expect(ProcessorCores.distinctCores(in: "/nonexistent") == nil)
    }
}
