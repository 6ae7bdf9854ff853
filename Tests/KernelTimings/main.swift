// Kernel timings: `swift run -c release KernelTimings [SCENARIO...]`. With scenarios, what a step of their networks is made of; without, one row a kind of unit: rates in Double reached as the network reaches them
// (existential with concrete requirements) and as a concrete specialised generic, and their ratio, which unspecialised code would make 15.
import Biokinetics
import Declarations
import Differentiation
import UnitModels
import WaterNetwork

func nanoseconds(_ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    var best = Double.infinity, repetitions = 1
    while true {
        let elapsed = clock.measure { for _ in 0..<repetitions { body() } }
        let ns = Double(elapsed.components.seconds) * 1e9 + Double(elapsed.components.attoseconds) * 1e-9
        if ns > 2e7 {
            best = min(best, ns / Double(repetitions))
            break
        }
        repetitions *= 2
    }
    for _ in 0..<4 {
        let elapsed = clock.measure { for _ in 0..<repetitions { body() } }
        best = min(best, (Double(elapsed.components.seconds) * 1e9 + Double(elapsed.components.attoseconds) * 1e-9) / Double(repetitions))
    }
    return best
}

/// The buffers that one evaluation of a unit needs.
struct Bench<S: Scalar> {
    let inflow: [S], outflow: [S], state: [S], parameters: [S], forcing: [S], signals: [S]
    let scratch: UnsafeMutableBufferPointer<S>, rates: UnsafeMutableBufferPointer<S>, accounts: UnsafeMutableBufferPointer<S>

    init(_ layout: UnitLayout, _ declaration: UnitDeclaration, _ set: ComponentSet, parameters values: [Double], state initial: [Double]) {
        let width = set.streamWidth
        inflow = (0..<width).map { S($0 == 0 ? 10000 : 100 * Double($0)) }
        outflow = (0..<(layout.outletCount * width)).map { S($0 % width == 0 ? 5000 : 100) }
        state = initial.map { S($0) }
        parameters = values.map { S($0) } + Array(repeating: 0.1, count: layout.derivedCount)
        forcing = declaration.inputs.map { _ in S(1.0) } + (declaration.carriesQuality ? Array(repeating: 1.0, count: set.count) : [])
        signals = layout.signals.map { _ in S(1000.0) }
        scratch = .allocate(capacity: layout.scratchCount)
        scratch.initialize(repeating: 0)
        rates = .allocate(capacity: layout.states.count)
        rates.initialize(repeating: 0)
        accounts = .allocate(capacity: layout.accountCount)
        accounts.initialize(repeating: 0)
    }

    func concrete<U: UnitModel>(_ unit: U) {
        var scratchSpan = scratch.mutableSpan
        var ratesSpan = rates.mutableSpan
        var accountsSpan = accounts.mutableSpan
        unit.rates(
            inflow: inflow.span, outflow: outflow.span, state: state.span, parameters: parameters.span, forcing: forcing.span, signals: signals.span,
            scratch: &scratchSpan, into: &ratesSpan, accounts: &accountsSpan)
    }
}

extension Bench where S: NetworkScalar {
    func dispatched(_ unit: any EvaluatedUnit) {
        var scratchSpan = scratch.mutableSpan
        var ratesSpan = rates.mutableSpan
        var accountsSpan = accounts.mutableSpan
        S.rates(
            unit, inflow.span, outflow.span, state.span, parameters.span, forcing.span, signals.span, &scratchSpan, &ratesSpan, &accountsSpan)
    }
}

func pad(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
func left(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
func number(_ x: Double) -> String { x < 10 ? "\((x * 100).rounded() / 100)" : "\(Int(x.rounded()))" }

func row<U: UnitModel>(_ type: U.Type, _ set: ComponentSet, _ stated: [String: Double], _ options: [String: String] = [:]) {
    let declaration = U.declaration
    let values = declaration.parameters.map { stated[$0.key] ?? $0.defaultValue ?? $0.range.lowerBound }
    var all: [String: String] = [:]
    for option in declaration.options { all[option.key] = options[option.key] ?? option.defaultValue }
    guard let unit = try? U(UnitSetup(componentSet: set, options: all, outlets: declaration.namesOwnOutlets ? ["a", "b"] : declaration.outlets, parameters: values))
    else { print("\(declaration.kind): not built"); return }
    var state = Array(repeating: 0.0, count: unit.layout.states.count)
    let forcing = declaration.inputs.map { _ in 1.0 } + (declaration.carriesQuality ? Array(repeating: 1.0, count: set.count) : [])
    var span = state.mutableSpan
    unit.initialState(parameters: values.span, forcing: forcing.span, into: &span)
    let plain = Bench<Double>(unit.layout, declaration, set, parameters: values, state: state)
    let boxed: any EvaluatedUnit = unit
    let dispatched = nanoseconds { plain.dispatched(boxed) }
    let concrete = nanoseconds { plain.concrete(unit) }
    print(left("\(declaration.kind) (\(set.name))", 34), pad("\(unit.layout.states.count)", 7), pad(number(dispatched), 12), pad(number(concrete), 12),
          pad(number(dispatched / concrete), 8))
}

if CommandLine.arguments.count > 1 { for path in CommandLine.arguments.dropFirst() { timeNetwork(path) } } else {
print(left("unit", 34), pad("states", 7), pad("network ns", 12), pad("concrete ns", 12), pad("ratio", 8))
let asm1 = ASM1.componentSet
row(ASM1Reactor.self, asm1, ["volume": 1333, "kla": 240], ["temperature-mode": "fixed"])
row(TakacsSettler.self, asm1, ["area": 1500, "underflow": 18831], ["composition": "memoryless"])
row(TakacsSettler.self, asm1, ["area": 1500, "underflow": 18831])
row(Splitter.self, asm1, ["flow": 1000])
let asm2d = ASM2dComponents.set
row(ASM2dReactor.self, asm2d, ["volume": 1333, "kla": 240], ["temperature-mode": "fixed"])
row(River.self, asm2d, ["length": 4000, "bed-width": 8, "side-slope": 1.5, "slope": 0.001, "roughness": 0.03, "design-flow": 50_000])
row(OxidationPond.self, asm2d, ["area": 25_000, "depth": 1.5, "carrier-area": 20])
row(Reservoir.self, asm2d, ["full-volume": 200_000, "full-depth": 4])
row(BiofilmReactor.self, asm2d, ["volume": 1000, "carrier-area": 800, "area": 350])
row(DenitrificationFilter.self, asm2d, ["volume": 1000, "carrier-area": 800, "area": 350])
row(BiofilmReactor.self, asm2d, ["volume": 1000, "carrier-area": 300], ["medium": "moving-bed", "cells": "1"])
row(ChemicalDosing.self, asm2d, ["dose": 10], ["chemical": "iron"])
row(Wasting.self, asm2d, ["flow": 400])
}
