#!/usr/bin/env python3
"""Where a load comes from, where it is removed, and what passes the end of the chain, as a waterfall.

    load_waterfall.py results/near-term --variable TN

Loads are the exact daily ones of results.nc. What a node gives beyond what it receives is a source, what it keeps is removed there; what leaves
the chain elsewhere than at its greatest outlet (sludge, hauled, irrigation) stands by itself.
"""
import sys

import matplotlib.pyplot as plt
import pandas as pd

import common

WORDS = {
    "en": {"load": "{} [t]", "other sources": "other sources", "removed elsewhere": "removed elsewhere", "out": "out at {}", "rivers": "rivers", "leaves": "leaves: {}",
           "other ways out": "leaves elsewhere"},
    "zh": {"load": "{} [t]", "other sources": "其他来源", "removed elsewhere": "其他去除", "out": "出境 {}", "rivers": "河道", "leaves": "排出:{}",
           "other ways out": "其他排出"},
}
KINDS_ZH = {"settlement": "居民生活", "works": "工业企业", "enterprise": "工业企业", "headwater": "上游来水", "catchment": "面源径流", "livestock": "畜禽养殖", "outfall": "排污口",
            "influent": "进水"}
SOURCES = ["settlement", "works", "enterprise", "headwater", "catchment", "livestock", "outfall", "influent"]


def loads(run, variable):
    """Load of every stream over the run [t]."""
    days = (run.day_bounds.isel(bound=1) - run.day_bounds.isel(bound=0)).dt.total_seconds() / 86400
    return ((run.flow_daily * common.daily(run, variable)).fillna(0) * days).sum("day").to_series() / 1e6


def steps(run, variable, words, language, most=7):
    """Label, change [t] and colour of every step: sources, removals, ways out, and the rest, which is what passes the end."""
    load, kind, target, nodes = loads(run, variable), run.node_type.to_series(), run.node_to.to_series(), common.of_node(run)
    streams = kind.index[kind != "section"]
    load, kind, target, nodes = load[streams], kind[streams], target[streams], nodes[streams]
    gain = load.groupby(nodes).sum().sub(load.groupby(target).sum().drop("outside", errors="ignore"), fill_value=0)
    kinds = kind.groupby(nodes).first()

    def group(node):
        if kinds[node] in SOURCES:
            return KINDS_ZH.get(kinds[node], kinds[node]) if language == "zh" else kinds[node]
        return words["rivers"] if kinds[node] in ["reach", "impoundment"] else node.split("/")[0]

    def few(changes, rest, colour):
        changes = changes.sort_values(key=abs, ascending=False)
        # What would not be seen beside the greatest is put together.
        shown = min(most, int((changes.abs() > 0.01 * gain.abs().max()).sum()))
        steps = list(changes.iloc[:shown].items()) + [(rest, changes.iloc[shown:].sum())]
        return [(label, change, colour) for label, change in steps if abs(change) > 1e-4 * gain.abs().max()]

    grouped = gain.groupby([group(node) for node in gain.index]).sum()
    leaving = load[target == "outside"]
    # The end of the chain is where most of its water leaves.
    end = run.flow_daily.mean("day").to_series()[leaving.index].idxmax()
    elsewhere = -leaving.drop(end).rename(lambda name: words["leaves"].format(name))
    changes = few(grouped[grouped > 0], words["other sources"], common.COLOURS[1]) + few(grouped[grouped < 0], words["removed elsewhere"], common.COLOURS[2]) \
        + few(elsewhere, words["other ways out"], common.COLOURS[4])
    return pd.DataFrame(changes, columns=["label", "change", "colour"]), words["out"].format(end), leaving[end]


def draw(folders, variable="TN", language="en"):
    language = common.begin(language)
    words, runs = WORDS[language], [common.open_run(folder) for folder in folders]
    figure, axes = plt.subplots(1, len(runs), figsize=(6.5 * len(runs), 6), squeeze=False, sharex=True)
    for axis, run in zip(axes[0], runs):
        table, label, out = steps(run, variable, words, language)
        table["end"] = table.change.cumsum()
        if abs(table.end.iloc[-1] - out) > 1e-3 * table.change.abs().max():
            sys.exit(f"{run.folder}: the loads of {variable} do not add up: {table.end.iloc[-1]} t against {out} t")
        colours = [*table.colour, common.COLOURS[0]]
        names, lefts, widths = list(table.label) + [label], list(table.end - table.change) + [0], list(table.change) + [out]
        axis.barh(range(len(names)), widths, left=lefts, color=colours)
        for row, (left, width) in enumerate(zip(lefts, widths)):
            axis.annotate(f"{width:+.1f}" if row < len(names) - 1 else f"{width:.1f}", (max(left, left + width), row), xytext=(3, 0), textcoords="offset points",
                          va="center", fontsize=8)
        axis.set_yticks(range(len(names)), names)
        axis.invert_yaxis()
        axis.margins(x=0.12)
        axis.grid(axis="y", visible=False)
        axis.set_xlabel(words["load"].format(variable))
        axis.set_title(common.title(run, language))
    return figure


if __name__ == "__main__":
    parser = common.arguments(__doc__.split("\n")[0])
    parser.add_argument("--variable", default="TN", help="a composite such as COD, TN, TP (default: TN)")
    given = parser.parse_args()
    common.save(draw(given.results, given.variable, given.language), given.output, "load-waterfall")
