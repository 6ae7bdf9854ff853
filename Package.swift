// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
] + (Context.environment["CIYAO_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])

func library(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], resources: resources, swiftSettings: strict)
}

let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "ciyao",
    products: [
        .executable(name: "ciyao", targets: ["CiyaoCommand"]),
        .library(name: "Ciyao", targets: ["Ciyao", "Results", "Scenarios", "WaterNetwork", "UnitModels", "Biokinetics", "Differentiation", "Declarations"]),
        .library(name: "Integration", targets: ["Integration"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    ],
    targets: [
        // Foundations: no water, no files.
        .systemLibrary(name: "CLAPACKE", pkgConfig: "lapacke", providers: [.apt(["liblapacke-dev"])]),
        .systemLibrary(name: "CNetCDF", pkgConfig: "netcdf", providers: [.apt(["libnetcdf-dev"])]),
        library("Declarations"),
        library("Differentiation"),
        library("Integration", ["Differentiation", "CLAPACKE"]),

        // Models.
        library("Biokinetics", ["Declarations", "Differentiation"]),
        library("UnitModels", ["Declarations", "Differentiation", "Biokinetics"]),
        library("WaterNetwork", ["Declarations", "Differentiation", "Integration", "Biokinetics", "UnitModels"]),

        // Files in, files out.
        library("Scenarios", ["Declarations", "Differentiation", "Biokinetics", "UnitModels", "WaterNetwork", yams],
                resources: [.embedInCode("Standards")]),
        library("Results", ["Declarations", "Biokinetics", "UnitModels", "WaterNetwork", "CNetCDF", mustache], resources: [.embedInCode("Report/Templates")]),

        // Studies and the command.
        library("Ciyao", ["Declarations", "Differentiation", "Integration", "Biokinetics", "UnitModels", "WaterNetwork", "Scenarios", "Results"]),
        library("Verification", ["Declarations", "Differentiation", "Integration", "Biokinetics", "UnitModels", "WaterNetwork", "Scenarios", "Results", "Ciyao"]),
        .executableTarget(name: "CiyaoCommand", dependencies: ["Ciyao", "Verification", "Declarations", "Scenarios", "Results", "WaterNetwork", "UnitModels", arguments], swiftSettings: strict),

        .executableTarget(name: "KernelTimings", dependencies: ["Declarations", "Differentiation", "Integration", "Biokinetics", "UnitModels", "WaterNetwork", "Scenarios"], path: "Tests/KernelTimings", swiftSettings: strict),

        // Tests mirror Sources.
        .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
        .target(name: "TestSupport", dependencies: ["Differentiation", "Integration"], path: "Tests/TestSupport", swiftSettings: strict),
        tests("DeclarationsTests", ["Declarations"]),
        tests("DifferentiationTests", ["Differentiation", "Verification"]),
        tests("IntegrationTests", ["Differentiation", "Integration"]),
        tests("BiokineticsTests", ["Declarations", "Differentiation", "Biokinetics"]),
        tests("UnitModelsTests", ["Declarations", "Differentiation", "Biokinetics", "UnitModels"]),
        tests("WaterNetworkTests", ["Declarations", "Differentiation", "Integration", "Biokinetics", "UnitModels", "WaterNetwork", "AllocationCounter"]),
        tests("ScenariosTests", ["Declarations", "Differentiation", "Scenarios", "WaterNetwork", "UnitModels", "Biokinetics"]),
        tests("ResultsTests", ["Declarations", "Results", "WaterNetwork", "Biokinetics"]),
        tests("CiyaoTests", ["Ciyao", "Scenarios", "Results", "WaterNetwork", "UnitModels", "Biokinetics", "Declarations", "Differentiation", "Integration"]),
        tests("VerificationTests", ["Verification", "Ciyao", "Scenarios", "Results", "WaterNetwork", "Integration", "Biokinetics", "Declarations"]),
        tests("ScenarioTests", ["Ciyao", "Scenarios", "Results", "WaterNetwork", "Declarations"]),
        tests("CommandLineTests", []),
    ]
)
