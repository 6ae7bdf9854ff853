import Biokinetics
import Declarations
import Differentiation
import Testing

/// What holds for every model of the catalogue.
struct BiokineticCatalogTests {
    static let names = BiokineticCatalog.models.map { $0.name }

    static func model(_ name: String) throws -> any BiokineticModel.Type {
        try #require(BiokineticCatalog.models.first { $0.name == name })
    }

    @Test func namesAreDistinct() {
        #expect(Set(Self.names).count == Self.names.count)
        #expect(BiokineticCatalog.componentSet(named: "asm2d")?.count == 22)
        #expect(BiokineticCatalog.componentSet(named: "asm3") == nil)
    }

    @Test(arguments: names) func declarationsAreComplete(_ name: String) throws {
        func check<Model: BiokineticModel>(_: Model.Type) {
            #expect(Set(Model.parameters.map(\.key)).count == Model.parameters.count)
            for parameter in Model.parameters {
                #expect(!parameter.meaning.isEmpty && !parameter.source.isEmpty, "\(parameter.key)")
                let value = parameter.defaultValue
                #expect(value.map { parameter.range.contains($0) } == true, "\(parameter.key): default \(String(describing: value))")
            }
            let reactions = Model.reactions(Model.defaults)
            #expect(reactions.count == Model.processCount)
            #expect(Set(reactions.map(\.name)).count == reactions.count)
            #expect(!Model.sources.isEmpty && !Model.summary.isEmpty)
        }
        check(try Self.model(name))
    }

    /// COD, N, P, charge and tracer of each process sum to zero to 1e-9 of the amounts that move, for default and for random parameters.
    /// Solids likewise where they are a state of their own.
    @Test(arguments: names) func stoichiometryIsContinuous(_ name: String) throws {
        func check<Model: BiokineticModel>(_: Model.Type) {
            var numbers = Numbers(state: 7)
            for trial in 0..<50 {
                let parameters = trial == 0 ? Model.defaults : Model.parameters.map {
                    $0.range.lowerBound + numbers.next() * ($0.range.upperBound - $0.range.lowerBound)
                }
                for reaction in Model.reactions(parameters) {
                    for element in Element.conserved {
                        var sum = 0.0, moved = 0.0
                        for entry in reaction.coefficients {
                            let amount = entry.value * Model.participants[entry.component].content[element]
                            sum += amount
                            moved += abs(amount)
                        }
                        #expect(abs(sum) <= 1e-9 * max(moved, 1e-3), "\(reaction.name), \(element): \(sum), trial \(trial)")
                    }
                    if Model.componentSet.index(of: "X_TSS") != nil {
                        var sum = 0.0
                        for entry in reaction.coefficients {
                            guard let component = ASM2dComponent(rawValue: entry.component) else { continue }
                            sum += entry.value * (component == .X_TSS ? -1 : ASM2dComponents.solids(of: component))
                        }
                        #expect(abs(sum) <= 1e-9, "\(reaction.name), TSS: \(sum), trial \(trial)")
                    }
                }
            }
        }
        check(try Self.model(name))
    }

    /// Which components a process touches does not depend on the parameters.
    @Test(arguments: names) func structureIsFixed(_ name: String) throws {
        func check<Model: BiokineticModel>(_: Model.Type) {
            let atDefaults = Model.reactions(Model.defaults).map { $0.coefficients.map(\.component) }
            let atLowest = Model.reactions(Model.parameters.map(\.range.lowerBound)).map { $0.coefficients.map(\.component) }
            let atHighest = Model.reactions(Model.parameters.map(\.range.upperBound)).map { $0.coefficients.map(\.component) }
            #expect(atDefaults == atLowest && atDefaults == atHighest)
        }
        check(try Self.model(name))
    }

    /// A component that is not there is not consumed, whatever else is (S_ALK, S_NH4 and S_PO4 as nutrients, X_TSS and oxygen included).
    @Test(arguments: names) func nothingIsConsumedFromNothing(_ name: String) throws {
        func check<Model: BiokineticModel>(_: Model.Type) {
            let reactions = Model.reactions(Model.defaults)
            let balancing: Set<String> = Model.unlimited
            for (component, declared) in Model.componentSet.components.enumerated() where !balancing.contains(declared.name) {
                var state = [Double](repeating: 20, count: Model.componentSet.count)
                state[component] = 0
                let rates = Model.rates(state, Surroundings(temperature: 20, depth: 1, light: 100), Model.defaults)
                var conversion = 0.0
                for (reaction, rate) in zip(reactions, rates) {
                    for entry in reaction.coefficients where entry.component == component { conversion += entry.value * rate }
                }
                #expect(conversion >= -1e-7, "\(declared.name): \(conversion)")
            }
        }
        check(try Self.model(name))
    }
}

extension BiokineticModel {
    /// Components that the published rates consume without limiting themselves by them: alkalinity that precipitation and hydrolysis
    /// change, nutrients at closings of small rows, and the sum of solids.
    static var unlimited: Set<String> {
        name == "asm1" ? ["S_NH", "S_ALK"] : ["X_TSS", "S_ALK"]
    }
}
