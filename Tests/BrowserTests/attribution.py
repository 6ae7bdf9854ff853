"""Opens the page of `ciyao attribute` in headless Chromium as a reader would, and holds what it shows against the files it is made from.

usage: attribution.py FOLDER [--shots FOLDER]

FOLDER holds a study with labels, zero-outs and marginals by month, and its report.html. Each check prints a line; exits with 1 if any fails.
"""

import csv
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser  # noqa: E402
from report import FAINT, check, failures, holds  # noqa: E402


def choose(browser, name, value):
    browser.value(f"(() => {{ const s = document.getElementById('{name}'); s.value = '{value}'; s.dispatchEvent(new Event('change')); }})()")
    browser.wait(0.6)


def main():
    folder = sys.argv[1]
    shots = sys.argv[sys.argv.index("--shots") + 1] if "--shots" in sys.argv else None
    numbers = list(csv.DictReader(open(os.path.join(folder, "attribution.csv"))))
    fates = list(csv.DictReader(open(os.path.join(folder, "fates.csv"))))
    manifest = json.load(open(os.path.join(folder, "manifest.json")))
    with Browser() as browser:
        browser.open(os.path.join(folder, "report.html"))
        browser.wait(2)
        check(browser.problems() == [], f"opens without a word on the console and asks the network for nothing {browser.problems()}")

        # Bars: each question in a panel of its own, with the file's numbers.
        for period in ("all", manifest["periods"][-1]):
            choose(browser, "bars-variable", "COD")
            choose(browser, "bars-group", "source")
            choose(browser, "bars-period", period)
            drawn = browser.value("document.getElementById('bars-chart').data.map(t => t.y.map((place, k) => [t.customdata[k][0], t.x[k]]))")
            rows = {row["name"]: row for row in numbers if row["group"] == "source" and row["variable"] == "COD" and row["period"] == period}
            columns = ["tag [kg]", "zero-out [kg]"] + [f"marginal {kind} [kg/kg]" for kind in ("load", "water") if any(row[f"marginal {kind} [kg/kg]"] for row in numbers)]
            check(len(drawn) == len(columns), f"{period}: a panel each for {', '.join(columns)} ({len(drawn)})")
            for panel, column in zip(drawn, columns):
                check(panel != [] and all(x == (float(rows[name][column]) if rows[name][column] else None) for name, x in panel), f"{period}: bars of {column} are those of attribution.csv")
        titles = browser.value("[...document.querySelectorAll('#bars-chart .annotation-text')].map(t => t.textContent)")
        check("label" in titles[0] and "zero-out" in titles[1], f"panels say what they are {titles}")

        # Flows: what comes in at each middle node goes out, and what passes the section is fates.csv's.
        for substance in sorted({row["substance"] for row in fates}):
            for period in ("all", manifest["periods"][-1]):
                choose(browser, "ways-substance", substance)
                choose(browser, "ways-period", period)
                flows = browser.value("(() => { const t = document.getElementById('ways-chart').data[0]; return { source: t.link.source, target: t.link.target, value: t.link.value, label: t.node.label }; })()")
                links = list(zip(flows["source"], flows["target"], flows["value"]))
                middle = {a for a, _, _ in links} & {b for _, b, _ in links}
                worst = max(abs(sum(v for _, b, v in links if b == node) - sum(v for a, _, v in links if a == node)) / sum(v for _, b, v in links if b == node) for node in middle)
                check(worst < 1e-9, f"{substance}, {period}: flows balance at {len(middle)} nodes ({worst:.1e})")
                passed = sum(float(row["kg"]) for row in fates if row["substance"] == substance and row["period"] == period and row["fate"] == "section")
                shown = sum(v for _, b, v in links if flows["label"][b].startswith("past the section"))
                check(abs(shown - passed) <= 1e-9 * passed, f"{substance}, {period}: {shown:.6g} kg pass the section")
        drawn = browser.value("document.querySelectorAll('#ways-chart .sankey-link').length")
        check(drawn == len(links), f"all {len(links)} flows are drawn ({drawn})")

        faint = browser.value(FAINT)
        check(faint == [], f"text has AA contrast {faint[:5]}")
        unnamed = browser.value("[...document.querySelectorAll('button, select, .chart')].filter(e => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length)).length")
        check(unnamed == 0, "every control and chart has a name")
        check("Whose load passes" in browser.value("document.body.innerText"), "opens in English")
        browser.value("document.querySelector('[data-set-language=zh]').click()")
        browser.wait(1)
        shown = browser.value("document.body.innerText")
        check("谁的负荷通过断面" in shown and "Whose load passes" not in shown, "switches to Chinese")
        check("标签份额" in browser.value("document.getElementById('bars-chart').textContent") and "通过断面" in browser.value("document.getElementById('ways-chart').textContent"), "charts too")
        browser.value("document.querySelector('[data-set-language=en]').click()")
        browser.wait(1)
        holds(browser, shots, "attribution")
        check(browser.problems() == [], f"and all quietly {browser.problems()}")
    if failures:
        print(f"{len(failures)} of the checks fail")
        sys.exit(1)


main()
