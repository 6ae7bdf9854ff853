public import Differentiation

/// Several places' numbers of one kind side by side.
public protocol LaneAccess {
    associatedtype Element: Scalar
    associatedtype Packed: Scalar
    /// How many places one evaluation serves.
    static var count: Int { get }
    static func element(_ packed: Packed, _ lane: Int) -> Element
    static func set(_ packed: inout Packed, _ lane: Int, _ element: Element)
}

/// One place at a time.
public enum OneLane<Element: Scalar>: LaneAccess {
    public static var count: Int { 1 }
    public static func element(_ packed: Element, _ lane: Int) -> Element { packed }
    public static func set(_ packed: inout Element, _ lane: Int, _ element: Element) { packed = element }
}

/// Four places of a plain run, each in the operations of one alone.
public enum FourLanes: LaneAccess {
    public static var count: Int { 4 }
    public static func element(_ packed: Lanes4, _ lane: Int) -> Double { packed.lanes[lane] }
    public static func set(_ packed: inout Lanes4, _ lane: Int, _ element: Double) { packed.lanes[lane] = element }
}
