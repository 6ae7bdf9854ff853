"""What the scripts share: reading results folders, words in two languages, fonts, saving."""
import argparse
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd
import xarray as xr
from matplotlib import font_manager

# Okabe and Ito 2008: told apart with every kind of colour vision, and in grey.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]
LIMIT = "#000000"
CHINESE_FONTS = ["Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
                 "Microsoft YaHei", "SimHei", "PingFang SC"]


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("results", nargs="+", type=Path, help="folders that `ciyao run` or `ciyao compare` left")
    parser.add_argument("--output", type=Path, default=Path("."), help="folder that takes NAME.png and NAME.svg (default: here)")
    parser.add_argument("--language", choices=["en", "zh"], default="en")
    return parser


def chinese_fonts():
    """Families installed that hold Chinese characters; those too that matplotlib's cache of fonts does not know yet."""
    def known():
        return [name for name in CHINESE_FONTS if name in {font.name for font in font_manager.fontManager.ttflist}]

    if not known():
        for path in sorted(font_manager.findSystemFonts()):
            if any(part in path for part in ["NotoSansCJK-Regular", "wqy-microhei", "wqy-zenhei", "SourceHanSansSC-Regular"]):
                font_manager.fontManager.addfont(path)
    return known()


def begin(language):
    """Sets fonts; returns the language that they can write."""
    chinese = chinese_fonts()
    if language == "zh" and not chinese:
        print("no Chinese font is installed, so the labels are English; on Debian: apt-get install fonts-noto-cjk", file=sys.stderr)
        language = "en"
    plt.rcParams.update({
        "font.family": ["DejaVu Sans"] + chinese[:1], "font.size": 9, "axes.spines.top": False, "axes.spines.right": False,
        "axes.unicode_minus": False, "axes.grid": True, "grid.color": "#dddddd", "axes.axisbelow": True, "figure.constrained_layout.use": True, "legend.frameon": False,
        "svg.hashsalt": "ciyao", "axes.titlesize": 10,
    })
    return language


def open_run(folder):
    """results.nc of a results folder, with a note of where it lies."""
    path = Path(folder) / "results.nc"
    if not path.exists():
        sys.exit(f"{path}: no such file; {folder} is no folder of results")
    run = xr.open_dataset(path)
    run.attrs["folder"] = str(folder)
    return run


def title(run, language):
    return run.attrs.get("title_zh", run.title) if language == "zh" else run.title


def compliance(run, section):
    """compliance.csv of a section; dates are the middle of each month."""
    table = pd.read_csv(Path(run.folder) / "compliance.csv")
    table = table[table.section == section]
    if table.empty:
        sys.exit(f"{run.folder}: no section {section} with a standard; there are {', '.join(judged_sections(run)) or 'none'}")
    return table


def judged_sections(run):
    return list(pd.read_csv(Path(run.folder) / "compliance.csv").section.unique())


def months(table, variable):
    """Judged value by month: one row a month, with `start` and `end`."""
    rows = table[(table.variable == variable) & table.period.str.match(r"\d{4}-\d{2}$")].copy()
    rows["start"] = pd.to_datetime(rows.period + "-01")
    rows["end"] = rows.start + pd.offsets.MonthBegin(1)
    return rows


def daily(run, composite):
    """Daily means of a composite, by day and node [mg/L]."""
    weights = run.composite_weight.sel(composite=composite)
    return xr.dot(run.concentration_daily, weights.astype("float32"), dim="component")


def of_node(run):
    """The node that each stream leaves: its name without the outlet."""
    return pd.Series([name.split(".")[0] for name in run.node.values], index=run.node.values)


def save(figure, folder, name):
    folder.mkdir(parents=True, exist_ok=True)
    figure.savefig(folder / f"{name}.png", dpi=150)
    figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
    print(f"{folder / name}.png and .svg")
