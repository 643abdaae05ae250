import Foundation

/// How many cores there are to compute on.
package enum ProcessorCores {
    /// Physical cores, no more than this process may use.
    ///
    /// Two threads on one core share its multipliers: they wait for each other at every product.
    /// Where the kernel does not tell, every processor counts.
    static let physical: Int = {
        let usable = ProcessInfo.processInfo.activeProcessorCount
        return min(usable, distinctCores(in: "/sys/devices/system/cpu") ?? usable)
    }()

    /// Distinct pairs of package and core among the processors listed in `folder`.
    package static func distinctCores(in folder: String) -> Int? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var cores: Set<String> = []
        for name in names where name.hasPrefix("cpu") && Int(name.dropFirst(3)) != nil {
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
