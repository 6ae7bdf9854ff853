public import Biokinetics

/// Whose matter it is: a label for each source of a network, and for what no source brings.
public enum Labels {
    /// What is followed, each by itself: of organic matter the COD, so that oxidised matter is gone.
    public static let elements: [Element] = [.N, .P, .COD]

    /// Dinitrogen is where nitrogen goes to, not a pool of it.
    static func isDinitrogen(_ name: String) -> Bool { name == "S_N2" }

    /// Amount of each of `elements` in one unit: 0 of what is no pool of it (oxygen and nitrate, whose COD is below 0).
    static func content(_ content: Content, isDinitrogen: Bool) -> [Double] {
        elements.map { isDinitrogen ? 0 : max(content[$0], 0) }
    }
}

/// Where matter comes from.
public enum Origin: Hashable, Sendable {
    /// A node without an inflow: an enterprise, a settlement, a headwater.
    case source(node: String)
    /// What the water held when labelling began, in tanks, rivers and ponds.
    case initialContents
    /// Ammonium, phosphate and organic matter that beds of rivers and ponds release without having taken them up since labelling began.
    case bedRelease
    /// Substances dosed in treatment.
    case dosing
    /// Organic matter that algae and nitrifiers make of carbon dioxide.
    case production

    /// For tables.
    public var name: String {
        switch self {
        case .source(let node): node
        case .initialContents: "(initial contents)"
        case .bedRelease: "(bed release)"
        case .dosing: "(dosing)"
        case .production: "(in-situ production)"
        }
    }
}
