#!/usr/bin/env python3
"""Pond and plants in winter: temperature of the water, ice, ammonia of the plants' effluents and of the pond's two ends.

November to March are shaded.

    winter.py results/near-term --plants county-effluent zone-effluent --pond pond
"""
import sys

import matplotlib.pyplot as plt
import numpy as np

import common

WORDS = {
    "en": {"temperature": "water temperature [°C]", "ice": "ice [m]", "plants": "NH3-N of effluents [mg/L]", "pond": "NH3-N of the {} [mg/L]", "in": "inflow", "out": "outflow",
           "no ice": "no ice"},
    "zh": {"temperature": "水温 [°C]", "ice": "冰厚 [m]", "plants": "出水 NH3-N [mg/L]", "pond": "{} NH3-N [mg/L]", "in": "进水", "out": "出水", "no ice": "无冰"},
}
LINES = ["-", "--", ":", "-."]


def inflow(run, node, variable):
    """Daily concentration of all that flows into a node."""
    into = run.node.values[run.node_to.values == node]
    flow, values = run.flow_daily.sel(node=into), common.daily(run, variable).sel(node=into)
    water = flow.where(values.notnull()).sum("node")
    return ((flow * values).sum("node") / water).where(water > 0)


def draw(folders, plants=("county-effluent", "zone-effluent"), pond="pond", language="en"):
    language = common.begin(language)
    words, runs = WORDS[language], [common.open_run(folder) for folder in folders]
    figure, axes = plt.subplots(4, 1, figsize=(10, 9), sharex=True)
    for run, colour in zip(runs, common.COLOURS):
        missing = [name for name in [*plants, pond] if name not in run.node.values]
        if missing:
            sys.exit(f"{run.folder}: no node or section {', '.join(missing)}; choose others with --plants and --pond")
        # One run gives the figure its title, of several each line names its own.
        name, ammonia = "" if len(runs) == 1 else f", {common.title(run, language)}", common.daily(run, "NH3-N")
        for node, line in zip([*plants, pond], LINES):
            axes[0].plot(run.day, run.temperature_daily.sel(node=node), line, color=colour, linewidth=1.2, label=node + name)
        if "ice_thickness" in run:
            ice = run.ice_thickness.sel(node=pond)
            axes[1].fill_between(ice.time, ice.fillna(0), color=colour, alpha=0.4, label=name.lstrip(", "))
            if not ice.max() > 0:
                axes[1].annotate(words["no ice"] + name, (0.5, 0.5), xycoords="axes fraction", ha="center")
        for node, line in zip(plants, LINES):
            axes[2].plot(run.day, ammonia.sel(node=node), line, color=colour, linewidth=1.2, label=node + name)
        axes[3].plot(run.day, inflow(run, pond, "NH3-N"), ":", color=colour, linewidth=1.2, label=words["in"] + name)
        axes[3].plot(run.day, ammonia.sel(node=pond), "-", color=colour, linewidth=1.2, label=words["out"] + name)
    cold = runs[0].day.dt.month.isin([11, 12, 1, 2, 3]).values
    edges = np.flatnonzero(np.diff(np.concatenate([[False], cold, [False]]).astype(int)))
    for first, last in edges.reshape(-1, 2):
        for axis in axes:
            axis.axvspan(runs[0].day.values[first], runs[0].day.values[last - 1] + np.timedelta64(1, "D"), color="#eef3f8", zorder=0)
    for axis, label in zip(axes, [words["temperature"], words["ice"], words["plants"], words["pond"].format(pond)]):
        axis.set_ylabel(label)
        axis.set_ylim(bottom=0)
        if any(axis.get_legend_handles_labels()[1]):
            axis.legend(loc="lower center", bbox_to_anchor=(0.5, 1), fontsize=8, ncols=3)
    if len(runs) == 1:
        figure.suptitle(common.title(runs[0], language))
    return figure


if __name__ == "__main__":
    parser = common.arguments(__doc__.split("\n")[0])
    parser.add_argument("--plants", nargs="+", default=["county-effluent", "zone-effluent"], help="sections or nodes")
    parser.add_argument("--pond", default="pond", help="a node with one outlet")
    given = parser.parse_args()
    common.save(draw(given.results, given.plants, given.pond, given.language), given.output, "winter")
