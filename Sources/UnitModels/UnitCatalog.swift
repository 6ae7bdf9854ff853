import Biokinetics
public import Declarations

/// Every kind of node there is. Adding one: its own file under Units/, and its line here.
public enum UnitCatalog {
    public struct Entry: Sendable {
        public let declaration: UnitDeclaration
        public let make: @Sendable (UnitSetup) throws(Diagnostics) -> any EvaluatedUnit
        public let derivedInputs: @Sendable ([String: String]) -> [String: Series]
        /// Component sets the kind works with.
        public let componentSets: [String]
    }

    public static let entries: [Entry] = [
        entry(Influent.self),
        entry(Enterprise.self),
        entry(Works.self, for: ["asm2d"]),
        entry(Settlement.self),
        entry(Livestock.self, for: ["asm2d"]),
        entry(Outfall.self),
        entry(Headwater.self),
        entry(Catchment.self),
        entry(Splitter.self),
        entry(Interceptor.self),
        entry(ASM1Reactor.self, for: ["asm1"]),
        entry(ASM2dReactor.self, for: ["asm2d"]),
        entry(TakacsSettler.self),
        entry(Wasting.self),
        entry(PrimaryClarifier.self),
        entry(Thickener.self),
        entry(Dewatering.self),
        entry(Heater.self),
        entry(Disinfection.self),
        entry(ChemicalDosing.self, for: ["asm2d"]),
        entry(BiofilmReactor.self, for: ["asm2d"]),
        entry(DenitrificationFilter.self, for: ["asm2d"]),
        entry(OzoneContactor.self, for: ["asm2d"]),
        entry(ActivatedCarbon.self, for: ["asm2d"]),
        entry(StorageTank.self),
        entry(Junction.self),
        entry(PIController.self),
        entry(Rule.self),
        entry(Schedule.self),
        entry(HighRateClarifier.self, for: ["asm2d"]),
        entry(River.self, for: ["asm2d"]),
        entry(OxidationPond.self, for: ["asm2d"]),
        entry(Reservoir.self, for: ["asm2d"]),
    ]

    /// The entry for a `type` in a network of these components; several entries share a kind where a unit is generic over its model.
    public static func entry(kind: String, componentSet: String) -> Entry? {
        entries.first { $0.declaration.kind == kind && $0.componentSets.contains(componentSet) }
    }

    public static var kinds: [String] {
        var seen: Set<String> = []
        return entries.map(\.declaration.kind).filter { seen.insert($0).inserted }
    }

    static func entry<Model: UnitModel>(_ model: Model.Type, for componentSets: [String] = ["asm1", "asm2d"]) -> Entry {
        Entry(
            declaration: Model.declaration,
            make: { (setup: UnitSetup) throws(Diagnostics) in try Model(setup) },
            derivedInputs: { Model.derivedInputs(options: $0) }, componentSets: componentSets)
    }
}
