import Testing
import UnitModels

@Suite struct SurfaceHeatTests {
    /// Ice in the closed form h²/(2κ) + h/K = FDD/L, from the thickness at which it covers the surface; later Stefan's a √FDD.
    @Test func growth() {
        let area = 1000.0, exchange = 0.5, a = 0.02, closure = 0.02
        let conductivity = 0.917 * 0.917 * a * a * 79.7 / 2
        func closedForm(_ h: Double) -> Double { h * h / (2 * conductivity) + h / exchange }
        var ice = closure * area, time = 0.0
        let step = 0.01
        func rate(_ ice: Double) -> Double {
            SurfaceHeat.exchange(
                ice: ice, area: area, heatContent: 0, temperature: 0, equilibrium: -10, airExchange: exchange, iceExchange: 1, iceGrowth: a,
                closure: closure, freezable: 1, wetness: 1).freezing
        }
        while time < 100 {
            let k1 = rate(ice), k2 = rate(ice + 0.5 * step * k1)
            ice += step * k2
            time += step
        }
        let degreeDays = 79.7 * (closedForm(ice / area) - closedForm(closure))
        #expect(abs(degreeDays / 1000 - 1) < 1e-6)
        let thickness = ice / area / 0.917
        #expect(abs(thickness / (a * 1000.0.squareRoot()) - 1) < 0.15)
    }

    /// Supercooled water freezes and gives its heat back to the water; what is lost as latent heat equals what the water gains.
    @Test func supercooling() {
        let exchange = SurfaceHeat.exchange(
            ice: 0.0, area: 100, heatContent: -20, temperature: -0.1, equilibrium: -0.1, airExchange: 0.5, iceExchange: 1, iceGrowth: 0.02,
            closure: 0.02, freezable: 1, wetness: 1)
        #expect(exchange.covered == 0)
        #expect(abs(exchange.freezing * 79.7 - exchange.heat) < 1e-12)
        #expect(exchange.freezing > 0)
    }

    /// A place that has run dry lacks a little heat by rounding: freezing must not take water for it that is not there.
    @Test func aDryPlaceDoesNotFreeze() {
        let exchange = SurfaceHeat.exchange(
            ice: 0.0, area: 100, heatContent: -0.01, temperature: -0.1, equilibrium: -10, airExchange: 0.5, iceExchange: 1, iceGrowth: 0.02,
            closure: 0.02, freezable: 0, wetness: 0)
        #expect(exchange.freezing == 0 && exchange.heat == 0)
    }

    /// Ice melts from above in warm air and from below over warm water, the water paying for the latter alone.
    @Test func melt() {
        let exchange = SurfaceHeat.exchange(
            ice: 10.0, area: 100, heatContent: 400, temperature: 2, equilibrium: 5, airExchange: 0.5, iceExchange: 1, iceGrowth: 0.02, closure: 0.02,
            freezable: 1, wetness: 1)
        #expect(exchange.covered == 1)
        #expect(abs(exchange.freezing * 79.7 + 0.5 * 100 * 5 + 100 * 2) < 1e-9)
        #expect(abs(exchange.heat + 200) < 1e-9)
    }

    /// Where ice may not form, the loss of heat ceases at 0 degC; warming does not.
    @Test func fastWater() {
        func heat(_ temperature: Double, _ equilibrium: Double) -> Double {
            SurfaceHeat.exchange(
                ice: 0.0, area: 100, heatContent: temperature * 100, temperature: temperature, equilibrium: equilibrium, airExchange: 0.5, iceExchange: 1,
                iceGrowth: 0.02, closure: 0.02, freezable: 0, wetness: 1).heat
        }
        #expect(heat(0, -10) == 0)
        #expect(heat(1, -10) == -550)
        #expect(heat(0, 4) == 200)
    }
}
