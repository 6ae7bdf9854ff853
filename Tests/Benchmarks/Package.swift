// swift-tools-version: 6.2
import PackageDescription

// Work-precision of the engine beside SUNDIALS CVODE. A package of its own, so that the engine builds without SUNDIALS and SuiteSparse.
// Debian: apt-get install libsundials-dev libsuitesparse-dev
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "ciyao", path: "../..")],
    targets: [
        .target(
            name: "CVODEPeer", cSettings: [.unsafeFlags(["-I/usr/include/suitesparse", "-O3"])],
            linkerSettings: [
                "sundials_cvode", "sundials_nvecserial", "sundials_sunmatrixsparse", "sundials_sunmatrixdense", "sundials_sunlinsolklu", "sundials_generic",
                "klu", "lapack", "m",
            ].map { .linkedLibrary($0) }),
        .executableTarget(
            name: "Benchmarks", dependencies: ["CVODEPeer", .product(name: "Ciyao", package: "ciyao"), .product(name: "Integration", package: "ciyao")],
            swiftSettings: strict),
    ]
)
