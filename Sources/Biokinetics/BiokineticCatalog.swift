/// Every biokinetic model and component set there is. Adding a model: its own file, and its line here.
public enum BiokineticCatalog {
    public static let models: [any BiokineticModel.Type] = [
        ASM1.self,
        ASM2d.self,
        RiverKinetics.self,
        PondKinetics.self,
        BiofilmKinetics.self,
    ]

    /// The component sets, by their name in scenario files.
    public static let componentSets: [ComponentSet] = [ASM1.componentSet, ASM2dComponents.set]

    public static func componentSet(named name: String) -> ComponentSet? { componentSets.first { $0.name == name } }
}
