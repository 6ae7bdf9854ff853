#!/usr/bin/env python3
"""Near against long term: what each month is judged by at a section, and what runs over untreated.

    near_long.py results/near-term results/long-term --section exit --overflow gate-intake.overflow
"""
import sys

import matplotlib.pyplot as plt
import numpy as np

import common

WORDS = {
    "en": {"limit": "limit", "overflow": "untreated at\n{} [1000 m³]", "month": "month"},
    "zh": {"limit": "标准限值", "overflow": "{}\n溢流量 [千 m³]", "month": "月份"},
}


def draw(folders, section="exit", overflow="gate-intake.overflow", language="en"):
    language = common.begin(language)
    words, runs = WORDS[language], [common.open_run(folder) for folder in folders]
    tables = [common.compliance(run, section) for run in runs]
    panels = [name for name in ["COD", "NH3-N", "TP"] if name in set(tables[0].variable)]
    shown = all(overflow in run.node.values for run in runs)
    if not shown:
        print(f"no outlet {overflow} in all runs: its volumes are left out", file=sys.stderr)
    figure, axes = plt.subplots(len(panels) + shown, 1, figsize=(10, 2.2 * (len(panels) + shown)), sharex=True, squeeze=False)
    axes, width = axes[:, 0], 0.8 / len(runs)
    for number, (run, table) in enumerate(zip(runs, tables)):
        periods = list(common.months(table, panels[0]).period)
        place = np.arange(len(periods)) + (number - (len(runs) - 1) / 2) * width
        style = {"width": 0.92 * width, "color": common.COLOURS[number], "label": common.title(run, language)}
        for axis, variable in zip(axes, panels):
            axis.bar(place, common.months(table, variable).value, **style)
        if shown:
            volume = run.flow_daily.sel(node=overflow).resample(day="MS").sum().values / 1000
            axes[-1].bar(place, volume[:len(periods)], **style)
        axes[-1].set_xticks(range(len(periods)), periods, rotation=30)
    for axis, variable in zip(axes, panels):
        rows = tables[0][tables[0].variable == variable]
        axis.axhline(rows.limit.iloc[0], color=common.LIMIT, linestyle="--", linewidth=1, label=words["limit"])
        axis.set_ylabel(f"{variable} [{rows.unit.iloc[0]}]")
    if shown:
        axes[-1].set_ylabel(words["overflow"].format(overflow.split(".")[0]))
    for axis in axes:
        axis.grid(axis="x", visible=False)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure


if __name__ == "__main__":
    parser = common.arguments(__doc__.split("\n")[0])
    parser.add_argument("--section", default="exit")
    parser.add_argument("--overflow", default="gate-intake.overflow", help="outlet whose water is untreated")
    given = parser.parse_args()
    common.save(draw(given.results, given.section, given.overflow, given.language), given.output, "near-long")
