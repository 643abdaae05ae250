// swift-tools-version: 6.2
// Micro-benchmarks of the kernels; a package of its own, so that nobody else builds what it needs.
import PackageDescription

let package = Package(
    name: "facet-benchmarks",
    dependencies: [
        .package(name: "facet", path: ".."),
        // Runs, percentiles and tables; without the traits that replace malloc and the runtime.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.0", traits: []),
    ],
    targets: [
        // The processor's limits: loops that do nothing but multiply.
        .target(
            name: "CPeaks",
            path: "CPeaks",
            cSettings: [.unsafeFlags(["-O3", "-Wall", "-Wextra", "-Werror", "-Wno-psabi"])]
        ),
        .executableTarget(
            name: "Kernels",
            dependencies: [
                "CPeaks", .product(name: "CKernels", package: "facet"),
                .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Kernels",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        ),
    ]
)
