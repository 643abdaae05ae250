import Foundation

/// How many cores there are to compute on.
package enum ProcessorCores {
    /// Physical cores, no more than this process may use.
    ///
    /// Two threads on one core share its multipliers: they wait for each other at every product.
    /// Where the kernel does not tell, every processor counts.
    static let physical: Int = {
        let usable = ProcessInfo.processInfo.activeProcessorCount
        let cores = distinctCores(
            in: "/sys/devices/system/cpu",
            among: KernelFigures.allowedProcessors()
        )
        let share = ControlGroup.ofProcess.processors ?? .max
        return max(1, min(usable, cores ?? usable, share))
    }()

    /// Distinct pairs of package and core among the processors listed in `folder`, or those of them
    /// that may be used.
    package static func distinctCores(in folder: String, among allowed: Set<Int>? = nil) -> Int? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var cores: Set<String> = []
        for name in names {
            guard name.hasPrefix("cpu"), let number = Int(name.dropFirst(3)),
                allowed?.contains(number) != false
            else { continue }
            func value(_ key: String) -> String? {
                try? String(contentsOfFile: "\(folder)/\(name)/topology/\(key)", encoding: .utf8)
            }
            // A processor that is switched off has no topology.
            guard let package = value("physical_package_id"), let core = value("core_id") else {
                continue
            }
            cores.insert(package + core)
        }
        return cores.isEmpty ? nil : cores.count
    }
}
