#!/usr/bin/env python3
"""What a kilogram costs that no longer passes a section: measures by price, each as wide as what it removes alone.

    cost_curve.py results/measures-one-year-of-works --variable COD

Takes folders that `ciyao measures` left. Measures do the same work in part, so that all together remove less than the widths add up to; the dashed
line stands where all together are.
"""
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

import common

WORDS = {
    "en": {"x": "{} removed, measures one by one [t/a]", "y": "cost [CNY/kg]", "all": "all together: {:.3g} t/a"},
    "zh": {"x": "{} 削减量,逐项单独实施 [t/a]", "y": "削减成本 [元/kg]", "all": "全部实施:{:.3g} t/a"},
}


def read(folder, variable):
    """Curve of a substance, and what all measures together remove [t/a]."""
    paths = [Path(folder) / name for name in ["cost-curve.csv", "measures.csv"]]
    for path in paths:
        if not path.exists():
            sys.exit(f"{path}: no such file; {folder} is no folder of `ciyao measures`")
    curve, sets = (pd.read_csv(path) for path in paths)
    if variable not in set(curve.variable):
        sys.exit(f"{folder}: no measure removes {variable}; there are {', '.join(curve.variable.unique()) or 'none'}")
    return curve[curve.variable == variable].reset_index(drop=True), sets.loc[sets.basis == "all", f"{variable} removed [kg/a]"].item() / 1000


def draw(folders, variable="COD", language="en"):
    language = common.begin(language)
    words = WORDS[language]
    figure, axes = plt.subplots(len(folders), 1, figsize=(9, 4.5 * len(folders)), squeeze=False)
    for axis, folder in zip(axes[:, 0], folders):
        curve, together = read(folder, variable)
        width = curve["removed [kg/a]"] / 1000
        left = curve["sum of removed [kg/a]"] / 1000 - width
        axis.bar(left, curve["cost [CNY/kg]"], width, align="edge", color=[common.COLOURS[index % 2 * 5] for index in curve.index], edgecolor="white")
        axis.axvline(together, color=common.LIMIT, linestyle="--", linewidth=1, label=words["all"].format(together))
        prices = curve["cost [CNY/kg]"].abs()
        if prices.max() > 30 * prices.min():
            # Prices span decades; what saves money lies below 0.
            axis.set_yscale("symlog", linthresh=max(1, prices.min()))
            axis.yaxis.set_major_formatter(lambda price, _: f"{price:g}")
        for name, start, size, price in zip(curve.measure, left, width, curve["cost [CNY/kg]"]):
            # Where it is too narrow for its name, the table has it.
            if size > 0.015 * width.sum():
                axis.annotate(name, (start + size / 2, price), xytext=(0, 3 if price >= 0 else -3), textcoords="offset points", rotation=90, ha="center",
                              va="bottom" if price >= 0 else "top", fontsize=7)
        axis.margins(y=0.35)
        axis.set_xlim(left=0)
        axis.set_xlabel(words["x"].format(variable))
        axis.set_ylabel(words["y"])
        axis.set_title(Path(folder).name)
        axis.legend(loc="upper left")
    return figure


if __name__ == "__main__":
    parser = common.arguments(__doc__.split("\n")[0])
    parser.add_argument("--variable", default="COD", help="a substance of cost-curve.csv (default: COD)")
    given = parser.parse_args()
    common.save(draw(given.results, given.variable, given.language), given.output, "cost-curve")
