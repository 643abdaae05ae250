// swift-tools-version: 6.2
import PackageDescription

// One array for every Swift target, so that no target is laxer than another.
let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    // Each use of a pointer carries the word `unsafe`, so that a reviewer can search for it.
    .strictMemorySafety(),
    // `any P` is written out: an existential is a cost the reader should see.
    .enableUpcomingFeature("ExistentialAny"),
    // An import is private to the module unless a signature needs it: borders are compiled, not promised.
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // `async` functions stay on their caller's executor unless they say otherwise.
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

// Kernels are optimised in every configuration, so that tests of a debug build stay quick too.
// Contraction is off: a product and a sum round twice on every machine, as the portable kernels specify.
let kernelSettings: [CSetting] = [
    .unsafeFlags(["-O3", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror"])
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

let package = Package(
    name: "facet",
    products: [],
    targets: [
        module("JSONValues"),
        module("Conversation", ["JSONValues"]),
        module("SessionStore", ["Conversation", "JSONValues"]),
        tests("ConversationTests", ["Conversation"]),
        tests("JSONValuesTests", ["JSONValues"]),
        tests("SessionStoreTests", ["SessionStore", "Conversation", "JSONValues"]),
    ]
)
