"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  const $ = id => document.getElementById(id);
  const text = (en, zh) => root.lang === "zh" ? zh : en;
  const say = words => words[root.lang] ?? words.en;
  const plots = typeof Plotly !== "undefined", isNarrow = root.clientWidth < 700;
  const font = { family: getComputedStyle(document.body).fontFamily, size: 13, color: "#111827" };
  const config = { responsive: true, displaylogo: false, modeBarButtonsToRemove: ["lasso2d", "select2d"], displayModeBar: isNarrow ? false : "hover" };
  const base = extra => Object.assign({ font, paper_bgcolor: "#fff", plot_bgcolor: "#fff", hoverlabel: { font: { size: 13 } }, showlegend: false }, extra);
  const axis = extra => Object.assign({ gridcolor: "#e5e7eb", linecolor: "#6b7280", zerolinecolor: "#6b7280", ticks: "outside", tickcolor: "#9ca3af" }, extra);
  const react = (id, traces, layout) => {
    const { height, ...rest } = layout, element = $(id), isOther = element.style.height !== "" && element.style.height !== height + "px";
    element.style.height = height + "px";
    Plotly.react(element, traces, rest, config);
    if (isOther) Plotly.Plots.resize(element);
  };
  const fill = (id, options) => {
    const select = $(id), kept = select.value;
    select.replaceChildren(...options.map(([value, label]) => Object.assign(document.createElement("option"), { value, textContent: label })));
    if (options.some(([value]) => value === kept)) select.value = kept;
  };
  const period = name => name === "all" ? text("whole window", "整个评价期") : name;
  const short = value => value === 0 ? "0" : Math.abs(value) >= 1000 ? String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, " ") : String(+value.toPrecision(3));
  const clipped = (label, length) => label.length > length ? label.slice(0, length - 1) + "…" : label;

  // ------------------------------------------------------------------ bars
  const most = 20;
  function drawBars() {
    fill("bars-variable", data.variables.map(name => [name, name]));
    fill("bars-group", data.groups.map(group => [group.value, say(group.label)]));
    fill("bars-period", data.periods.map(name => [name, period(name)]));
    const bars = data.bars.find(bars => bars.variable === $("bars-variable").value && bars.group === $("bars-group").value && bars.period === $("bars-period").value);
    const rows = bars ? bars.rows.slice(0, most) : [];
    $("bars-rest").textContent = bars && bars.rows.length > most ? text("and " + (bars.rows.length - most) + " more in the table below", "其余 " + (bars.rows.length - most) + " 个见下表") : "";
    if (!plots) return;
    // One panel a question, each with its own axis; their rows are the same.
    const panels = [
      { title: text("<b>label</b>, kg", "<b>标签份额</b>,kg"), colour: "#0072b2", value: row => row.label, share: row => row.labelShare, unit: " kg" },
      { title: text("<b>zero-out</b>, kg less", "<b>归零减少</b>,kg"), colour: "#c2410c", value: row => row.zeroOut, share: row => row.zeroOutShare, unit: " kg" },
      ...data.marginals.map((kind, index) => ({ title: text("<b>marginal</b> (" + kind.label.en + "), kg/kg", "<b>边际</b>(" + kind.label.zh + "),kg/kg"), colour: ["#00735c", "#7a5c00", "#a3397b"][index % 3], value: row => row.marginals[index], unit: " kg/kg" })),
    ].filter(panel => rows.some(row => panel.value(row) !== undefined && panel.value(row) !== null));
    const count = Math.max(panels.length, 1), down = isNarrow ? count : 1, across = isNarrow ? 1 : count;
    const names = rows.map(row => say(row.name)), keys = rows.map((_, index) => index).reverse(), each = 24 * Math.max(rows.length, 1) + 40, height = 60 + down * each + (down - 1) * 40;
    const traces = [], layout = base({ height, margin: { l: isNarrow ? 112 : 210, r: 16, t: 30, b: 30 }, annotations: [], bargap: 0.3 });
    panels.forEach((panel, index) => {
      const number = index ? String(index + 1) : "", gap = 0.05, width = (1 - gap * (across - 1)) / across, left = isNarrow ? 0 : index * (width + gap);
      const tall = (height - 60 - (down - 1) * 56) / down / (height - 60), step = down > 1 ? (1 - tall) / (down - 1) : 0, top = isNarrow ? 1 - index * step : 1;
      layout["xaxis" + number] = axis({ domain: [left, left + width], anchor: "y" + number, rangemode: "tozero", nticks: 5 });
      layout["yaxis" + number] = axis({ domain: [top - (isNarrow ? tall : 1), top], anchor: "x" + number, tickvals: rows.map((_, place) => place), ticktext: names.map(name => clipped(name, isNarrow ? 13 : 28)), range: [rows.length - 0.5, -0.5], showticklabels: isNarrow || index === 0, ticks: "", showgrid: false, zeroline: false });
      layout.annotations.push({ xref: "paper", x: left, xanchor: "left", yref: "paper", y: top, yanchor: "bottom", showarrow: false, text: panel.title });
      traces.push({ type: "bar", orientation: "h", x: keys.map(place => panel.value(rows[place]) ?? null), y: keys, xaxis: "x" + number, yaxis: "y" + number, marker: { color: panel.colour }, cliponaxis: false,
        text: keys.map(place => { const value = panel.value(rows[place]), share = panel.share?.(rows[place]); return value === undefined || value === null ? "" : share === undefined || share === null ? short(value) : short(share) + " %"; }), textposition: "auto", insidetextanchor: "end",
        insidetextfont: { color: "#fff" }, customdata: keys.map(place => [say(rows[place].name), say(rows[place].family)]), hovertemplate: "<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{x:.4~g}" + panel.unit + "<extra></extra>" });
    });
    react("bars-chart", traces, layout);
  }

  // ------------------------------------------------------------------ where it went
  const tones = { family: "#0b5394", origin: "#7a5c00", before: "#56748f", route: "#374151", section: "#c2410c", end: "#00735c" };
  function drawWays() {
    if (!$("ways-substance")) return;
    fill("ways-substance", data.substances.map(substance => [substance.value, say(substance.label)]));
    fill("ways-period", data.periods.map(name => [name, period(name)]));
    if (!plots) return;
    const flows = data.sankeys.find(flows => flows.substance === $("ways-substance").value && flows.period === $("ways-period").value) ?? { nodes: [], links: [] };
    const whole = flows.links.reduce((sum, link) => sum + (flows.nodes[link.target].kind === "route" ? link.value : 0), 0);
    const size = flows.nodes.map((_, node) => Math.max(...["source", "target"].map(side => flows.links.reduce((sum, link) => sum + (link[side] === node ? link.value : 0), 0))));
    react("ways-chart", [{ type: "sankey", arrangement: "snap", valueformat: ".4~g", valuesuffix: " kg", textfont: { size: 12, color: "#111827", shadow: "none" },
      node: { label: flows.nodes.map((node, index) => clipped(say(node.label), isNarrow ? 16 : 34) + " " + short(100 * size[index] / whole) + " %"), color: flows.nodes.map(node => tones[node.kind]), pad: 17, thickness: 14, line: { width: 0 } },
      link: { source: flows.links.map(link => link.source), target: flows.links.map(link => link.target), value: flows.links.map(link => link.value),
        color: flows.links.map(link => flows.nodes[link.target].kind === "section" ? "rgba(194,65,12,.45)" : flows.nodes[link.target].kind === "end" ? "rgba(0,115,92,.28)" : "rgba(11,83,148,.22)") } }],
      base({ height: Math.max(440, 32 * Math.max(...["family", "route", "end"].map(kind => flows.nodes.filter(node => node.kind === kind).length), 1) + 120), margin: { l: 10, r: 10, t: 14, b: 14 } }));
  }

  // ------------------------------------------------------------------ language, choices, print
  function setLanguage(language) {
    root.lang = language;
    document.querySelectorAll("[data-set-language]").forEach(button => button.setAttribute("aria-pressed", String(button.dataset.setLanguage === language)));
    drawBars();
    drawWays();
  }
  document.querySelectorAll("[data-set-language]").forEach(button => button.addEventListener("click", () => setLanguage(button.dataset.setLanguage)));
  for (const id of ["bars-variable", "bars-group", "bars-period"]) $(id).addEventListener("change", drawBars);
  for (const id of ["ways-substance", "ways-period"]) $(id)?.addEventListener("change", drawWays);
  const charts = () => plots ? [...document.querySelectorAll(".js-plotly-plot")] : [];
  const glides = chart => chart.data[0]?.type === "sankey";
  addEventListener("beforeprint", () => charts().forEach(chart => { if (glides(chart)) chart.style.zoom = 690 / chart.clientWidth; else Plotly.relayout(chart, { width: 690, height: chart.clientHeight, autosize: false }); }));
  addEventListener("afterprint", () => charts().forEach(chart => { if (glides(chart)) chart.style.zoom = ""; else Plotly.relayout(chart, { width: null, height: null, autosize: true }); }));
  setLanguage(root.lang);
})();
