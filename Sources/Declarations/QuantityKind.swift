/// What a number measures. Each kind has one unit inside the engine; other units exist only in files, and are converted on reading.
public enum QuantityKind: String, Sendable, CaseIterable, Codable {
    case number, fraction
    /// Written `on` or `off`; 1 or 0 inside the engine, so that measures, schedules and rules can set it like a number.
    case onOff
    case length, area, volume, time
    case flow, velocity, depthRate
    case concentration, molarConcentration, load, arealLoad, arealMass, mass
    case temperature, temperatureDifference
    case rate, transferRate
    case specificVolume, specificArea
    case slope, roughness
    case powerDensity, power, energyPerVolume, energyPerMass, arealPower, heatTransfer
    /// People or animals; in files a plain number will do.
    case heads
    case perHeadFlow, perHeadLoad
    case yieldPerMass
    case money, moneyPerVolume, moneyPerMass, moneyPerEnergy, moneyPerTime
    case dispersion
    /// Measures what a controller senses, or what it drives: any unit in files, checked against the sensor or the driven number.
    case sensed, commanded

    /// True where a file may state a number without a unit.
    public var mayBePlain: Bool { unit == "-" || self == .heads }

    /// True where the unit is that of something else, so that none can be stated here.
    public var isOpen: Bool { self == .sensed || self == .commanded }

    /// The unit used inside the engine and in output headers (ASCII).
    public var unit: String {
        switch self {
        case .number, .fraction, .onOff, .yieldPerMass: "-"
        case .length: "m"
        case .area: "m2"
        case .volume: "m3"
        case .time: "d"
        case .flow: "m3/d"
        case .velocity: "m/d"
        case .depthRate: "m/d"
        case .concentration: "g/m3"
        case .molarConcentration: "mol/m3"
        case .load: "g/d"
        case .arealLoad: "g/(m2 d)"
        case .arealMass: "g/m2"
        case .mass: "g"
        case .temperature: "degC"
        case .temperatureDifference: "K"
        case .rate: "1/d"
        case .transferRate: "m/d"
        case .specificVolume: "m3/g"
        case .specificArea: "m2/m3"
        case .slope: "m/m"
        case .roughness: "s/m^(1/3)"
        case .powerDensity: "kW/m3"
        case .power: "kW"
        case .energyPerVolume: "kWh/m3"
        case .energyPerMass: "kWh/kg"
        case .arealPower: "W/m2"
        case .heatTransfer: "W/(m2 K)"
        case .heads: "head"
        case .perHeadFlow: "m3/(head d)"
        case .perHeadLoad: "g/(head d)"
        case .money: "CNY"
        case .moneyPerVolume: "CNY/m3"
        case .moneyPerMass: "CNY/kg"
        case .moneyPerEnergy: "CNY/kWh"
        case .moneyPerTime: "CNY/d"
        case .dispersion: "m2/s"
        case .sensed: "unit of what is sensed"
        case .commanded: "unit of what is driven"
        }
    }
}
