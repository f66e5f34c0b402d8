// Differences from the baseline as a picture, and the order of rows as far as the seeds tell them apart.

import { text, type Block } from "./_blocks.ts";
import { defineSection } from "./define.ts";
import { differencePlot } from "./_plots.ts";
import { coverage, type Place } from "./_statistics.ts";
import { listText, type AblationSummary, type MeasureSummary } from "./_summary.ts";

/** Rows of a picture, at most. */
const most = 40;

export const differences = defineSection({
  title: "Differences from the baseline",
  order: 20,
  applies: (subject) => subject.kind === "ablation" && subject.summary.rows.length > 1 && subject.summary.measures.some(({ cells }) => cells.some(({ difference }) => difference)),
  blocks: async (subject) => {
    if (subject.kind !== "ablation") return [];
    const { summary } = subject;
    const blocks: Block[] = [];
    for (const [i, measure] of summary.measures.entries()) if (measure.cells.some(({ difference }) => difference)) blocks.push(await picture(measure, summary, i));
    return [...blocks, ...order(summary)];
  },
});

async function picture({ measure, baseline, cells }: MeasureSummary, { rows }: AblationSummary, i: number): Promise<Block> {
  const shown = rows.flatMap(({ row }, n) => (!row.baseline && cells[n].difference ? [{ label: row.label, value: cells[n].difference!.value, error: cells[n].difference!.error, strong: cells[n].beyond === true }] : []));
  const band = baseline?.deviation == null ? null : 2 * baseline.deviation;
  const bars = shown.slice(0, most);
  return {
    kind: "figure",
    name: `difference-${i + 1}`,
    svg: await differencePlot(bars, band, `difference in ${measure.name} (${measure.higher_is_better ? "right" : "left"} is better)`),
    caption: `${measure.name}: difference from the baseline, with two standard errors. ${band === null ? "" : "Gray: within two of the baseline's standard deviations. Diamonds: beyond."}${shown.length > most ? ` The first ${most} of ${shown.length} rows.` : ""}`,
    alternative: `${measure.name}, difference from the baseline: ${bars.map(({ label, value }) => `${label} ${Number(value.toPrecision(3))}`).join(", ")}`,
  };
}

function order({ measures, rows, result: { seeds } }: AblationSummary): Block[] {
  const told = measures.filter(({ cells }) => cells.some(({ place }, i) => place && cells.some((other, j) => other.place && j !== i)));
  if (!told.length) return [];
  const placed = (measure: MeasureSummary): number => measure.cells.filter(({ place }) => place).length;
  const placeText = (place: Place | null): string => (!place ? "" : place.from === place.to ? String(place.from) : `${place.from}–${place.to}`);
  const leading = told.map((measure) => {
    const best = measure.cells.flatMap(({ place }, i) => (place?.from === 1 ? [rows[i].row.label] : []));
    const whole = placed(measure);
    const held = best.length === whole ? `any of the ${whole} rows may be` : best.length > 6 ? `${best.length} of ${whole} rows may be` : `${listText(best)} ${best.length > 1 ? "may each be" : "is"}`;
    return `${measure.measure.name}: ${held} the best, as far as these seeds tell.`;
  });
  return [
    { kind: "heading", text: "Places" },
    text("Two rows are told apart where their means differ by more than two of the baseline's standard deviations and by more than two standard errors of their own paired difference. A range says which places a row may have: rows with overlapping ranges are not ranked.", seeds.length > 1 ? ` It is a rule of thumb, not a test: were values normal, two standard errors over ${seeds.length} seeds would hold the true difference in ${Math.round(100 * coverage(seeds.length))} of 100 cases.` : ""),
    { kind: "list", items: leading.map((item) => [item]) },
    {
      kind: "table",
      caption: "",
      columns: [{ title: "" }, ...told.map((measure) => ({ title: `${measure.measure.name}, place of ${placed(measure)}`, numeric: true }))],
      rows: rows.map(({ row }, i) => ({ cells: [row.label, ...told.map(({ cells }) => placeText(cells[i].place))], strong: row.baseline })),
    },
  ];
}
