// The page of `pt watch`: one text, drawn by its own script.

export const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ptarmigan</title>
<style>
:root { color-scheme: light dark; --back: #fff; --ink: #1c1c1a; --dim: #6b6b66; --line: #d8d8d2 }
@media (prefers-color-scheme: dark) { :root { --back: #181817; --ink: #ecece6; --dim: #9b9b94; --line: #3a3a37 } }
body { margin: 0 auto; padding: 1rem; max-width: 76rem; background: var(--back); color: var(--ink); font: 15px/1.45 system-ui, sans-serif }
h1 { font-size: 1.25rem; margin: 0 0 .25rem } h2 { font-size: 1rem; font-weight: 600; margin: 1rem 0 .25rem }
#state { color: var(--dim) }
#charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 0 1.5rem }
section > svg { width: 100%; height: auto; display: block } text { fill: var(--dim); font: 11px system-ui, sans-serif } @media (max-width: 30rem) { text { font-size: 16px } }
.axis { stroke: var(--line) } .curve { fill: none; stroke-width: 1.6 }
table { border-collapse: collapse; margin-top: 1rem; font-variant-numeric: tabular-nums } td, th { text-align: left; padding: .1rem .9rem .1rem 0; font-weight: normal; white-space: nowrap }
th { color: var(--dim) } .swatch { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: .4em } .wide { overflow-x: auto }
</style>
</head>
<body>
<h1 id="title">Ptarmigan</h1>
<div id="state" role="status">waiting for the first numbers</div>
<div id="charts"></div>
<div class="wide"><table id="runs"></table></div>
<script>
// Names of its own: browsers hold "top" and others already.
(() => {
"use strict";
const colors = ["#3b6fb6", "#c4622d", "#3f8f5a", "#a8487f", "#8a7426", "#4b9aa8", "#7d5bb5", "#b84a4a", "#6c7a89", "#5f8c2d"];
const svg = (name, attributes, text) => { const e = document.createElementNS("http://www.w3.org/2000/svg", name); for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v); if (text !== undefined) e.textContent = text; return e; };
const html = (name, text) => { const e = document.createElement(name); if (text !== undefined) e.textContent = text; return e; };
const short = (x) => Math.abs(x) >= 1e4 ? x.toExponential(1) : String(Number(x.toPrecision(4)));
// Round numbers from low to high, two to seven of them.
const ticks = (low, high) => {
  const rough = (high - low) / 6, size = 10 ** Math.floor(Math.log10(rough)), step = size * [1, 2, 5, 10].find((factor) => factor * size >= rough);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
};
const W = 600, H = 300, left = 62, bottom = 24, top = 8, right = 8;
function chart(name, runs, color) {
  const all = runs.flatMap((run) => run.curves[name] ?? []);
  const x0 = 0, x1 = all.reduce((most, p) => Math.max(most, p[0]), 1);
  // The first fiftieth of a run's steps is mostly fall: it may leave the picture, so that the rest is seen.
  const later = runs.flatMap((run) => { const points = run.curves[name] ?? []; return points.filter((p) => p[0] > points[points.length - 1][0] / 50); }), ys = (later.length >= 10 ? later : all).map((p) => p[1]);
  let y0 = Math.min(...ys), y1 = Math.max(...ys);
  if (y0 === y1) { y0 -= 0.5; y1 += 0.5; }
  const x = (v) => left + (W - left - right) * (v - x0) / (x1 - x0), y = (v) => H - bottom - (H - bottom - top) * (v - y0) / (y1 - y0);
  const root = svg("svg", { viewBox: "0 0 " + W + " " + H, role: "img", "aria-label": name });
  const inner = { x: left - 4, y: 0, width: W - left - right + 8, height: H - bottom + 4 };
  const drawn = svg("svg", { ...inner, viewBox: Object.values(inner).join(" "), overflow: "hidden" });
  for (const v of ticks(y0, y1)) root.append(svg("line", { class: "axis", x1: left, x2: W - right, y1: y(v), y2: y(v) }), svg("text", { x: left - 6, y: y(v) + 4, "text-anchor": "end" }, short(v)));
  for (const s of ticks(x0, x1)) if (Number.isInteger(s)) root.append(svg("text", { x: x(s), y: H - 6, "text-anchor": x(s) > W - 40 ? "end" : "middle" }, s >= 1e4 ? s / 1e3 + "k" : String(s)));
  root.append(drawn);
  for (const run of runs) {
    const points = run.curves[name]; if (!points || !points.length) continue;
    if (points.length === 1) drawn.append(svg("circle", { cx: x(points[0][0]), cy: y(points[0][1]), r: 3, fill: color(run) }));
    else drawn.append(svg("path", { class: "curve", stroke: color(run), d: "M" + points.map((p) => x(p[0]).toFixed(1) + " " + y(p[1]).toFixed(1)).join("L") }));
  }
  const section = html("section"); section.append(html("h2", name), root); return section;
}
function draw({ title, runs }) {
  document.title = title + " – Ptarmigan"; document.getElementById("title").textContent = title;
  const groups = [...new Set(runs.map((run) => run.group))], color = (run) => colors[groups.indexOf(run.group) % colors.length];
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.curves)))];
  document.getElementById("charts").replaceChildren(...names.map((name) => chart(name, runs, color)));
  // Of an ablation: elsewhere the group is the run.
  const rows = runs.some((run) => run.group !== run.name);
  const head = html("tr"); head.append(...["", ...(rows ? ["run"] : []), "seed", "step", ...names].map((name) => html("th", name)));
  document.getElementById("runs").replaceChildren(head, ...runs.map((run) => {
    const row = html("tr"), swatch = html("span"); swatch.className = "swatch"; swatch.style.background = color(run);
    const first = html("td"); first.append(swatch, run.group);
    row.append(first, ...[...(rows ? [run.name] : []), run.seed ?? "", run.step + (run.steps ? " / " + run.steps : ""), ...names.map((name) => { const points = run.curves[name]; return points && points.length ? short(points[points.length - 1][1]) : ""; })].map((text) => html("td", String(text))));
    return row;
  }));
}
const state = document.getElementById("state");
const events = new EventSource("/events");
events.onmessage = ({ data }) => { const snapshot = JSON.parse(data); draw(snapshot); state.textContent = snapshot.runs.length + (snapshot.jobs === undefined ? "" : " of " + snapshot.jobs) + ((snapshot.jobs ?? snapshot.runs.length) === 1 ? " run" : " runs") + ", as of " + new Date().toLocaleTimeString(); };
events.onerror = () => { state.textContent = "the server is gone; this is what it said last"; };
})();
</script>
</body>
</html>
`;
