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
  const config = { responsive: true, displaylogo: false, modeBarButtonsToRemove: ["lasso2d", "select2d"], displayModeBar: root.clientWidth < 700 ? false : "hover" };
  const base = extra => Object.assign({ font, margin: { l: 64, r: 20, t: 26, b: 40 }, paper_bgcolor: "#fff", plot_bgcolor: "#fff", hoverlabel: { font: { size: 13 } },
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" } }, extra);
  const axis = ({ title, ...extra }) => Object.assign({ ...(title ? { title: { font: { size: 13 }, ...title } } : {}), gridcolor: "#e5e7eb", linecolor: "#6b7280", zerolinecolor: "#9ca3af", ticks: "outside", tickcolor: "#9ca3af", automargin: true }, extra);
  const isNarrow = root.clientWidth < 700;
  const chineseDates = [{ dtickrange: [null, 86400000], value: "%m-%d\n%H:%M" }, { dtickrange: [86400000, "M1"], value: "%m-%d\n%Y" }, { dtickrange: ["M1", "M12"], value: "%Y-%m" }, { dtickrange: ["M12", null], value: "%Y" }];
  // The element has the height, so that whatever resizes the chart keeps it.
  const react = (id, traces, layout) => {
    const { height, ...rest } = layout, element = $(id), isOther = element.style.height !== "" && element.style.height !== height + "px";
    element.style.height = height + "px";
    Plotly.react(element, traces, rest, config);
    // A drawn chart does not look whether its element has grown.
    if (isOther) Plotly.Plots.resize(element);
  };
  const fill = (select, options) => {
    const kept = select.value;
    select.replaceChildren(...options.map(([value, label]) => Object.assign(document.createElement("option"), { value, textContent: label })));
    if (options.some(([value]) => value === kept)) select.value = kept;
  };

  // ------------------------------------------------------------------ time series
  const streams = data.streams.filter(stream => data.runs.some(run => run.series.some(series => series.stream === stream.name)));
  const seriesOf = (run, stream, variable) => run.series.find(series => series.stream === stream && series.variable === variable);
  const observedAt = (run, stream) => run.observed.filter(observed => observed.section === stream);
  const variablesOf = stream => [...new Set(data.runs.flatMap(run => [...run.series.filter(series => series.stream === stream), ...observedAt(run, stream)].map(series => series.variable)))];

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
    // On narrow pages each name of the legend has a line of its own.
    const extra = isNarrow && data.runs.some(run => observedAt(run, stream).some(observed => shown.includes(observed.variable))) ? 23 * (1 + data.runs.length) : 0;
    const traces = [], shapes = [], annotations = [], layout = base({ hovermode: "closest", height: 130 + 190 * shown.length + extra, shapes, annotations, margin: { l: 56, r: 20, t: (isNarrow ? 50 + 46 * data.runs.length : 70) + extra, b: 44 } });
    layout.legend = { orientation: "h", x: 0, y: 1 + 26 / (layout.height - layout.margin.t - layout.margin.b), yanchor: "bottom" };
    const gap = 0.09, share = (1 - gap * (shown.length - 1)) / shown.length;
    const dated = data.runs.every(run => run.start !== undefined), told = new Set();
    const firstOf = group => { const isFirst = !told.has(group); told.add(group); return isFirst; };
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
      // What was observed, once where runs share it, and what each run says of the same samples.
      const drawn = new Set();
      data.runs.forEach((run, index) => {
        const observed = observedAt(run, stream).find(observed => observed.variable === variable);
        if (!observed) return;
        const x = observed.times.map(t => date(run, t)), key = JSON.stringify([x, observed.values]);
        const hover = word => "<b>" + word + "</b><br>" + (dated ? "%{x|%Y-%m-%d %H:%M}" : "t = %{x} d") + "%{text}<br>" + nameOf(variable) + " %{y:.5~g} " + unitOf(variable) + "<extra></extra>";
        const kinds = observed.days.map(day => day ? text(", mean of the day", ",日均值") : "");
        if (!drawn.has(key)) traces.push({ type: "scatter", mode: "markers", x, y: observed.values, xaxis: "x", yaxis: "y" + number, name: text("observed", "实测"), legendgroup: "observed", showlegend: drawn.size === 0 && firstOf("observed"),
          marker: { symbol: "circle-open", size: 9, color: "#111827", line: { width: 2 } }, text: kinds, hovertemplate: hover(text("observed", "实测")) });
        drawn.add(key);
        traces.push({ type: "scatter", mode: "markers", x, y: observed.simulated, xaxis: "x", yaxis: "y" + number, name: run.name + " · " + text("paired", "配对模拟值"), legendgroup: run.name + " sample", showlegend: firstOf(run.name + " sample"),
          marker: { symbol: "circle", size: 5, color: colours[index % colours.length] }, text: kinds, hovertemplate: hover(run.name + " · " + text("paired", "配对模拟值")) });
      });
    });
    layout.xaxis = axis({ anchor: "y" + (shown.length > 1 ? shown.length : ""), type: dated ? "date" : "linear", title: dated ? undefined : { text: "t, d" }, domain: [0, 1] });
    if (dated && root.lang === "zh") layout.xaxis.tickformatstops = chineseDates;
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
  let balancePicture = "sankey";
  function drawWaterfall(balance) {
    // Up by what comes in, down by what is removed and held, and what is left is what goes out; small steps are gathered.
    const inflow = balance.inputs.reduce((sum, term) => sum + term.amount, 0) + Math.max(0, -balance.stored), least = 0.01 * inflow;
    const out = balance.left.reduce((sum, term) => sum + term.amount, 0);
    const labels = [], values = [], measures = [], notes = [], own = [];
    const step = (label, value, measure, note, name) => { labels.push(label); values.push(value); measures.push(measure); notes.push(note ?? ""); own.push(name ?? ""); };
    const steps = (terms, sign, others) => {
      for (const term of terms.filter(term => term.amount >= least)) step(term.label, sign * term.amount, "relative", "", term.own);
      const small = terms.filter(term => term.amount < least), sum = small.reduce((total, term) => total + term.amount, 0);
      if (small.length && Math.abs(sum) > 1e-4 * inflow) step(others + " (" + small.length + ")", sign * sum, "relative", small.slice(0, 8).map(term => "<br>" + term.label + " " + (+term.amount.toPrecision(3)) + " t").join("") + (small.length > 8 ? "<br>…" : ""));
    };
    steps(balance.inputs.map(term => ({ label: say(term.label), own: term.label.en, amount: term.amount })), 1, text("other inputs", "其他输入"));
    if (-balance.stored > 1e-4 * inflow) step(text("held less at the end", "期末蓄积减少"), -balance.stored, "relative");
    step(text("<b>in, all</b>", "<b>输入合计</b>"), null, "total");
    steps(balance.removals.map(term => ({ label: say(term.place) + text(": ", ":") + say(term.sink), own: term.place.en, amount: term.amount })), -1, text("other removal", "其他去除"));
    if (balance.stored > 1e-4 * inflow) step(text("held more at the end", "期末蓄积增加"), -balance.stored, "relative");
    step(text("<b>out, all</b>", "<b>输出合计</b>"), null, "total");
    steps(balance.left.map(term => ({ label: text("out: ", "输出:") + say(term.label), own: term.label.en, amount: term.amount })), -1, text("other outlets", "其他出口"));
    // What stands beside a bar stands at its right, where no name is in the way.
    let level = 0;
    // What is called alike is told apart by its own name, else it would share a line.
    const ownNames = names => names.map((name, index) => names.indexOf(name) === index && names.lastIndexOf(name) === index ? name : name + " (" + (own[index] || index) + ")");
    labels.splice(0, labels.length, ...ownNames(labels));
    const ends = values.map(value => { if (value === null) return level; const before = level; level += value; return Math.max(before, level); });
    const shown = values.map((value, index) => value === null ? (measures.indexOf("total") === index ? inflow : out) : Math.abs(value));
    const share = value => inflow ? " (" + +(100 * value / inflow).toPrecision(2) + " %)" : "";
    const words = shown.map((value, index) => (values[index] === null ? "" : values[index] < 0 ? "−" : "+") + +value.toPrecision(3) + " t" + share(value));
    const annotations = words.map((word, index) => ({ x: ends[index], y: labels[index], xanchor: "left", xshift: 4, showarrow: false, text: word, font: { size: 12 } }));
    react("balance-chart", [{ type: "waterfall", orientation: "h", y: labels, x: values.map(value => value ?? 0), measure: measures, customdata: words.map((word, index) => word + notes[index]), hovertemplate: "<b>%{y}</b><br>%{customdata}<extra></extra>", increasing: { marker: { color: "#0072b2" } }, decreasing: { marker: { color: "#c77b30" } }, totals: { marker: { color: "#374151" } }, connector: { line: { color: "#6b7280", width: 1 } } }],
      base({ height: 90 + 24 * labels.length, showlegend: false, annotations, margin: { l: 10, r: 30, t: 20, b: 44 }, yaxis: axis({ autorange: "reversed", automargin: true, tickfont: { size: 12 } }), xaxis: axis({ title: { text: "t" }, range: [0, 1.22 * Math.max(inflow, 1e-12)] }) }));
  }

  function drawBalance() {
    const runSelect = $("balance-run"), substance = $("balance-substance");
    if (runSelect) fill(runSelect, data.runs.map((run, index) => [String(index), run.name]));
    const run = data.runs[runSelect ? +runSelect.value : 0];
    fill(substance, run.balances.map(balance => [balance.substance, { N: text("nitrogen (N)", "氮(N)"), P: text("phosphorus (P)", "磷(P)") }[balance.substance] ?? balance.substance]));
    const balance = run.balances.find(balance => balance.substance === substance.value);
    document.querySelectorAll("[data-balance]").forEach(button => button.setAttribute("aria-pressed", String(button.dataset.balance === balancePicture)));
    if (!balance || !plots) return;
    if (balancePicture === "waterfall") return drawWaterfall(balance);
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
    const tones = ["#0b5394", "#3d9fd6", "#00735c", "#b6a100", "#c2410c", "#9ca3af", "#d1d5db"], patterns = ["", "/", "x", "-", "", ".", ""];
    // A column a run, on narrow pages and for many runs a row; the types of node in one order.
    const order = [];
    for (const run of data.runs) for (const row of run.evidence) if (!order.some(known => known.en === row.label.en)) order.push(row.label);
    const labels = order.map(say).reverse(), runs = data.runs, across = isNarrow ? 1 : Math.min(runs.length, 3), down = Math.ceil(runs.length / across);
    const most = Math.max(...runs.flatMap(run => run.evidence.map(row => row.counts.reduce((sum, count) => sum + count, 0))), 1);
    const told = new Set(), traces = [], annotations = [], height = 100 + down * (20 * labels.length + 56), layout = { annotations };
    const share = 1 / down, gap = 56 / (height - 100);
    runs.forEach((run, index) => {
      const number = index ? String(index + 1) : "", column = index % across, row = Math.floor(index / across), width = 1 / across, top = 1 - row * share - (several ? 24 / (height - 100) : 0);
      layout["xaxis" + number] = axis({ domain: [column * width + (column ? .012 : 0), (column + 1) * width - (column < across - 1 ? .012 : 0)], anchor: "y" + number, range: [0, 1.03 * most], title: { text: row === down - 1 ? text("numbers", "数值个数") : "" } });
      layout["yaxis" + number] = axis({ domain: [Math.max(0, 1 - (row + 1) * share + (row < down - 1 ? gap * .6 : 0)), top], anchor: "x" + number, showticklabels: column === 0, tickfont: { size: 12 }, ticks: column === 0 ? "outside" : "" });
      if (several) annotations.push({ xref: "x" + number + " domain", x: 0, xanchor: "left", yref: "y" + number + " domain", y: 1, yanchor: "bottom", showarrow: false, text: "<b>" + run.name + "</b>", font: { size: 13 } });
      data.evidenceKinds.forEach((kind, k) => {
        const counts = [...order].reverse().map(label => run.evidence.find(row => row.label.en === label.en)?.counts[k] ?? 0);
        if (!counts.some(count => count)) return;
        traces.push({ type: "bar", orientation: "h", name: say(kind), legendgroup: kind.en, showlegend: !told.has(kind.en), legendrank: 1000 + k, xaxis: "x" + number, yaxis: "y" + number, y: labels, x: counts,
          marker: { color: tones[k], line: { color: "#fff", width: .5 }, pattern: { shape: patterns[k], fillmode: "overlay", fgcolor: "#fff", size: 7, solidity: .2 } }, hovertemplate: (several ? "<b>" + run.name + "</b><br>" : "") + "%{y}: %{x} " + say(kind) + "<extra></extra>" });
        told.add(kind.en);
      });
    });
    react("evidence-chart", traces, base({ ...layout, barmode: "stack", height, margin: { l: 140, r: 20, t: 50, b: 44 }, legend: { orientation: "h", x: 0, y: 1 + 8 / (height - 94), yanchor: "bottom", traceorder: "normal" } }));
  }

  // ------------------------------------------------------------------ single overflows
  function drawOverflows() {
    const select = $("overflow-weir");
    if (!select) return;
    const weirs = new Map();
    for (const run of data.runs) for (const weir of run.overflows) weirs.set(weir.name, { title: weir.title, volume: (weirs.get(weir.name)?.volume ?? 0) + weir.volume.reduce((sum, value) => sum + value, 0) });
    fill(select, [...weirs].sort((a, b) => b[1].volume - a[1].volume).map(([name, weir]) => [name, say(weir.title)]));
    if (!plots) return;
    const dated = data.runs.every(run => run.start !== undefined), scale = dated ? 86400000 : 1, traces = [];
    data.runs.forEach((run, index) => {
      const weir = run.overflows.find(weir => weir.name === select.value), colour = colours[index % colours.length];
      if (!weir) return;
      const length = weir.start.map((start, k) => Math.max(weir.end[k] - start, 1e-4));
      traces.push({ type: "bar", name: run.name, x: weir.start.map(t => date(run, t)), offset: 0, width: length.map(days => days * scale), y: weir.volume.map((volume, k) => volume / length[k] / 1000),
        marker: { color: colour, opacity: several ? .55 : .8, line: { color: colour, width: 1.5 } }, customdata: weir.start.map((_, k) => [+(24 * length[k]).toPrecision(4), weir.hours[k], +(weir.volume[k] / 1000).toPrecision(4), weir.peak[k], weir.loads.COD?.[k] ?? "–"]),
        hovertemplate: "<b>" + run.name + "</b><br>" + (dated ? "%{x|%Y-%m-%d %H:%M}" : "t = %{x} d") + text("<br>lasts %{customdata[0]} h, running %{customdata[1]} h<br>%{customdata[2]} thousand m³, peak %{customdata[3]} m³/d<br>COD %{customdata[4]} kg", "<br>历时 %{customdata[0]} h,其中溢流 %{customdata[1]} h<br>%{customdata[2]} 千 m³,峰值 %{customdata[3]} m³/d<br>COD %{customdata[4]} kg") + "<extra></extra>" });
    });
    const layout = base({ height: 300, barmode: "overlay", hovermode: "closest", showlegend: several, margin: { l: 64, r: 20, t: several ? 40 : 16, b: 44 },
      xaxis: axis({ type: dated ? "date" : "linear", title: dated ? undefined : { text: "t, d" } }), yaxis: axis({ title: { text: text("mean flow, 1000 m³/d", "平均流量,千 m³/d") }, rangemode: "tozero" }) });
    if (dated) {
      const run = data.runs[0];
      layout.xaxis.range = [date(run, run.evaluated[0]), date(run, run.evaluated[1])];
      if (root.lang === "zh") layout.xaxis.tickformatstops = chineseDates;
    }
    react("overflow-chart", traces, layout);
  }

  // ------------------------------------------------------------------ sweep
  function drawSweep(sweep, place) {
    const section = sweep.sections.find(section => section.name === $("sweep-section-" + place)?.value) ?? sweep.sections[0], select = $("sweep-substance-" + place);
    const titleOf = name => { const stream = data.streams.find(stream => stream.name === name); return stream ? say(stream.title) : name; };
    if ($("sweep-section-" + place)) fill($("sweep-section-" + place), sweep.sections.map(section => [section.name, titleOf(section.name)]));
    fill(select, Object.keys(section?.loads ?? {}).sort().map(name => [name, name]));
    if (!plots) return;
    const substance = select.value, numeric = sweep.numbers.every(number => number !== null && number !== undefined), big = sweep.unit === "m3/d" && Math.max(...sweep.numbers) >= 10000;
    const x = numeric ? sweep.numbers.map(number => number / (big ? 10000 : 1)) : sweep.values;
    const unit = big ? text("10⁴ m³/d", "万 m³/d") : sweep.unit === "-" ? "" : sweep.unit.replace("m3", "m³").replace("degC", "°C");
    const rows = [], line = (name, y, index, hover) => ({ type: "scatter", mode: "lines+markers", name, x, y, line: { color: colours[index], width: 2.5, dash: dashes[index] }, marker: { size: 9, symbol: symbols[index] }, showlegend: false, hovertemplate: "%{x} " + unit + "<br>" + hover + "<extra></extra>" });
    const has = values => values?.some(value => value !== null && value !== undefined);
    if (section && has(section.loads[substance])) rows.push({ title: text("<b>" + substance + " past " + titleOf(section.name) + "</b>, t", "<b>" + titleOf(section.name) + " " + substance + " 负荷</b>,t"), traces: [line(substance, section.loads[substance], 0, substance + " %{y:.5~g} t")] });
    if (section && numeric && has(section.less[substance])) {
      const pairs = x.slice(1).map((value, k) => ({ middle: (value + x[k]) / 2, width: .92 * Math.abs(value - x[k]), less: section.less[substance][k + 1] }));
      rows.push({ title: text("<b>" + substance + " kept back by each " + sweep.portion.replace("m3", "m³") + " more</b>, kg/a", "<b>每增加 " + sweep.portion.replace("m3", "m³") + " 的 " + substance + " 减排量</b>,kg/a"),
        traces: [{ type: "bar", x: pairs.map(pair => pair.middle), width: pairs.map(pair => pair.width), y: pairs.map(pair => pair.less), marker: { color: "#00735c" }, showlegend: false, hovertemplate: "%{x} " + unit + "<br>%{y:.4~g} kg/a<extra></extra>" }] });
    }
    if (section && has(section.margin)) rows.push({ title: text("<b>margin of the worst period</b>, %", "<b>最差时段余量</b>,%"), isZeroed: true,
      traces: [Object.assign(line("margin", section.margin.map(value => value === null || value === undefined ? null : 100 * value), 0, "%{customdata}"), { mode: "lines+markers+text", marker: { size: section.meets.map(meets => meets === false ? 12 : 9), symbol: section.meets.map(meets => meets === false ? "x" : "circle"), color: section.meets.map(meets => meets === false ? "#9a3412" : "#0072b2"), opacity: 1 },
        text: section.missed.map((missed, k) => missed ? missed + " / " + section.judged[k] : ""), textposition: "top center", cliponaxis: false,
        customdata: section.limiting.map((name, k) =>name + " " + +(100 * (section.margin[k] ?? NaN)).toPrecision(3) + " %" + (section.missed[k] ? text(", missed in " + section.missed[k] + " of " + section.judged[k] + " months", "," + section.judged[k] + " 个月中 " + section.missed[k] + " 个月超标") : "")) })] });
    const weirs = sweep.weirs.filter(weir => has(weir.volume)).sort((a, b) => Math.max(...b.volume) - Math.max(...a.volume)).slice(0, 3);
    if (weirs.length) rows.push({ title: text("<b>water that overflows</b>, 1000 m³", "<b>溢流水量</b>,千 m³"), isFromZero: true, traces: weirs.map((weir, k) => Object.assign(line(weir.name, weir.volume.map(value => value === null || value === undefined ? null : value / 1000), k, weir.name + " %{y:.4~g} " + text("thousand m³", "千 m³")), { showlegend: weirs.length > 1 })) });
    if (has(sweep.cost)) rows.push({ title: text("<b>operating cost</b>, 1000 CNY", "<b>运行费用</b>,千元"), traces: [line("cost", sweep.cost.map(value => value === null || value === undefined ? null : value / 1000), 0, "%{y:.6~g} " + text("thousand CNY", "千元"))] });
    else if (has(sweep.energy)) rows.push({ title: text("<b>energy</b>, MWh", "<b>电耗</b>,MWh"), traces: [line("energy", sweep.energy.map(value => value === null || value === undefined ? null : value / 1000), 0, "%{y:.5~g} MWh")] });
    if (!rows.length) return;
    const height = 110 + 150 * rows.length + (weirs.length > 1 ? 30 : 0), inner = height - 100 - (weirs.length > 1 ? 30 : 0), gap = 40 / inner, share = (1 - gap * (rows.length - 1)) / rows.length, annotations = [], shapes = [], traces = [];
    const layout = base({ hovermode: "closest", height, annotations, shapes, margin: { l: 70, r: 24, t: 40, b: weirs.length > 1 ? 90 : 60 }, legend: { orientation: "h", x: 0, y: -54 / inner, yanchor: "top" } });
    rows.forEach((row, index) => {
      const number = index ? String(index + 1) : "", top = 1 - index * (share + gap);
      // Ranges start where the eye can tell the values apart, bars at nothing.
      layout["yaxis" + number] = axis({ domain: [top - share, top], anchor: "x", zeroline: !!row.isZeroed, rangemode: row.isFromZero ? "tozero" : "normal" });
      if (row.isZeroed) shapes.push({ type: "line", xref: "paper", x0: 0, x1: 1, yref: "y" + number, y0: 0, y1: 0, line: { color: "#111827", width: 1.5, dash: "dash" } });
      annotations.push({ xref: "paper", x: 0, xanchor: "left", yref: "paper", y: top, yanchor: "bottom", showarrow: false, text: row.title, font: { size: 13 } });
      for (const trace of row.traces) traces.push(Object.assign(trace, { xaxis: "x", yaxis: "y" + number }));
    });
    layout.xaxis = axis({ anchor: "y" + (rows.length > 1 ? rows.length : ""), title: { text: sweep.path + (unit ? ", " + unit : "") }, type: numeric ? "linear" : "category", tickvals: numeric && x.length <= 12 ? x : undefined });
    react("sweep-chart-" + place, traces, layout);
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
  function draw() { data.sweeps.forEach(drawSweep); drawSeries(); drawProfile(); drawBalance(); drawOverflows(); drawEvidence(); }
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
  document.querySelectorAll("[data-balance]").forEach(button => button.addEventListener("click", () => { balancePicture = button.dataset.balance; drawBalance(); }));
  $("overflow-weir")?.addEventListener("change", drawOverflows);
  data.sweeps.forEach((sweep, place) => { for (const id of ["sweep-section-", "sweep-substance-"]) $(id + place)?.addEventListener("change", () => drawSweep(sweep, place)); });
  const charts = () => plots ? [...document.querySelectorAll(".js-plotly-plot")] : [];
  // Paper is narrower. What glides to a new place, as a Sankey diagram does, is scaled instead: the printer does not wait.
  const glides = chart => chart.data[0]?.type === "sankey";
  addEventListener("beforeprint", () => charts().forEach(chart => { if (glides(chart)) chart.style.zoom = 690 / chart.clientWidth; else Plotly.relayout(chart, { width: 690, height: chart.clientHeight, autosize: false }); }));
  addEventListener("afterprint", () => charts().forEach(chart => { if (glides(chart)) chart.style.zoom = ""; else Plotly.relayout(chart, { width: null, height: null, autosize: true }); }));
  showSheet();
  setLanguage(root.lang);
})();
