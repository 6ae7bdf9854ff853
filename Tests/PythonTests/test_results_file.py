"""results.nc as users open it, beside timeseries.csv."""
import json
import unittest

import numpy as np
import pandas as pd
import xarray as xr

from run import results


class ResultsFile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = results()
        cls.run_ = xr.open_dataset(cls.folder / "results.nc")
        cls.table = pd.read_csv(cls.folder / "timeseries.csv", parse_dates=["time"])

    def columns(self):
        """Column of timeseries.csv, node, variable and unit."""
        for column in self.table.columns[2:]:
            name, unit = column[:-1].split(" [")
            node, variable = name.rsplit(".", 1)
            yield column, node, variable, unit

    def test_is_labelled_without_help(self):
        run = self.run_
        self.assertEqual(set(run.sizes), {"time", "day", "node", "component", "composite", "bound"})
        self.assertEqual(run.COD.dims, ("time", "node"))
        self.assertEqual(run.concentration_daily.dims, ("day", "node", "component"))
        self.assertTrue((run.time.values == self.table.time.values).all())
        np.testing.assert_array_equal(run.t, self.table["t [d]"])
        self.assertEqual(str(run.day.values[0])[:10], "2020-02-01")
        self.assertTrue(((run.day_bounds[:, 1] - run.day_bounds[:, 0]).values == np.timedelta64(1, "D")).all())
        self.assertEqual(run.COD.sel(node="exit", time="2020-03-01T06:00").ndim, 0)
        self.assertEqual(run.node_type.sel(node="pond"), "pond")
        self.assertEqual(run.node_to.sel(node="intake.overflow"), "lower")
        self.assertEqual(run.node_to.sel(node="lower"), "outside")
        self.assertEqual(len(set(run.node.values)), run.sizes["node"])

    def test_says_what_it_comes_from(self):
        manifest = json.loads((self.folder / "manifest.json").read_text())
        attributes = self.run_.attrs
        self.assertEqual(attributes["Conventions"], "CF-1.10")
        self.assertEqual(attributes["title"], "A village on a brook")
        self.assertEqual(attributes["title_zh"], "小河边的村庄")
        self.assertEqual(attributes["scenario_hash"], manifest["fingerprint"])
        self.assertEqual(attributes["ciyao_version"], manifest["ciyao"])

    def test_holds_what_timeseries_holds(self):
        """Every column is there, with its unit, to the digits of float32, and empty where it is empty."""
        components = set(self.run_.component.values)
        seen = 0
        for column, node, variable, unit in self.columns():
            if variable in components:
                array = self.run_.concentration.sel(component=variable)
            else:
                array = self.run_[variable.replace("-", "_")]
            with self.subTest(column):
                self.assertEqual(array.units, unit)
                self.assertTrue(array.long_name)
                np.testing.assert_allclose(array.sel(node=node), self.table[column], rtol=1.2e-7, atol=1e-30)
            seen += 1
        # Sections, both outlets of the intake, the tank with its components, the pond: 6 streams of flow, temperature and 11 composites, 22 components, ice.
        self.assertEqual(seen, 6 * 13 + 22 + 1)
        # Nothing else is said at report times.
        shown = {node for _, node, _, _ in self.columns()}
        hidden = [node for node in self.run_.node.values if node not in shown]
        self.assertIn("upper", hidden)
        self.assertTrue(self.run_.COD.sel(node=hidden).isnull().all())

    def test_every_variable_has_unit_and_name(self):
        for name, variable in self.run_.data_vars.items():
            if name != "day_bounds":
                self.assertIn("units", variable.attrs, name)
                self.assertIn("long_name", variable.attrs, name)

    def test_days_are_exact_means(self):
        """Daily loads add up to summary.csv's, and an hourly mean by Simpson's rule gives the day's flow."""
        run, summary = self.run_, pd.read_csv(self.folder / "summary.csv")
        self.assertFalse(run.flow_daily.isnull().any())
        days = run.sizes["day"]
        self.assertEqual(days, 29 + 31 + 30 + 31 + 4)

        def total(variable, statistic):
            rows = summary[(summary.kind == "section") & (summary.name == "exit") & (summary.variable == variable) & (summary.statistic == statistic)]
            return rows.value.item()

        self.assertAlmostEqual(run.flow_daily.sel(node="exit").sum().item() / total("flow", "volume"), 1, places=6)
        for composite in ["COD", "TN", "NH3-N", "TP"]:
            weights = run.composite_weight.sel(composite=composite)
            load = (run.flow_daily * xr.dot(run.concentration_daily, weights, dim="component")).sel(node="exit").sum() / days / 1000
            self.assertAlmostEqual(load.item() / total(composite, "load"), 1, places=5)
        # The flow that the pond lets out varies smoothly over a day late in spring.
        day = run.flow.sel(node="pond", time=slice("2020-05-30T00:00", "2020-05-31T00:00")).values
        simpson = (day[0] + day[-1] + 4 * day[1:-1:2].sum() + 2 * day[2:-1:2].sum()) / 3 / 24
        self.assertAlmostEqual(run.flow_daily.sel(node="pond", day="2020-05-30").item() / simpson, 1, places=3)

    def test_alkalinity_has_its_own_unit(self):
        self.assertNotIn("S_ALK", self.run_.component.values)
        self.assertEqual(self.run_.S_ALK_daily.units, "mol/m3")
        np.testing.assert_array_equal(self.run_.S_ALK.sel(node="tank"), self.run_.ALK.sel(node="tank"))

    def test_ice_is_there(self):
        self.assertGreater(self.run_.ice_thickness.sel(node="pond").max(), 0.01)


if __name__ == "__main__":
    unittest.main()
