"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  const $ = id => document.getElementById(id);
  const colours = ["#0072b2", "#c2410c", "#00735c", "#a3397b", "#7a5c00", "#374151"];
  const dashes = ["solid", "dash", "dot", "dashdot", "longdash", "solid"];
  const symbols = ["circle", "square", "diamond", "triangle-up", "cross", "x"];
  const text = (en, zh) => root.lang === "zh" ? zh : en;
  const say = words => words[root.lang] ?? words.en;
  const several = data.runs.length > 1;
  const plots = typeof Plotly !== "undefined";
  const names = {
    flow: ["flow", "流量"], temperature: ["temperature", "水温"], DO: ["dissolved oxygen", "溶解氧"], "ice-thickness": ["ice thickness", "冰厚"],
    command: ["command", "控制量"], main: ["COD, NH3-N, TP and flow", "COD、NH3-N、TP 与流量"],
  };
  const nameOf = variable => names[variable] ? text(...names[variable]) : variable;
  const unitOf = variable => (data.variables[variable] ?? "mg/L").replace("m3", "m³").replace("degC", "°C");
  const date = (run, t) => run.start === undefined ? t : (run.start + t) * 86400000;
  const font = { family: getComputedStyle(document.body).fontFamily, size: 13, color: "#111827" };
  const config = { responsive: true, displaylogo: false, modeBarButtonsToRemove: ["lasso2d", "select2d"], displayModeBar: innerWidth < 700 ? false : "hover" };
  const base = extra => Object.assign({ font, margin: { l: 64, r: 20, t: 26, b: 40 }, paper_bgcolor: "#fff", plot_bgcolor: "#fff", hoverlabel: { font: { size: 13 } },
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" } }, extra);
  const axis = extra => Object.assign({ gridcolor: "#e5e7eb", linecolor: "#6b7280", zerolinecolor: "#9ca3af", ticks: "outside", tickcolor: "#9ca3af", automargin: true }, extra);
  const isNarrow = innerWidth < 700;
  // The element has the height, so that whatever resizes the chart keeps it.
  const react = (id, traces, layout) => {
    const { height, ...rest } = layout;
    $(id).style.height = height + "px";
    return Plotly.react($(id), traces, rest, config);
  };
  const fill = (select, options) => {
    const kept = select.value;
    select.replaceChildren(...options.map(([value, label]) => Object.assign(document.createElement("option"), { value, textContent: label })));
    if (options.some(([value]) => value === kept)) select.value = kept;
  };

  // ------------------------------------------------------------------ time series
  const streams = data.streams.filter(stream => data.runs.some(run => run.series.some(series => series.stream === stream.name)));
  const seriesOf = (run, stream, variable) => run.series.find(series => series.stream === stream && series.variable === variable);
  const variablesOf = stream => [...new Set(data.runs.flatMap(run => run.series.filter(series => series.stream === stream).map(series => series.variable)))];

  function seriesChoices() {
    fill($("series-stream"), streams.map(stream => [stream.name, say(stream.title) + (say(stream.title) === stream.name ? "" : " (" + stream.name + ")")]));
    const all = variablesOf($("series-stream").value), main = ["COD", "NH3-N", "TP", "flow"].filter(variable => all.includes(variable));
    fill($("series-variable"), [...(main.length > 1 ? [["main", nameOf("main")]] : []), ...all.map(variable => [variable, nameOf(variable)])]);
  }

  function drawSeries() {
    if (!streams.length) return;
    seriesChoices();
    const stream = $("series-stream").value, chosen = $("series-variable").value, all = variablesOf(stream);
    const shown = chosen === "main" ? ["COD", "NH3-N", "TP", "flow"].filter(variable => all.includes(variable)) : [chosen];
    tableOfSeries(stream, shown);
    if (!plots) return;
    const traces = [], shapes = [], annotations = [], layout = base({ hovermode: "closest", height: 130 + 190 * shown.length, shapes, annotations, margin: { l: 56, r: 20, t: isNarrow ? 50 + 46 * data.runs.length : 70, b: 44 } });
    layout.legend = { orientation: "h", x: 0, y: 1 + 26 / (layout.height - layout.margin.t - layout.margin.b), yanchor: "bottom" };
    const gap = 0.09, share = (1 - gap * (shown.length - 1)) / shown.length;
    const dated = data.runs.every(run => run.start !== undefined);
    shown.forEach((variable, row) => {
      const number = row ? String(row + 1) : "", top = 1 - row * (share + gap);
      layout["yaxis" + number] = axis({ domain: [top - share, top], rangemode: "tozero", anchor: "x" });
      annotations.push({ xref: "paper", x: 0, xanchor: "left", yref: "paper", y: top, yanchor: "bottom", showarrow: false, text: "<b>" + nameOf(variable) + "</b>, " + unitOf(variable), font: { size: 13 } });
      const limits = data.limits.filter(limit => limit.section === stream && limit.variable === variable);
      for (const limit of limits) {
        shapes.push({ type: "line", xref: "paper", x0: 0, x1: 1, yref: "y" + number, y0: limit.value, y1: limit.value, line: { color: "#111827", width: 1.5, dash: "dash" } });
        annotations.push({ xref: "paper", x: 1, xanchor: "right", yref: "y" + number, y: limit.value, yanchor: "bottom", showarrow: false, font: { size: 11 },
          text: limit.standard + " " + (limit.isMinimum ? "≥ " : "≤ ") + limit.value, bgcolor: "rgba(255,255,255,.75)" });
      }
      data.runs.forEach((run, index) => {
        const series = seriesOf(run, stream, variable), colour = colours[index % colours.length], dash = dashes[index % dashes.length];
        if (series) traces.push({ type: "scatter", mode: "lines", x: series.rows.map(row => date(run, run.times[row])), y: series.values,
          xaxis: "x", yaxis: "y" + number, name: run.name, legendgroup: run.name, showlegend: row === 0, line: { color: colour, width: 1, dash: several ? dash : "solid" }, opacity: .8, connectgaps: false,
          hovertemplate: "<b>" + run.name + "</b><br>" + (dated ? "%{x|%Y-%m-%d %H:%M}" : "t = %{x} d") + "<br>" + nameOf(variable) + " %{y:.5~g} " + unitOf(variable) + "<extra></extra>" });
        const judged = run.judged.find(judged => judged.section === stream && judged.variable === variable);
        if (judged?.months.length) {
          const x = [], y = [];
          for (const month of judged.months) { x.push(date(run, month.from), date(run, month.to), date(run, month.to)); y.push(month.value ?? null, month.value ?? null, null); }
          traces.push({ type: "scatter", mode: "lines", x, y, xaxis: "x", yaxis: "y" + number, name: run.name + " · " + text("judged", "评价值"), legendgroup: run.name + " judged", showlegend: row === 0,
            line: { color: colour, width: 3.5, dash: several ? dash : "solid" }, hovertemplate: "<b>" + run.name + "</b> " + text("judged value of the month", "月评价值") + "<br>" + variable + " %{y:.4~g} " + unitOf(variable) + "<extra></extra>" });
        }
      });
    });
    layout.xaxis = axis({ anchor: "y" + (shown.length > 1 ? shown.length : ""), type: dated ? "date" : "linear", title: dated ? undefined : { text: "t, d" }, domain: [0, 1] });
    if (dated && root.lang === "zh") Object.assign(layout.xaxis, { tickformatstops: [{ dtickrange: [null, 86400000], value: "%m-%d\n%H:%M" }, { dtickrange: [86400000, "M1"], value: "%m-%d\n%Y" }, { dtickrange: ["M1", "M12"], value: "%Y-%m" }, { dtickrange: ["M12", null], value: "%Y" }] });
    react("series-chart", traces, layout);
  }

  function tableOfSeries(stream, shown) {
    const details = $("series-table");
    const make = () => {
      if (!details.open) return;
      // Means by calendar month of what is drawn; without a calendar, of tenths of the run.
      const table = document.createElement("table"), head = table.createTHead().insertRow(), body = table.createTBody();
      const cell = (row, tag, content, number) => { const made = document.createElement(tag); made.textContent = content; if (number) made.className = "n"; if (tag === "th") made.scope = row === head ? "col" : "row"; row.append(made); };
      cell(head, "th", text("month", "月份"));
      const columns = shown.flatMap(variable => data.runs.map(run => ({ run, variable, series: seriesOf(run, stream, variable) })).filter(column => column.series));
      for (const column of columns) cell(head, "th", nameOf(column.variable) + " " + unitOf(column.variable) + (several ? " · " + column.run.name : ""), true);
      const months = new Map();
      columns.forEach((column, index) => column.series.rows.forEach((row, k) => {
        const value = column.series.values[k];
        if (value === null || value === undefined) return;
        const t = column.run.times[row], last = column.run.times[column.run.times.length - 1];
        const key = column.run.start === undefined ? "t " + Math.min(9, Math.floor(10 * t / last)) + "/10" : new Date(date(column.run, Math.min(t, last - 1e-6))).toISOString().slice(0, 7);
        if (!months.has(key)) months.set(key, columns.map(() => [0, 0]));
        const sums = months.get(key)[index];
        sums[0] += value; sums[1] += 1;
      }));
      for (const [key, sums] of months) { const row = body.insertRow(); cell(row, "th", key); for (const [sum, count] of sums) cell(row, "td", count ? String(+(sum / count).toPrecision(4)) : "–", true); }
      details.querySelector(".scroll").replaceChildren(table);
    };
    details.ontoggle = make;
    make();
  }

  // ------------------------------------------------------------------ river profile
  function drawProfile() {
    const paths = data.runs[0].profiles ?? [], select = $("profile-path");
    if (!select || !paths.length) return;
    fill(select, paths.map((path, index) => [String(index), say(path.head)]));
    const known = Object.keys(paths[0].points[0].mean), order = ["COD", "NH3-N", "TP", "TN", "DO", "BOD5"].filter(name => known.includes(name));
    fill($("profile-variable"), [...order, ...known.filter(name => !order.includes(name)).sort()].map(name => [name, nameOf(name)]));
    if (!plots) return;
    const variable = $("profile-variable").value, head = paths[+select.value].head.en, section = paths[+select.value].section, traces = [];
    data.runs.forEach((run, index) => {
      const path = run.profiles.find(path => path.head.en === head && path.section === section);
      if (!path) return;
      for (const [season, label, dash, symbol] of [["winter", text("winter", "冬季"), "solid", "circle"], ["summer", text("summer", "夏季"), "dot", "diamond-open"]]) {
        if (!path.points.some(point => point[season])) continue;
        traces.push({ type: "scatter", mode: "lines+markers", name: (several ? run.name + " · " : "") + label, x: path.points.map(point => point.distance), y: path.points.map(point => point[season]?.[variable] ?? null),
          text: path.points.map(point => say(point.title)), line: { color: several ? colours[index % colours.length] : season === "winter" ? "#0072b2" : "#c2410c", dash, width: 2.5 }, marker: { symbol, size: 9 },
          hovertemplate: "<b>%{text}</b><br>" + (several ? run.name + ", " : "") + label + "<br>" + variable + " %{y:.4~g} " + unitOf(variable) + "<br>%{x} km<extra></extra>" });
      }
      if (!path.points.some(point => point.winter || point.summer)) traces.push({ type: "scatter", mode: "lines+markers", name: run.name, x: path.points.map(point => point.distance), y: path.points.map(point => point.mean[variable] ?? null),
        text: path.points.map(point => say(point.title)), line: { color: colours[index % colours.length], width: 2.5 }, hovertemplate: "<b>%{text}</b><br>" + variable + " %{y:.4~g} " + unitOf(variable) + "<extra></extra>" });
    });
    const limits = data.limits.filter(limit => limit.section === section && limit.variable === variable), points = paths[+select.value].points;
    react("profile-chart", traces, base({ height: 430, hovermode: "closest", margin: { l: 64, r: 20, t: isNarrow ? 40 + 44 * data.runs.length : 40, b: 50 },
      xaxis: axis({ autorange: "reversed", title: { text: text("km to the section", "距断面,km") } }),
      yaxis: axis({ title: { text: nameOf(variable) + ", " + unitOf(variable) }, rangemode: "tozero" }),
      shapes: [...limits.map(limit => ({ type: "line", xref: "paper", x0: 0, x1: 1, y0: limit.value, y1: limit.value, line: { color: "#111827", dash: "dash", width: 1.5 } })),
        ...points.map(point => ({ type: "line", x0: point.distance, x1: point.distance, yref: "paper", y0: 0, y1: 1, line: { color: "#e5e7eb", width: 1 }, layer: "below" }))],
      annotations: limits.map(limit => ({ xref: "paper", x: 0, xanchor: "left", y: limit.value, yanchor: "bottom", showarrow: false, text: limit.standard + " " + (limit.isMinimum ? "≥ " : "≤ ") + limit.value, font: { size: 11 } })) }));
  }

  // ------------------------------------------------------------------ load balance
  function drawBalance() {
    const runSelect = $("balance-run"), substance = $("balance-substance");
    if (runSelect) fill(runSelect, data.runs.map((run, index) => [String(index), run.name]));
    const run = data.runs[runSelect ? +runSelect.value : 0];
    fill(substance, run.balances.map(balance => [balance.substance, { N: text("nitrogen (N)", "氮(N)"), P: text("phosphorus (P)", "磷(P)") }[balance.substance] ?? balance.substance]));
    const balance = run.balances.find(balance => balance.substance === substance.value);
    if (!balance || !plots) return;
    const total = balance.inputs.reduce((sum, term) => sum + term.amount, 0) + Math.max(0, -balance.stored), least = Math.max(total * 0.002, 1e-12);
    const labels = [], colour = [], index = new Map(), links = { source: [], target: [], value: [], color: [] };
    const node = (key, label, tone) => { if (!index.has(key)) { index.set(key, labels.length); labels.push(label); colour.push(tone); } return index.get(key); };
    const link = (from, to, value, tone) => { if (value > least) { links.source.push(from); links.target.push(to); links.value.push(value); links.color.push(tone); } };
    const chain = node("chain", text("the chain", "全链条"), "#374151");
    for (const term of balance.inputs) if (term.amount > least) link(node("in " + term.label.en, say(term.label), "#0072b2"), chain, term.amount, "rgba(0,114,178,.35)");
    if (-balance.stored > least) link(node("drawn", text("held less at the end", "期末蓄积减少"), "#56748f"), chain, -balance.stored, "rgba(86,116,143,.35)");
    const places = new Map();
    for (const removal of balance.removals) places.set(removal.place.en, (places.get(removal.place.en) ?? 0) + removal.amount);
    for (const removal of balance.removals) {
      if (removal.amount <= least) continue;
      const place = node("at " + removal.place.en, say(removal.place), "#7a5c00"), fate = node("to " + removal.sink.en, say(removal.sink), "#00735c");
      link(place, fate, removal.amount, "rgba(0,115,92,.35)");
    }
    for (const removal of balance.removals) if (index.has("at " + removal.place.en) && places.has(removal.place.en)) { link(chain, index.get("at " + removal.place.en), places.get(removal.place.en), "rgba(122,92,0,.3)"); places.delete(removal.place.en); }
    for (const term of balance.left) if (term.amount > least) link(chain, node("out " + term.label.en, text("out: ", "输出:") + say(term.label), "#c2410c"), term.amount, "rgba(194,65,12,.4)");
    if (balance.stored > least) link(chain, node("stored", text("held more at the end", "期末蓄积增加"), "#56748f"), balance.stored, "rgba(86,116,143,.35)");
    // Shares beside the names, so that a printed picture tells numbers too.
    const flow = labels.map((_, i) => Math.max(links.value.reduce((sum, v, k) => sum + (links.source[k] === i ? v : 0), 0), links.value.reduce((sum, v, k) => sum + (links.target[k] === i ? v : 0), 0)));
    react("balance-chart", [{ type: "sankey", arrangement: "snap", valueformat: ".4~g", valuesuffix: " t", textfont: { size: 12, color: "#111827", shadow: "none" },
      node: { label: labels.map((label, i) => label + " " + (+flow[i].toPrecision(3)) + " t"), color: colour, pad: 12, thickness: 14, line: { width: 0 } }, link: links }],
      base({ height: 560, margin: { l: 10, r: 10, t: 34, b: 14 } }));
  }

  // ------------------------------------------------------------------ evidence
  function drawEvidence() {
    if (!plots) return;
    const run = data.runs[0], tones = ["#0b5394", "#3d9fd6", "#00735c", "#b6a100", "#c2410c", "#9ca3af", "#d1d5db"], patterns = ["", "/", "x", "-", "", ".", ""];
    const rows = [...run.evidence].reverse();
    react("evidence-chart", data.evidenceKinds.map((kind, index) => ({ type: "bar", orientation: "h", name: say(kind), y: rows.map(row => say(row.label)), x: rows.map(row => row.counts[index]),
      marker: { color: tones[index], line: { color: "#fff", width: .5 }, pattern: { shape: patterns[index], fillmode: "overlay", fgcolor: "#fff", size: 7, solidity: .2 } }, hovertemplate: "%{y}: %{x} " + say(kind) + "<extra></extra>" })).filter(trace => trace.x.some(count => count)),
      base({ barmode: "stack", height: 90 + 20 * rows.length, margin: { l: 140, r: 20, t: 30, b: 40 }, xaxis: axis({ title: { text: text("numbers" + (several ? " of " + run.name : ""), "数值个数" + (several ? "(" + run.name + ")" : "")) } }), yaxis: axis({ tickfont: { size: 12 } }),
        legend: { orientation: "h", x: 0, y: 1.01, yanchor: "bottom", traceorder: "normal" } }));
  }

  // ------------------------------------------------------------------ flowsheet
  const tip = $("tip"), sheetState = { run: "0", detail: null, size: isNarrow ? "full" : "fit" };
  function showSheet() {
    const sheets = [...document.querySelectorAll(".sheet")];
    const own = sheets.filter(sheet => sheet.dataset.run === sheetState.run);
    const shown = own.find(sheet => sheet.dataset.detail === sheetState.detail) ?? own[0];
    for (const sheet of sheets) {
      sheet.hidden = sheet !== shown;
      sheet.classList.toggle("fit", sheetState.size === "fit");
      for (const svg of sheet.querySelectorAll("svg")) {
        const width = +svg.dataset.width;
        svg.style.width = sheetState.size === "fit" ? "" : width * 4 / 3 + "px";
        svg.style.maxWidth = sheetState.size === "fit" ? width * 4 / 3 * 1.3 + "px" : "none";
      }
    }
    const press = (key, value) => document.querySelectorAll("[data-sheet-" + key + "]").forEach(button => button.setAttribute("aria-pressed", String(button.getAttribute("data-sheet-" + key) === value)));
    press("run", String(+sheetState.run + 1)); press("detail", shown?.dataset.detail); press("size", sheetState.size);
  }
  const place = (x, y) => {
    tip.style.left = Math.max(8, Math.min(x + 14, innerWidth - tip.offsetWidth - 8)) + "px";
    tip.style.top = Math.max(8, y + 18 + tip.offsetHeight > innerHeight ? y - tip.offsetHeight - 12 : y + 18) + "px";
  };
  for (const item of document.querySelectorAll(".sheet g.node, .sheet g.edge")) {
    const link = item.querySelector("a"), content = (link?.getAttribute("xlink:title") ?? link?.getAttributeNS("http://www.w3.org/1999/xlink", "title") ?? "").trim();
    item.querySelectorAll("title").forEach(title => title.remove());
    link?.removeAttribute("xlink:title"); link?.removeAttributeNS("http://www.w3.org/1999/xlink", "title");
    if (!content) continue;
    item.dataset.tip = content;
    item.setAttribute("tabindex", "0"); item.setAttribute("role", "img"); item.setAttribute("aria-label", content.replaceAll("\n", ", "));
    const show = (x, y) => { tip.textContent = content; tip.hidden = false; place(x, y); };
    item.addEventListener("pointermove", event => show(event.clientX, event.clientY));
    item.addEventListener("pointerleave", () => { tip.hidden = true; });
    item.addEventListener("focus", () => { const box = item.getBoundingClientRect(); show(box.left + box.width / 2, box.top + box.height / 2); });
    item.addEventListener("blur", () => { tip.hidden = true; });
  }
  document.querySelectorAll(".sheet svg").forEach(svg => svg.querySelectorAll("g.graph > title").forEach(title => title.remove()));
  document.addEventListener("keydown", event => { if (event.key === "Escape" && tip) tip.hidden = true; });
  for (const [key, convert] of [["run", value => String(value - 1)], ["detail", value => value], ["size", value => value]])
    document.querySelectorAll("[data-sheet-" + key + "]").forEach(button => button.addEventListener("click", () => { sheetState[key] = convert(button.getAttribute("data-sheet-" + key)); showSheet(); }));
  // An edge is thin: a wide invisible line over it catches the pointer.
  document.querySelectorAll(".sheet g.edge path").forEach(path => { const wide = path.cloneNode(); wide.setAttribute("stroke", "transparent"); wide.setAttribute("stroke-width", "12"); wide.removeAttribute("stroke-dasharray"); path.after(wide); });

  // ------------------------------------------------------------------ language, choices, print
  function draw() { drawSeries(); drawProfile(); drawBalance(); drawEvidence(); }
  function setLanguage(language) {
    root.lang = language;
    document.querySelectorAll("[data-set-language]").forEach(button => button.setAttribute("aria-pressed", String(button.dataset.setLanguage === language)));
    document.querySelectorAll("[data-en]").forEach(cell => { cell.title = cell.dataset[language]; });
    draw();
  }
  document.querySelectorAll("[data-set-language]").forEach(button => button.addEventListener("click", () => setLanguage(button.dataset.setLanguage)));
  $("series-stream").addEventListener("change", drawSeries); $("series-variable").addEventListener("change", drawSeries);
  for (const id of ["profile-path", "profile-variable"]) $(id)?.addEventListener("change", drawProfile);
  for (const id of ["balance-run", "balance-substance"]) $(id)?.addEventListener("change", drawBalance);
  const charts = () => plots ? [...document.querySelectorAll(".js-plotly-plot")] : [];
  // Paper is narrower. What glides to a new place, as a Sankey diagram does, is scaled instead: the printer does not wait.
  const glides = chart => chart.data[0]?.type === "sankey";
  addEventListener("beforeprint", () => charts().forEach(chart => { if (glides(chart)) chart.style.zoom = 690 / chart.clientWidth; else Plotly.relayout(chart, { width: 690, height: chart.clientHeight, autosize: false }); }));
  addEventListener("afterprint", () => charts().forEach(chart => { if (glides(chart)) chart.style.zoom = ""; else Plotly.relayout(chart, { width: null, height: null, autosize: true }); }));
  showSheet();
  setLanguage(root.lang);
})();
