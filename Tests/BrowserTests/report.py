"""Opens a report in headless Chromium as a reader would, and holds what it shows against the files it is made from.

usage: report.py COMPARISON [--shots FOLDER]

COMPARISON is a folder of `ciyao compare` of two scenarios with a graded section, with its report.html. Each check prints a line; exits with 1 if any fails.
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
    if failures:
        print(f"{len(failures)} of the checks fail")
        sys.exit(1)


main()
