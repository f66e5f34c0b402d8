// Pictures of numbers: lines with bands, points with bars, laws on logarithmic axes. Observable Plot draws them into SVG, without a browser.

import type * as PlotLibrary from "@observablehq/plot";
import { dashes, series as colors } from "./_colors.ts";

export interface Axis { readonly title: string; readonly log?: boolean; /** Of a number beside the axis. */ readonly format?: (value: number) => string }

export interface LinePoint { readonly x: number; readonly y: number; readonly low: number | null; readonly high: number | null }

export interface Line {
  readonly label: string;
  readonly points: readonly LinePoint[];
  /** A colour's number; null is drawn faintly, without a label. */
  readonly color: number | null;
  /** Points with bars instead of a line with a band. */
  readonly dots?: boolean;
  /** A law that was fitted: thin, without a label. */
  readonly law?: boolean;
}

const [width, height, fontSize] = [680, 340, 13];

type DrawingDocument = NonNullable<PlotLibrary.PlotOptions["document"]>;

let loaded: Promise<{ Plot: typeof PlotLibrary; document: DrawingDocument }> | null = null;

/** Loaded when the first picture is drawn: nothing else needs it. */
function library(): NonNullable<typeof loaded> {
  return (loaded ??= Promise.all([import("@observablehq/plot"), import("linkedom")]).then(([Plot, { parseHTML }]) => ({ Plot, document: parseHTML("<!doctype html><html><body></body></html>").document as unknown as DrawingDocument })));
}

/** Lines (or points) over x, with their names beside their ends. */
export async function linePlot(given: readonly Line[], axes: { readonly x: Axis; readonly y: Axis }): Promise<string> {
  // Nothing at or below 0 has a place on a logarithmic axis.
  const lines = axes.y.log ? given.map((line) => ({ ...line, points: line.points.filter(({ y }) => y > 0).map((point) => ({ ...point, low: point.low !== null && point.low <= 0 ? point.y : point.low })) })) : given;
  const { Plot, document } = await library();
  const labelled = lines.filter((line) => line.color !== null && line.label !== "" && line.points.length);
  const marginRight = 14 + Math.max(0, ...labelled.map(({ label }) => Math.round(textWidth(shortened(label)))));
  const points = lines.flatMap((line) => line.points);
  const scales = { x: scaleOf(axes.x, points.map(({ x }) => x)), y: scaleOf(axes.y, points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y])) };
  const frame = { document, width: width + Math.max(0, marginRight - 120), height, marginLeft: 62, marginBottom: 48, marginTop: 14, marginRight, style: { fontSize: `${fontSize}px` }, ...scales };
  const marks = lines.flatMap((line): PlotLibrary.Markish[] => {
    const stroke = line.color === null ? "var(--line)" : colors[line.color % colors.length];
    const data = [...line.points];
    const banded = data.filter(({ low, high }) => low !== null && high !== null);
    if (line.dots) return [Plot.ruleX(banded, { x: "x", y1: "low", y2: "high", stroke, strokeWidth: 1.5 }), Plot.dot(data, { x: "x", y: "y", fill: stroke, r: 3.5 })];
    const strokeDasharray = line.law ? "4,3" : line.color === null ? "none" : dashes[line.color % dashes.length];
    const band = banded.length > 1 ? [Plot.areaY(banded, { x: "x", y1: "low", y2: "high", fill: stroke, fillOpacity: 0.16 })] : [];
    return [...band, data.length > 1 ? Plot.line(data, { x: "x", y: "y", stroke, strokeWidth: line.law || line.color === null ? 1.2 : 1.8, strokeDasharray }) : Plot.dot(data, { x: "x", y: "y", fill: stroke, r: 3 })];
  });
  const grid = Plot.gridY({ stroke: "currentColor", strokeOpacity: 0.12, ...(scales.y.ticks ? { ticks: scales.y.ticks } : {}) });
  const draw = (more: readonly PlotLibrary.Markish[]) => Plot.plot({ ...frame, marks: [grid, ...marks, ...more] });
  // Once to learn where the lines end, and again with their names there, moved apart.
  const first = draw([]);
  const [x, y] = [first.scale("x")!, first.scale("y")!];
  const ends = labelled.map(({ label, points, color }) => ({ label: shortened(label), color: colors[color! % colors.length], x: points.at(-1)!.x, at: y.apply(points.at(-1)!.y) as number }));
  const shifts = movedApart(ends.map(({ at }) => at), fontSize + 1, height - 48);
  const right = Math.max(...ends.map((end) => x.apply(end.x) as number), 0);
  const names = ends.map((end, i) => Plot.text([end], { x: "x", frameAnchor: "top", text: "label", textAnchor: "start", fill: end.color, fontWeight: 600, dx: 7 + right - (x.apply(end.x) as number), dy: shifts[i] - 14, lineAnchor: "middle" }));
  return svgText(draw(names));
}

export interface Bar { readonly label: string; readonly value: number | null; readonly error: number | null; readonly strong: boolean }

/** A line of the picture for each row: its difference with two standard errors, over the band within which nothing is told apart. */
export async function differencePlot(bars: readonly Bar[], band: number | null, title: string): Promise<string> {
  const { Plot, document } = await library();
  const names = bars.map(({ label }, i) => `${i}\n${shortened(label, 40)}`);
  const marginLeft = 18 + Math.max(...bars.map(({ label }) => Math.round(textWidth(shortened(label, 40)))));
  const rows = bars.map((bar, i) => ({ ...bar, name: names[i], low: (bar.value ?? 0) - 2 * (bar.error ?? 0), high: (bar.value ?? 0) + 2 * (bar.error ?? 0) })).filter(({ value }) => value !== null);
  const [least, most] = [Math.min(0, -(band ?? 0), ...rows.map(({ low }) => low)), Math.max(0, band ?? 0, ...rows.map(({ high }) => high))];
  const room = (most - least) * 0.04 || 1e-12;
  const svg = Plot.plot({
    document, width, height: 62 + 24 * bars.length, marginLeft, marginRight: 20, marginTop: 8, marginBottom: 46, style: { fontSize: `${fontSize}px` },
    x: { domain: [least - room, most + room], label: title, labelAnchor: "center", labelArrow: "none", labelOffset: 40, ticks: 6 },
    y: { domain: names, label: null, tickFormat: (name: string) => name.slice(name.indexOf("\n") + 1), tickSize: 0 },
    marks: [
      ...(band === null ? [] : [Plot.rectX([band], { x1: -band, x2: band, fill: "currentColor", fillOpacity: 0.1 })]),
      Plot.ruleX([0], { stroke: "currentColor" }),
      Plot.ruleY(rows, { y: "name", x1: "low", x2: "high", stroke: colors[1], strokeWidth: 1.6 }),
      Plot.dot(rows, { y: "name", x: "value", fill: (row: Bar) => (row.strong ? colors[2] : colors[1]), r: 4.5, symbol: (row: Bar) => (row.strong ? "diamond" : "circle") }),
    ],
    symbol: { type: "identity" },
  });
  return svgText(svg);
}

function scaleOf({ title, log, format }: Axis, values: readonly number[]): PlotLibrary.ScaleOptions {
  return { type: log ? "log" : "linear", label: title, labelAnchor: "center", labelArrow: "none", nice: !log, ...(log ? { inset: 10, ticks: logTicks(values) } : {}), ...(format ? { tickFormat: format } : {}) };
}

/** Numbers to write beside a logarithmic axis: round ones, a few, also where the axis is shorter than a decade. */
export function logTicks(values: readonly number[]): number[] {
  const shown = values.filter((value) => value > 0);
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  const decades = Math.log10(high / low);
  if (!(decades > 0)) return Number.isFinite(low) ? [low] : [];
  if (decades < 1) {
    const rough = (high - low) / 5;
    const size = 10 ** Math.floor(Math.log10(rough));
    const step = size * [1, 2, 5, 10].find((factor) => factor * size >= rough)!;
    const first = Math.ceil(low / step);
    return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12))).filter((value) => value >= low && value <= high);
  }
  const every = Math.ceil(decades / 6);
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 }, (_, i) => Math.floor(Math.log10(low)) + i).filter((power) => power % every === 0);
  // d3 writes no number beside a tick whose first digit is above 100 / (ticks of all decades): beyond two decades that is 4 or 3.
  const digits = decades < 2 ? [1, 2, 5] : decades < 3 ? [1, 3] : [1];
  return powers.flatMap((power) => digits.map((factor) => Number((factor * 10 ** power).toPrecision(12)))).filter((value) => value >= low && value <= high);
}

/** Positions at least `apart` from each other and above `bottom`, near where they were. */
function movedApart(at: readonly number[], apart: number, bottom: number): number[] {
  const order = at.map((_, i) => i).sort((a, b) => at[a] - at[b] || a - b);
  const moved = [...at];
  order.forEach((i, n) => {
    if (n > 0) moved[i] = Math.max(moved[i], moved[order[n - 1]] + apart);
  });
  let limit = bottom;
  for (const i of order.toReversed()) {
    moved[i] = Math.min(moved[i], limit);
    limit = moved[i] - apart;
  }
  return moved;
}

/** Of letters in the size of labels, roughly. */
const textWidth = (label: string): number => label.length * fontSize * 0.56;

const shortened = (label: string, most = 30): string => (label.length > most ? `${label.slice(0, most - 1)}…` : label);

/** Without the library's style (the page has its own), and with two decimals in what is drawn. */
function svgText(svg: { readonly outerHTML: string }): string {
  return svg.outerHTML.replace(/<style>[\s\S]*?<\/style>/, "").replace(/ (?:d|transform|x\d?|y\d?|cx|cy|width|height|points|r)="[^"]*"/g, (attribute) => attribute.replace(/\d+\.\d{3,}(?:e-?\d+)?/g, (number) => String(Number(Number(number).toFixed(2)))));
}
