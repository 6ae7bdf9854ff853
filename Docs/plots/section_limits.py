#!/usr/bin/env python3
"""Time series of a section against its limits: thin line every report time, thick line what each month is judged by, points observed.

    section_limits.py results/near-term results/long-term --section exit
"""
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

import common

WORDS = {
    "en": {"limit": "limit", "judged": "judged by month", "observed": "observed"},
    "zh": {"limit": "标准限值", "judged": "逐月评价值", "observed": "实测"},
}


def draw(folders, section="exit", language="en"):
    language = common.begin(language)
    words, runs = WORDS[language], [common.open_run(folder) for folder in folders]
    tables = [common.compliance(run, section) for run in runs]
    variables = [name for name in tables[0][tables[0].period == "all"].variable]
    figure, axes = plt.subplots((len(variables) + 1) // 2, 2, figsize=(11, 2.3 * ((len(variables) + 1) // 2)), sharex=True, squeeze=False)
    for axis, variable in zip(axes.flat, variables):
        for run, table, colour in zip(runs, tables, common.COLOURS):
            series = run[variable.replace("-", "_")].sel(node=section)
            axis.plot(series.time, series, color=colour, linewidth=0.4, alpha=0.5)
            judged = common.months(table, variable)
            first, last = series.time.values[[0, -1]]
            axis.hlines(judged.value, judged.start.clip(lower=first), judged.end.clip(upper=last), color=colour, linewidth=2.2, label=f"{common.title(run, language)}, {words['judged']}")
            observed = Path(run.folder) / "observed.csv"
            if observed.exists():
                points = pd.read_csv(observed, parse_dates=["time"])
                points = points[(points.section == section) & (points.variable == variable)]
                if len(points):
                    axis.plot(points.time, points.observed, "o", markersize=3, markerfacecolor="none", color=colour, label=words["observed"])
        limits = tables[0][tables[0].variable == variable]
        axis.axhline(limits.limit.iloc[0], color=common.LIMIT, linestyle="--", linewidth=1, label=words["limit"])
        # A peak of hours must not flatten the months.
        highest = max([limits.limit.iloc[0]] + [run[variable.replace("-", "_")].sel(node=section).quantile(0.98).item() for run in runs])
        axis.set_ylim(0, 1.1 * highest)
        axis.set_ylabel(f"{variable} [{limits.unit.iloc[0]}]")
    for axis in axes.flat[len(variables):]:
        axis.set_visible(False)
    for axis in axes.flat[:len(variables)][-2:]:
        axis.tick_params("x", labelbottom=True, rotation=30)
    handles = {label: handle for axis in axes.flat for handle, label in zip(*axis.get_legend_handles_labels())}
    figure.legend(handles.values(), handles.keys(), loc="outside upper center", ncols=2)
    return figure


if __name__ == "__main__":
    parser = common.arguments(__doc__.split("\n")[0])
    parser.add_argument("--section", default="exit")
    given = parser.parse_args()
    common.save(draw(given.results, given.section, given.language), given.output, "section-limits")
