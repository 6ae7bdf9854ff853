import Testing
import UnitModels

@Suite struct HydraulicsTests {
    /// Manning in a trapezoid, b = 8 m, z = 1.5, S = 0.001, n = 0.03, Q = 5 m3/s; the depth by bisection to the last digit.
    @Test func normalDepth() {
        let depth = Hydraulics.normalDepth(flow: 5 * 86400, width: 8, sideSlope: 1.5, slope: 0.001, roughness: 0.03)
        #expect(abs(depth - 0.7204761683015877) < 1e-12)
        let area = (8 + 1.5 * depth) * depth, perimeter = 8 + 2 * depth * 3.25.squareRoot()
        let velocity = Hydraulics.manningVelocity(hydraulicRadius: area / perimeter, conveyance: 0.001.squareRoot() / 0.03)
        #expect(abs(velocity * area - 5) < 1e-7)
        #expect(abs(Hydraulics.depth(area: area, width: 8, sideSlope: 1.5) - depth) < 1e-12)
        #expect(abs(Hydraulics.depth(area: 4.0, width: 8, sideSlope: 0) - 0.5) < 1e-15)
    }

    /// U = 0.3 m/s, B = 10 m, H = 0.5 m, S = 0.001: 2.82713 m2/s (Fischer; g = 9.81).
    @Test func dispersion() {
        #expect(abs(Hydraulics.fischerDispersion(velocity: 0.3, width: 10, depth: 0.5, slope: 0.001) - 2.827129383395588) < 1e-9)
    }

    @Test func weir() {
        // 1.84 · 2 · 0.125 m3/s.
        let flow = Hydraulics.weirFlow(head: 0.25, width: 2.0), none = Hydraulics.weirFlow(head: -0.1, width: 2.0)
        #expect(abs(flow - 39_744) < 1e-5)
        #expect(none == 0)
    }
}

@Suite struct ReaerationTests {
    /// U = 0.3 m/s, H = 0.5 m.
    @Test func formulas() {
        #expect(abs(Reaeration.oConnorDobbins(velocity: 0.3, depth: 0.5) - 6.088329820238059) < 1e-12)
        #expect(abs(Reaeration.churchill(velocity: 0.3, depth: 0.5) - 4.798039640822664) < 1e-12)
        #expect(abs(Reaeration.owensGibbs(velocity: 0.3, depth: 0.5) - 8.560287777805629) < 1e-12)
    }

    /// Away from the bounds one formula rules; across them the blend neither jumps nor leaves the two formulas' range.
    @Test func blend() {
        #expect(Reaeration.byFlow(velocity: 0.3, depth: 0.5) == Reaeration.owensGibbs(velocity: 0.3, depth: 0.5))
        #expect(abs(Reaeration.byFlow(velocity: 0.3, depth: 2) - Reaeration.oConnorDobbins(velocity: 0.3, depth: 2)) < 1e-12)
        #expect(abs(Reaeration.byFlow(velocity: 1, depth: 1) - Reaeration.churchill(velocity: 1, depth: 1)) < 1e-12)
        for velocity in [0.05, 0.3, 0.52, 1] {
            var previous = Reaeration.byFlow(velocity: velocity, depth: 0.3)
            for step in 1...2000 {
                let depth = 0.3 + 0.001 * Double(step)
                let value = Reaeration.byFlow(velocity: velocity, depth: depth)
                #expect(abs(value / previous - 1) < 0.015, "jump at U = \(velocity), H = \(depth)")
                previous = value
            }
        }
    }

    @Test func limits() {
        #expect(Reaeration.byFlow(velocity: 3, depth: 0.01) == 100)
        #expect(Reaeration.byFlow(velocity: 0.2, depth: 0.01) == Reaeration.byFlow(velocity: 0.2, depth: 0.1))
        #expect(Reaeration.coefficient(byFlow: Reaeration.byFlow(velocity: 0.0, depth: 2), windVelocity: 0.6, depth: 2) == 0.3)
        #expect(Reaeration.weirDeficitRatio(height: 0.0, temperature: 20) == 1)
        // 1 + 0.38 · 1.25 · 0.89 · 1.92.
        let ratio = Reaeration.weirDeficitRatio(height: 1.0, temperature: 20)
        #expect(abs(ratio - 1.81168) < 1e-12)
    }
}
