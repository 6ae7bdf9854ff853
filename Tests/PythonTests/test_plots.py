"""The scripts of Docs/plots on a small run: files are written, and the figures hold the run's numbers."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from run import HERE, measures, results

PLOTS = HERE.parents[1] / "Docs/plots"
sys.path.insert(0, str(PLOTS))
import common
import cost_curve
import load_waterfall
import near_long
import river_profile
import section_limits
import winter

ARGUMENTS = {
    "section_limits": [], "near_long": ["--overflow", "intake.overflow"], "river_profile": ["--end", "lower"], "load_waterfall": [],
    "winter": ["--plants", "tank-effluent", "--pond", "pond"],
}


class Plots(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = results()
        cls.run_ = xr.open_dataset(cls.folder / "results.nc")
        cls.judged = pd.read_csv(cls.folder / "compliance.csv")

    def test_each_script_writes_png_and_svg(self):
        for language in ["en", "zh"]:
            for script, extra in ARGUMENTS.items():
                with self.subTest(script, language=language), tempfile.TemporaryDirectory() as folder:
                    done = subprocess.run([sys.executable, PLOTS / f"{script}.py", self.folder, "--output", folder, "--language", language, *extra],
                                          capture_output=True, text=True)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    name = script.replace("_", "-")
                    png, svg = (Path(folder) / f"{name}.png").read_bytes(), (Path(folder) / f"{name}.svg").read_text()
                    self.assertTrue(png.startswith(b"\x89PNG") and len(png) > 10_000)
                    self.assertTrue("<svg" in svg and len(svg) > 10_000)
                    # Boxes in place of characters would be warned of.
                    self.assertNotIn("Glyph", done.stderr)

    def test_cost_curve(self):
        """By price: most-b 135 kg/d for 100 000 CNY/a, half-b 75 for 60 000, half-c 50 for 50 000, half-a 100 for 150 000; all together 285 kg/d, for half-b
        and most-b do the same work."""
        figure = cost_curve.draw([measures()], "COD")
        bars = figure.axes[0].containers[0]
        np.testing.assert_allclose([bar.get_width() for bar in bars], np.array([135, 75, 50, 100]) * 0.365)
        np.testing.assert_allclose([bar.get_height() for bar in bars], [100e3 / 135 / 365, 60e3 / 75 / 365, 50e3 / 50 / 365, 150e3 / 100 / 365])
        np.testing.assert_allclose([bar.get_x() for bar in bars], np.array([0, 135, 210, 260]) * 0.365, atol=1e-9)
        self.assertAlmostEqual(figure.axes[0].lines[0].get_xdata()[0], 285 * 0.365)
        for language in ["en", "zh"]:
            with tempfile.TemporaryDirectory() as folder:
                done = subprocess.run([sys.executable, PLOTS / "cost_curve.py", measures(), "--output", folder, "--language", language], capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertTrue((Path(folder) / "cost-curve.png").read_bytes().startswith(b"\x89PNG"))
                self.assertNotIn("Glyph", done.stderr)

    def test_chinese_labels_are_chinese_where_a_font_is(self):
        figure = winter.draw([self.folder], ["tank-effluent"], "pond", "zh")
        expected = "水温 [°C]" if common.chinese_fonts() else "water temperature [°C]"
        self.assertEqual(figure.axes[0].get_ylabel(), expected)

    def test_section_against_limits(self):
        figure = section_limits.draw([self.folder])
        axis = next(axis for axis in figure.axes if axis.get_ylabel().startswith("NH3-N"))
        hourly, points, limit = axis.lines
        np.testing.assert_array_equal(hourly.get_ydata(), self.run_.NH3_N.sel(node="exit"))
        np.testing.assert_array_equal(points.get_ydata(), [2.5, 2.0, 1.0])
        self.assertEqual(limit.get_ydata()[0], 2)
        # The months' means stand where compliance.csv has them.
        rows = self.judged[(self.judged.section == "exit") & (self.judged.variable == "NH3-N") & self.judged.period.str.startswith("2020")]
        drawn = [segment[0][1] for segment in axis.collections[0].get_segments()]
        np.testing.assert_allclose(drawn, rows.value)
        self.assertEqual(len(drawn), 5)

    def test_near_against_long(self):
        figure = near_long.draw([self.folder, self.folder], overflow="intake.overflow")
        bars = [container for container in figure.axes[0].containers]
        self.assertEqual([len(bar) for bar in bars], [5, 5])
        rows = self.judged[(self.judged.section == "exit") & (self.judged.variable == "COD") & self.judged.period.str.startswith("2020")]
        np.testing.assert_allclose([patch.get_height() for patch in bars[0]], rows.value)
        volumes = sum(patch.get_height() for patch in figure.axes[-1].containers[0])
        self.assertGreater(volumes, 0)
        self.assertAlmostEqual(volumes, self.run_.flow_daily.sel(node="intake.overflow").sum().item() / 1000, places=4)

    def test_river_profile(self):
        """The stem is spring, upper, lower: 0, 2 and 5 km; the last points are the means of February and of June at the exit."""
        figure = river_profile.draw([self.folder], end="lower", variables=["NH3-N"])
        cold, warm = [line for line in figure.axes[0].lines if len(line.get_xdata()) > 2]
        np.testing.assert_allclose(cold.get_xdata(), [0, 2, 5])
        ammonia = self.run_.concentration_daily.sel(component="S_NH4", node="lower")
        for line, month in [(cold, 2), (warm, 6)]:
            self.assertAlmostEqual(line.get_ydata()[-1], ammonia.sel(day=ammonia.day.dt.month == month).mean().item(), places=5)
        self.assertNotAlmostEqual(cold.get_ydata()[-1], warm.get_ydata()[-1], places=1)

    def test_load_waterfall(self):
        """Sources less removal is what leaves: the village brings what its people give."""
        table, label, out = load_waterfall.steps(self.run_, "TP", load_waterfall.WORDS["en"], "en")
        self.assertAlmostEqual(table.change.sum() / out, 1, places=3)
        # 5000 · 80 L/d · 5 g/m3 over 125 d = 250 kg.
        self.assertAlmostEqual(table.set_index("label").change["settlement"] / 0.25, 1, places=5)
        figure = load_waterfall.draw([self.folder], "TP")
        self.assertEqual(len(figure.axes[0].patches), len(table) + 1)
        self.assertAlmostEqual(figure.axes[0].patches[-1].get_width(), out)

    def test_winter(self):
        figure = winter.draw([self.folder], ["tank-effluent"], "pond")
        np.testing.assert_array_equal(figure.axes[0].lines[0].get_ydata(), self.run_.temperature_daily.sel(node="tank-effluent"))
        into, out = figure.axes[3].lines
        # What flows into the pond is the tank's water alone.
        ammonia = self.run_.concentration_daily.sel(component="S_NH4")
        np.testing.assert_allclose(into.get_ydata(), ammonia.sel(node="tank"), rtol=1e-5)
        np.testing.assert_allclose(out.get_ydata(), ammonia.sel(node="pond"), rtol=1e-5)

    def test_what_is_missing_is_named(self):
        for script, extra, expected in [
            ("section_limits", ["--section", "border"], "no section border with a standard; there are exit, tank-effluent"),
            ("river_profile", ["--end", "nowhere"], "no node nowhere"), ("winter", ["--pond", "lake"], "lake"),
        ]:
            done = subprocess.run([sys.executable, PLOTS / f"{script}.py", self.folder, *extra], capture_output=True, text=True)
            self.assertEqual(done.returncode, 1)
            self.assertIn(expected, done.stderr)
        done = subprocess.run([sys.executable, PLOTS / "winter.py", HERE], capture_output=True, text=True)
        self.assertIn("is no folder of results", done.stderr)


if __name__ == "__main__":
    unittest.main()
