#!/usr/bin/env python3
"""Concentrations along the river, winter against summer, from its head to the end of the chain.

    river_profile.py results/near-term --end ciyao-5
"""
import json
import sys
from pathlib import Path

import matplotlib.pyplot as plt

import common

RIVER = ["reach", "impoundment", "headwater"]
WORDS = {
    "en": {"winter": "winter (Dec to Feb)", "summer": "summer (Jun to Aug)", "x": "distance [km]"},
    "zh": {"winter": "冬季(12 至 2 月)", "summer": "夏季(6 至 8 月)", "x": "距离 [km]"},
}
SEASONS = {"winter": ([12, 1, 2], common.COLOURS[0], "-", "o"), "summer": ([6, 7, 8], common.COLOURS[1], "--", "s")}


def stem(run, end):
    """Streams from the head down to `end`: against the flow from node to node, along the river where one comes in, else along the most water."""
    flow = run.flow_daily.mean("day").to_series()
    target, kind, nodes = run.node_to.to_series(), run.node_type.to_series(), common.of_node(run)
    outlets = [name for name in run.node.values if nodes[name] == end and kind[name] != "section"]
    if not outlets:
        sys.exit(f"{run.folder}: no node {end}; choose another --end")
    path = [max(outlets, key=flow.get)]
    while True:
        before = [name for name in run.node.values if target[name] == nodes[path[0]] and nodes[name] not in nodes[path].values]
        if not before:
            return path
        path.insert(0, max(before, key=lambda name: (kind[name] in RIVER, flow[name])))


def distances(run, path):
    """Kilometres from the head at the end of each stream's node: reaches have a length, everything else has none."""
    inputs = {row["path"]: row["value"] for row in json.loads((Path(run.folder) / "manifest.json").read_text())["inputs"]}
    nodes, result, sum = common.of_node(run), [], 0.0
    for name in path:
        if run.node_type.sel(node=name) == "reach":
            sum += float(inputs[f"nodes.{nodes[name]}.length"]) / 1000
        result.append(sum)
    return result


def draw(folders, end="ciyao-5", variables=("COD", "NH3-N", "TN", "TP"), language="en"):
    language = common.begin(language)
    words, runs = WORDS[language], [common.open_run(folder) for folder in folders]
    figure, axes = plt.subplots(len(variables), len(runs), figsize=(7.5 * len(runs), 2.1 * len(variables)), sharex="col", sharey="row", squeeze=False)
    for column, run in enumerate(runs):
        path = stem(run, end)
        x = distances(run, path)
        # Of what lies at one place (the works of a gate) the first and the last.
        kept = [i for i in range(len(path)) if i in (0, len(path) - 1) or x[i] != x[i - 1] or x[i] != x[i + 1]]
        path, x = [path[i] for i in kept], [x[i] for i in kept]
        for axis, variable in zip(axes[:, column], variables):
            values = common.daily(run, variable).sel(node=path)
            for season, (numbers, colour, line, marker) in SEASONS.items():
                part = values.sel(day=values.day.dt.month.isin(numbers))
                if part.sizes["day"]:
                    axis.plot(x, part.mean("day"), line, marker=marker, markersize=3.5, color=colour, label=words[season])
            axis.set_ylim(bottom=0)
            if column == 0:
                axis.set_ylabel(f"{variable} [mg/L]")
        axes[0, column].set_title(common.title(run, language))
        axes[-1, column].set_xlabel(words["x"])
        # The names of reaches stand in the middle of each, those of what has no length above the others.
        top = axes[0, column].secondary_xaxis("top")
        reaches = [(x[i - 1], x[i], name) for i, name in enumerate(path) if i and x[i] > x[i - 1]]
        top.set_xticks([(start + end) / 2 for start, end, _ in reaches], [common.of_node(run)[name] for *_, name in reaches], fontsize=7)
        top.tick_params(length=0)
        axes[0, column].title.set_position((0.5, 1.12))
        for start in [start for start, *_ in reaches]:
            for axis in axes[:, column]:
                axis.axvline(start, color="#bbbbbb", linewidth=0.7)
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


if __name__ == "__main__":
    parser = common.arguments(__doc__.split("\n")[0])
    parser.add_argument("--end", default="ciyao-5", help="last node of the river")
    parser.add_argument("--variables", nargs="+", default=["COD", "NH3-N", "TN", "TP"])
    given = parser.parse_args()
    common.save(draw(given.results, given.end, given.variables, given.language), given.output, "river-profile")
