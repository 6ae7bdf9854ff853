import Biokinetics

/// Units as output headers write them.
enum OutputUnits {
    static func header(_ unit: String) -> String { unit == "g/m3" ? "mg/L" : unit }
}
