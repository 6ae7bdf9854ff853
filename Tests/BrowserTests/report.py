"""Opens a report in headless Chromium as a reader would, and holds what it shows against the files it is made from.

usage: report.py COMPARISON [--sweep SWEEP] [--shots FOLDER]

COMPARISON is a folder of `ciyao compare` of two scenarios with a graded section, overflows and observed values, with its report.html; SWEEP one of
`ciyao compare --sweep`. Each check prints a line; exits with 1 if any fails.
"""

import csv
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser  # noqa: E402

failures = []


def check(holds, what):
    print(("ok    " if holds else "FAILS ") + what)
    if not holds:
        failures.append(what)


# Text whose contrast with what lies behind it is below AA (4.5, of large text 3).
FAINT = """(() => {
  const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
  const parse = text => { const m = text.match(/[\\d.]+/g).map(Number); return { rgb: m.slice(0, 3), alpha: m[3] ?? 1 }; };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || element.closest('svg, script, style, noscript, [hidden]') || !element.getClientRects().length) continue;
    let behind = element, back = null;
    while (behind && !back) { const colour = parse(getComputedStyle(behind).backgroundColor); if (colour.alpha === 1) back = colour.rgb; behind = behind.parentElement; }
    const style = getComputedStyle(element), a = light(parse(style.color).rgb), b = light(back ?? [255, 255, 255]);
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05), size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && +style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) found.push(element.className + ' "' + walker.currentNode.textContent.trim().slice(0, 30) + '" ' + ratio.toFixed(2));
  }
  return found;
})()"""

# A drawn point in the middle of the first trace of a chart: where it lies on the screen, which trace, and its t [d].
POINT = """(() => {
  const chart = document.getElementById('series-chart'), trace = chart.data[0], run = JSON.parse(document.getElementById('data').textContent).runs[0];
  const series = run.series.find(s => s.stream === document.getElementById('series-stream').value && s.variable === 'COD');
  const k = Math.floor(series.rows.length * .6), layout = chart._fullLayout;
  chart.scrollIntoView({ block: 'center', behavior: 'instant' });
  const box = chart.getBoundingClientRect();
  return { row: series.rows[k], stream: series.stream, value: series.values[k], name: trace.name,
    x: box.left + layout.xaxis._offset + layout.xaxis.d2p(trace.x[k]), y: box.top + layout.yaxis._offset + layout.yaxis.d2p(trace.y[k]) };
})()"""


# What every page must hold at both widths, and what it has drawn of a chart.
def holds(browser, shots, name):
    for width, height in ((1440, 900), (390, 844)):
        browser.size(width, height)
        browser.wait(1.5)
        found = browser.value("document.documentElement.scrollWidth")
        check(found <= width, f"{name}: {width} pixels hold the page ({found})")
        if shots:
            browser.shot(os.path.join(shots, f"{name}-{width}.png"), full=True)
    browser.size(1440, 900)
    browser.wait(1)


def sweep(browser, folder, shots):
    table = list(csv.DictReader(open(os.path.join(folder, "sweep.csv"))))
    path = next(iter(table[0]))
    browser.open(os.path.join(folder, "report.html"))
    browser.wait(2)
    check(browser.problems() == [], f"the sweep opens without a word on the console {browser.problems()}")
    section = next(name for name in table[0] if name.endswith(".limiting"))[:-9]
    for substance in ("COD", "TP"):
        browser.value(f"(() => {{ const s = document.getElementById('sweep-substance-0'); s.value = '{substance}'; s.dispatchEvent(new Event('change')); }})()")
        browser.wait(0.5)
        drawn = browser.value("document.getElementById('sweep-chart-0').data.map(t => t.y)")
        loads = [float(row[f"{section}.{substance} [t]"]) for row in table]
        check(drawn[0] == loads, f"the curve of {substance} is that of sweep.csv, {loads}")
        less = [float(row[name]) for row in table[1:] for name in row if name.startswith(f"{section}.{substance} less")]
        check(drawn[1] == less, f"and what more of {path} keeps back, {less}")
    points = browser.value("document.querySelectorAll('#sweep-chart-0 .scatterlayer .point').length")
    check(points >= 2 * len(table), f"points are drawn ({points})")
    rows = browser.value("[...document.querySelectorAll('#sweep table')].map(t => t.tBodies[0].rows.length)")
    check(rows == [len(table)] * len(rows) and len(rows) > 1, f"every value has its row {rows}")
    faint = browser.value(FAINT)
    check(faint == [], f"the sweep's text has AA contrast {faint[:5]}")
    holds(browser, shots, "sweep")


def five(value):
    return float(f"{float(value):.5g}")


def main():
    folder = sys.argv[1]
    shots = sys.argv[sys.argv.index("--shots") + 1] if "--shots" in sys.argv else None
    page = os.path.join(folder, "report.html")
    names = json.load(open(os.path.join(folder, "manifest.json")))["compare"]
    manifest = json.load(open(os.path.join(folder, names[0], "manifest.json")))
    with Browser() as browser:
        browser.size(1440, 900)
        browser.open(page)
        browser.wait(2)
        check(browser.problems() == [], f"opens offline without a word on the console {browser.problems()}")

        for chart in ("series-chart", "profile-chart", "balance-chart", "evidence-chart"):
            drawn = browser.value(f"document.querySelectorAll('#{chart} .scatterlayer path.js-line, #{chart} .sankey-link, #{chart} .barlayer path').length")
            check(drawn > 3, f"{chart} has drawn ({drawn} lines, links or bars)")
        limits = browser.value("document.getElementById('series-chart').layout.annotations.map(a => a.text).filter(t => t.includes('≤')).length")
        check(limits >= 3, f"limits are drawn and named ({limits})")

        # A hover shows what the CSV says.
        point = browser.value(POINT)
        rows = list(csv.reader(open(os.path.join(folder, names[0], "timeseries.csv"))))
        column = rows[0].index(point["stream"] + ".COD [mg/L]")
        browser.hover(point["x"] - 40, point["y"] + 3)
        browser.hover(point["x"], point["y"])
        browser.wait(1)
        label = browser.value("document.querySelector('#series-chart .hoverlayer')?.textContent ?? ''")
        found = re.search(r"COD ([\d.]+) mg/L", label)
        moment = re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", label)
        # Of two points a pixel apart the pointer may find either: it is held against the row of the time that the label gives.
        stated = next((row for row in rows[1:] if moment and row[1][:16].replace("T", " ") == moment.group(0)), None)
        check(bool(found) and stated is not None and five(found.group(1)) == five(stated[column]), f"hover '{label}' equals timeseries.csv: {stated and stated[column]} at {stated and stated[1]}")
        check(stated is not None and abs(float(stated[0]) - float(rows[1 + point["row"]][0])) < 3, "near where the pointer is")

        # Observed values stand beside the simulated ones.
        observed = list(csv.DictReader(open(os.path.join(folder, names[0], "observed.csv"))))
        rings = browser.value("document.getElementById('series-chart').data.filter(t => t.name === 'observed').map(t => t.y)")
        known = [variable for variable in ("COD", "NH3-N", "TP", "flow") if any(row["variable"] == variable and row["section"] == point["stream"] for row in observed)]
        check(len(rings) == len(known) > 2, f"observed values are drawn once for each of {known}, though both runs have them ({len(rings)})")
        for variable, drawn in zip(known, rings):
            stated = [float(row["observed"]) for row in observed if row["variable"] == variable and row["section"] == point["stream"]]
            check(drawn == stated and len(stated) > 2, f"those of {variable} are the file's, {drawn[:3]} …")
        summary = {tuple(row[:4]): row[5] for row in csv.reader(open(os.path.join(folder, names[0], "summary.csv")))}
        bias = float(summary[("section", point["stream"], "COD", "PBIAS")])
        fits = browser.value("[...document.querySelectorAll('#fits tbody tr')].map(row => row.innerText)")
        own = [line for line in fits if names[0] in line and "COD" in line]
        check(len(own) == 1 and any(abs(float(cell.replace("−", "-").replace(" ", "")) - bias) < 0.01 * abs(bias) + 1e-3 for cell in own[0].split("\t")[4:6] if cell.strip("–")), f"PBIAS of COD, {bias:.4g}, stands in the table")

        # Single overflows, as events.csv has them.
        events = list(csv.DictReader(open(os.path.join(folder, names[0], "events.csv"))))
        weir = browser.value("document.getElementById('overflow-weir').value")
        bars = browser.value("(() => { const t = document.getElementById('overflow-chart').data[0]; return { name: t.name, volumes: t.customdata.map(c => c[2]) }; })()")
        stated = [float(f"{float(row['volume [m3]']) / 1000:.4g}") for row in events if f"{row['node']}.{row['outlet']}" == weir]
        check(bars["name"] == names[0] and len(stated) > 2 and all(abs(a - b) <= 1.1e-3 * b for a, b in zip(bars["volumes"], stated)) and len(bars["volumes"]) == len(stated), f"{len(stated)} events at {weir} are drawn")
        listed = browser.value("[...document.querySelectorAll('#events tbody tr')].map(row => row.innerText)")
        largest = max(events, key=lambda row: float(row["volume [m3]"]))
        check(largest["start"][:16].replace("T", " ") in listed[0], f"the largest, of {largest['start']}, stands first")

        # The waterfall ends at nothing, as the balance does.
        browser.value("document.querySelector('[data-balance=waterfall]').click()")
        browser.wait(1)
        fall = browser.value("(() => { const t = document.getElementById('balance-chart').data[0]; return { type: t.type, x: t.x, measure: t.measure, bars: document.querySelectorAll('#balance-chart .waterfalllayer .point').length }; })()")
        relative = [x for x, measure in zip(fall["x"], fall["measure"]) if measure == "relative"]
        check(fall["type"] == "waterfall" and fall["bars"] > 8, f"the waterfall has drawn ({fall['bars']} bars)")
        check(abs(sum(relative)) < 1e-3 * sum(x for x in relative if x > 0), f"and ends at {sum(relative):.3g} t")
        heights = browser.value("[document.getElementById('balance-chart').clientHeight, document.querySelector('#balance-chart .main-svg').getBoundingClientRect().height]")
        check(abs(heights[0] - heights[1]) < 2, f"at its own height {heights}")
        if shots:
            browser.value("document.getElementById('balance').scrollIntoView({ block: 'start', behavior: 'instant' })")
            browser.shot(os.path.join(shots, "waterfall.png"))
        browser.value("document.querySelector('[data-balance=sankey]').click()")
        browser.wait(1)

        # Evidence: a panel a run, and in each as many numbers as its manifest's counts.
        panels = browser.value("(() => { const c = document.getElementById('evidence-chart'), sums = {}; for (const t of c.data) sums[t.xaxis] = (sums[t.xaxis] ?? 0) + t.x.reduce((a, b) => a + b, 0); return sums; })()")
        shares = browser.value("[...document.querySelectorAll('#evidence > p')].map(p => p.innerText)")
        check(len(panels) == len(names) and all(f"/ {count}" in text for count, text in zip(panels.values(), shares)), f"evidence of every run {panels}")

        # The verdict is that of compliance.csv.
        judged = [row for row in csv.DictReader(open(os.path.join(folder, names[0], "compliance.csv"))) if row["period"] == "overall"]
        table = browser.value("[...document.querySelectorAll('#verdict tbody tr')].map(row => row.innerText)")
        for row in judged:
            word = {"true": "meets", "false": "exceeds", "": "no water"}[row["meets"]]
            held = [line for line in table if names[0] in line and row["variable"] in line and word in line]
            check(bool(held), f"verdict of {row['section']}: {word}, {row['variable']}")

        # The schematic answers a pointer and the keyboard.
        graded = next(section for section in manifest["chain"]["sections"] if section.get("standard", {}).get("grades"))
        edge = next(edge for edge in manifest["chain"]["edges"] if edge["from"] == graded["node"] and edge["outlet"] == graded["outlet"])
        tips = browser.value("[...document.querySelectorAll('.sheet:not([hidden]) div[lang=en] [data-tip]')].map(g => g.dataset.tip)")
        check(len(tips) > 20, f"boxes and lines of the schematic have figures ({len(tips)})")
        own = [tip for tip in tips if tip.startswith(graded["node"] + " → ")]
        drawn = [float(found.group(1).replace(" ", "")) for tip in own if (found := re.search(r"Q ([\d .]+) m³/d", tip))]
        check(any(abs(flow - edge["mean"]["flow"]) <= 0.5 for flow in drawn), f"the flow drawn at the section, {drawn}, is that of manifest.json, {edge['mean']['flow']:.1f}")
        spot = browser.value("(() => { const g = [...document.querySelectorAll('.sheet:not([hidden]) div[lang=en] g.node[data-tip]')].find(g => g.dataset.tip.includes('Q ')); g.scrollIntoView({ block: 'center', behavior: 'instant' }); const b = g.getBoundingClientRect(); return { x: b.left + b.width / 2, y: b.top + b.height / 2 }; })()")
        browser.hover(spot["x"], spot["y"])
        browser.wait(0.3)
        check("m³/d" in browser.value("document.getElementById('tip').hidden ? '' : document.getElementById('tip').textContent"), "a pointer on a box shows its figures")
        browser.hover(2, 2)
        browser.value("[...document.querySelectorAll('#flowsheet .controls button')].pop().focus()")
        browser.key("Tab", 9)
        browser.key("Tab", 9)
        browser.wait(0.3)
        check(browser.value("document.activeElement.closest('svg') !== null && !document.getElementById('tip').hidden"), "the Tab key reaches the schematic and shows figures")

        faint = browser.value(FAINT)
        check(faint == [], f"text has AA contrast {faint[:5]}")
        unnamed = browser.value("[...document.querySelectorAll('button, select, .chart')].filter(e => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length)).length")
        check(unnamed == 0, "every control and chart has a name")

        # Language.
        check(browser.value("document.documentElement.lang") == "en" and "Verdict" in browser.value("document.body.innerText"), "opens in English")
        browser.value("document.querySelector('[data-set-language=zh]').click()")
        browser.wait(1)
        shown = browser.value("document.body.innerText")
        check("断面是否达标" in shown and "溢流" in shown and "Does each section" not in shown, "switches to Chinese")
        check("流量" in browser.value("document.getElementById('series-chart').textContent") and "冬季" in browser.value("document.getElementById('profile-chart').textContent"), "charts too")
        check(browser.problems() == [], f"the switch is quiet {browser.problems()}")
        if shots:
            browser.value("scrollTo({top: 0, behavior: 'instant'})")
            browser.shot(os.path.join(shots, "zh.png"), full=True)
        browser.value("document.querySelector('[data-set-language=en]').click()")

        # Layout.
        browser.wait(1)
        wide = browser.value("document.documentElement.scrollWidth")
        check(wide <= 1440, f"1440 pixels hold the page ({wide})")
        if shots:
            browser.value("scrollTo({top: 0, behavior: 'instant'})")
            browser.shot(os.path.join(shots, "wide.png"), full=True)
        browser.size(390, 844)
        browser.wait(1.5)
        narrow = browser.value("document.documentElement.scrollWidth")
        check(narrow <= 390, f"390 pixels hold the page ({narrow})")
        chart = browser.value("document.querySelector('#series-chart .main-svg').getBoundingClientRect().width")
        check(chart <= 390, f"charts follow ({chart})")
        if shots:
            browser.shot(os.path.join(shots, "narrow.png"), full=True)
        browser.size(1440, 900)
        browser.wait(1)
        pdf = os.path.join(shots or folder, "report.pdf")
        browser.pdf(pdf)
        text = open(pdf, "rb").read()
        heights = browser.value("[...document.querySelectorAll('.js-plotly-plot')].map(chart => chart.querySelector('.main-svg').getBoundingClientRect().height)")
        check(min(heights) > 150, f"charts keep their height through printing {heights}")
        boxes = {tuple(round(float(v)) for v in box.split()) for box in re.findall(rb"/MediaBox \[([\d. ]+)\]", text)}
        check(bool(boxes) and all(abs(b[2] - 595) <= 1 and abs(b[3] - 842) <= 1 for b in boxes), f"prints on A4 {boxes}")
        check(browser.problems() == [], f"and quietly {browser.problems()}")
        if not shots:
            os.remove(pdf)
        if "--sweep" in sys.argv:
            sweep(browser, sys.argv[sys.argv.index("--sweep") + 1], shots)
    if failures:
        print(f"{len(failures)} of the checks fail")
        sys.exit(1)


if __name__ == "__main__":
    main()
