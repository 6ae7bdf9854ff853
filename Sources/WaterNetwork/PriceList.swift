public import UnitModels

/// What operation costs: unit prices that turn meters into money. A price that is not stated is not known; none has a default.
public struct PriceList: Sendable, Equatable {
    /// [CNY/kWh]
    public var electricity: Double?
    /// Heat that is bought [CNY/kWh].
    public var heat: Double?
    /// Disposal of sludge, by dry solids [CNY/kg].
    public var sludge: Double?
    /// Wastewater that tankers haul [CNY/m3], and each trip of theirs [CNY]; both where both are stated.
    public var hauling: Double?
    public var tankerTrip: Double?
    /// By name, per kg of what is counted: metals as the metal, carbon sources as COD [CNY/kg].
    public var chemicals: [String: Double]
    /// What capital costs a year, as a share; needed to set investments beside yearly costs.
    public var discountRate: Double?
    /// Years over which an investment is paid off where its measure states none.
    public var life: Double?

    /// Chemicals that units meter, and what a kilogram is of.
    public static let chemicalNames: [(name: String, of: String)] = [
        ("iron", "Fe"), ("aluminium", "Al"), ("methanol", "COD (1.5 kg per kg of methanol)"), ("acetate", "COD (1.07 kg per kg of acetic acid)"),
        ("carbon", "COD, dosed to biofilm reactors and denitrification filters"), ("lime", "Ca(OH)2"), ("caustic-soda", "NaOH"), ("polymer", "active polymer"),
        ("chlorine", "active chlorine"), ("activated-carbon", "carbon replaced"),
    ]

    public init(
        electricity: Double? = nil, heat: Double? = nil, sludge: Double? = nil, hauling: Double? = nil, tankerTrip: Double? = nil,
        chemicals: [String: Double] = [:], discountRate: Double? = nil, life: Double? = nil
    ) {
        self.electricity = electricity
        self.heat = heat
        self.sludge = sludge
        self.hauling = hauling
        self.tankerTrip = tankerTrip
        self.chemicals = chemicals
        self.discountRate = discountRate
        self.life = life
    }

    /// True where nothing that a meter counts has a price.
    public var isEmpty: Bool { electricity == nil && heat == nil && sludge == nil && hauling == nil && tankerTrip == nil && chemicals.isEmpty }

    /// Per unit of the meter.
    public func price(of charge: MeterDeclaration.Charge) -> Double? {
        switch charge {
        case .electricity: electricity
        case .heat: heat
        case .sludge: sludge
        case .hauling: hauling
        case .tankerTrip: tankerTrip
        case .chemical(let name): chemicals[name]
        }
    }
}

extension MeterDeclaration.Charge {
    /// The key of its price.
    public var priceKey: String {
        switch self {
        case .electricity: "electricity"
        case .heat: "heat"
        case .sludge: "sludge"
        case .hauling: "hauling"
        case .tankerTrip: "tanker-trip"
        case .chemical(let name): name
        }
    }
}
