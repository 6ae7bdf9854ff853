public import Declarations
public import Differentiation

/// What surrounds a reaction beside concentrations.
@frozen
public struct Surroundings<S: Scalar>: Sendable {
    /// Water temperature [degC].
    public var temperature: S
    /// Water depth [m]; areal rates are divided by it. 1 where a model knows no area.
    public var depth: S
    /// Daily mean photosynthetically active light at the surface, after ice [W/m2].
    public var light: S
    /// Factors on the growth of nitrifiers and of heterotrophs, 1 where nothing inhibits them; models of activated sludge take them.
    public var nitrifying: S = 1
    public var growing: S = 1

    @inlinable
    public init(temperature: S, depth: S = 1, light: S = 0) {
        self.temperature = temperature
        self.depth = depth
        self.light = light
    }
}

/// A process of a Petersen matrix: its name and the stoichiometric coefficients of the components it touches.
public struct Reaction<S: Scalar> {
    public var name: String
    /// By component index; an index at or above the set's count addresses `BiokineticModel.sinks`.
    public var coefficients: [(component: Int, value: S)]

    public init(_ name: String, _ coefficients: [(component: Int, value: S)]) {
        self.name = name
        self.coefficients = coefficients
    }
}

/// A biokinetic model: components, Petersen matrix, rates and their temperature dependence, declared whole in one file.
public protocol BiokineticModel: Sendable {
    static var name: String { get }
    static var summary: String { get }
    static var sources: [String] { get }
    static var componentSet: ComponentSet { get }
    /// Kinetic and stoichiometric parameters, in the order in which `parameters` spans carry them.
    static var parameters: [Parameter] { get }
    /// Substances that leave the water in a process and are not transported, such as N2 in ASM1; they follow the components in `Reaction`.
    static var sinks: [Component] { get }
    static var processCount: Int { get }

    init()

    /// The Petersen matrix, one reaction a process, in the order of `rates`. Evaluated when parameters are set, never in a step. Which
    /// components a reaction lists is structure and must not depend on the parameters' values.
    func stoichiometry<S: Scalar>(parameters: Span<S>) -> [Reaction<S>]

    /// Process rates [g/(m3 d)] at the concentrations [g/m3]. Finite, with finite derivatives, at zero and at slightly negative
    /// concentrations.
    func rates<S: Scalar>(concentrations: Span<S>, surroundings: Surroundings<S>, parameters: Span<S>, into rates: inout MutableSpan<S>)
}

extension BiokineticModel {
    public static var sinks: [Component] { [] }
}

/// The Petersen matrix of a model as flat arrays: the structure, fixed when a unit is built. The coefficients stand in the unit's derived
/// parameters, so that a yield is a scalar like any other.
@frozen
public struct ReactionTable: Sendable {
    /// Process j's entries stand at `start[j] ..< start[j + 1]`.
    @usableFromInline let start: [Int32]
    @usableFromInline let component: [Int32]
    public let names: [String]

    public var processCount: Int { names.count }
    public var entryCount: Int { component.count }

    public init<Model: BiokineticModel>(_ model: Model) {
        let defaults = Model.parameters.map { $0.defaultValue ?? 0.5 * ($0.range.lowerBound + $0.range.upperBound) }
        let reactions = model.stoichiometry(parameters: defaults.span)
        var start: [Int32] = [0], component: [Int32] = []
        for reaction in reactions {
            component += reaction.coefficients.map { Int32($0.component) }
            start.append(Int32(component.count))
        }
        self.start = start
        self.component = component
        names = reactions.map(\.name)
    }

    /// Writes the coefficients for these parameters, in the table's order.
    public func coefficients<Model: BiokineticModel, S: Scalar>(of model: Model, parameters: Span<S>) -> [S] {
        model.stoichiometry(parameters: parameters).flatMap { $0.coefficients.map(\.value) }
    }

    /// Reaction rates and the conversions they sum to. `scratch` holds, in order: concentrations (read), process rates (written), then
    /// Σ_j ν_ji r_j · scale for each component and sink (written).
    @inlinable
    public func react<Model: BiokineticModel, S: Scalar>(
        _ model: Model, surroundings: Surroundings<S>, parameters: Span<S>, coefficients: Span<S>, scale: S, componentCount: Int,
        scratch: inout MutableSpan<S>
    ) {
        let processes = processCount, conversions = componentCount + processes
        scratch.withUnsafeMutableBufferPointer { buffer in
            // Three disjoint parts of one buffer; the parts are spans again.
            let concentrations = UnsafeBufferPointer(rebasing: buffer[0..<componentCount])
            let rates = UnsafeMutableBufferPointer(rebasing: buffer[componentCount..<conversions])
            var ratesSpan = rates.mutableSpan
            model.rates(concentrations: concentrations.span, surroundings: surroundings, parameters: parameters, into: &ratesSpan)
            for index in conversions..<buffer.count { buffer[index] = 0 }
            let start = self.start.span, component = self.component.span
            for process in 0..<processes {
                let rate = S.conversion(rates[process] * scale)
                for entry in Int(start[process])..<Int(start[process + 1]) {
                    buffer[conversions + Int(component[entry])] += coefficients[entry] * rate
                }
            }
        }
    }
}

/// S/(K + |S|): Monod's switching function, odd through zero so that a slightly negative concentration neither blows up nor flips sign twice.
@inlinable @inline(__always)
public func monod<S: Scalar>(_ concentration: S, _ halfSaturation: S) -> S {
    concentration / (halfSaturation + S.magnitude(concentration))
}

/// K/(K + max(S, 0)): inhibition.
@inlinable @inline(__always)
public func inhibition<S: Scalar>(_ concentration: S, _ halfSaturation: S) -> S {
    halfSaturation / (halfSaturation + S.positivePart(concentration))
}
