// Losses against parameters, tokens and operations, with fitted power laws.

import { text, type Block } from "./_blocks.ts";
import { defineSection } from "./define.ts";
import { lossAt, type Fit, type Interval } from "./_fit.ts";
import { plainText } from "./_number-text.ts";
import { short } from "../terminal/numbers.ts";
import { linePlot, type Line } from "./_plots.ts";
import { scalingFits, type ScalingFit } from "./_scaling.ts";
import type { AblationSummary } from "./_summary.ts";
import { momentsOf } from "./_statistics.ts";

export const scaling = defineSection({
  title: "Scaling",
  order: 50,
  applies: (subject) => subject.kind === "ablation" && subject.summary.result.fit !== null,
  blocks: async (subject) => {
    if (subject.kind !== "ablation") return [];
    const fits = scalingFits(subject.summary);
    if (!fits.length) return [text("Nothing to fit: no measure is a loss, or neither parameters, tokens nor operations vary over the rows.")];
    const blocks: Block[] = [];
    for (const [i, one] of fits.entries()) if (new Set(one.points.map(({ x }) => x)).size > 1) blocks.push(await picture(one, subject.summary, i));
    return [...blocks, ...(fits.some(({ fits: laws }) => laws.length) ? [table(fits), explanation(fits)] : [text("Fewer than two rows were trained and have results: there is no law to fit.")])];
  },
});

const unit = { parameters: "parameters", tokens: "training tokens", flops: "training operations (FLOP)" } as const;

async function picture({ measure, over, rows, points, fits }: ScalingFit, summary: AblationSummary, i: number): Promise<Block> {
  const name = measure.measure.name;
  const dots = rows.map((row, n): Line => {
    const { mean, deviation } = measure.cells[row].moments!;
    return { label: rows.length <= 12 ? summary.rows[row].row.label : "", color: 0, dots: true, points: [{ x: points[n].x, y: mean, low: deviation === null ? null : mean - deviation, high: deviation === null ? null : mean + deviation }] };
  });
  const xs = points.map(({ x }) => x);
  const [least, largest] = [Math.min(...xs), Math.max(...xs)];
  const laws = fits.map((fit, n): Line => ({ label: fit.form === "a·x^−b" ? `a·x^−b, b = ${plainText(fit.b)}` : `with c = ${plainText(fit.c)}`, color: 1 + n, law: true, points: Array.from({ length: 41 }, (_, k) => least * (largest / least) ** (k / 40)).map((x) => ({ x, y: lossAt(fit, x), low: null, high: null })) }));
  return {
    kind: "figure",
    name: `scaling-${i + 1}-${over}`,
    svg: await linePlot([...laws, ...dots.map((dot) => ({ ...dot, label: "" }))], { x: { title: unit[over], log: true, format: short }, y: { title: /loss/.test(name) ? `${name} (nats)` : name, log: true, format: plainText } }),
    caption: `${name} against ${unit[over]}, both axes logarithmic; bars are one standard deviation over seeds.`,
    alternative: `${name} against ${over}: ${dots.map(({ points: [{ x, y }] }) => `${Number(y.toPrecision(3))} at ${Number(x.toPrecision(3))}`).join(", ")}`,
  };
}

function table(fits: readonly ScalingFit[]): Block {
  const intervalText = (interval: Interval | undefined): string => (interval ? ` [${plainText(interval.low)}, ${plainText(interval.high)}]` : "");
  const cells = ({ measure, over, points }: ScalingFit, { form, a, b, c, r2, intervals }: Fit): string[] => [
    `${measure.measure.name} over ${over}`, form, `${plainText(b)}${intervalText(intervals?.b)}`, `${plainText(a)}${intervalText(intervals?.a)}`,
    form === "a·x^−b" ? "" : `${plainText(c)}${intervalText(intervals?.c)}`, plainText(r2), `${points.length} × ${seedsOf(points)}`,
  ];
  return {
    kind: "table",
    caption: "Fitted laws, with 95 % intervals.",
    columns: [{ title: "" }, { title: "law" }, { title: "exponent b", numeric: true }, { title: "a", numeric: true }, { title: "c", numeric: true }, { title: "R² of ln L", numeric: true }, { title: "rows × seeds", numeric: true }],
    rows: fits.flatMap((one) => one.fits.map((fit) => ({ cells: cells(one, fit) }))),
  };
}

const seedsOf = (points: ScalingFit["points"]): string => {
  const counts = points.map(({ values }) => momentsOf(values.map((value, seed) => ({ seed, value })))?.n ?? 0);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return fewest === most ? String(most) : `${fewest}–${most}`;
};

function explanation(fits: readonly ScalingFit[]): Block {
  const ways = new Set(fits.flatMap(({ fits: laws }) => laws.map(({ by }) => by)));
  const besides = fits.filter((one) => one.besides.length);
  return text(
    "Least squares of ln L: a·x^−b as in Kaplan et al. 2020, c + a·x^−b as in Hoffmann et al. 2022 (from four rows on). ",
    ways.has("seeds") ? "Intervals are those of the seeds: each row's seeds are drawn again with replacement. They say nothing of whether the law holds beyond these rows. " : "",
    ways.has("residuals") ? "With one seed, intervals are drawn from what the law leaves over. " : "",
    ways.has(null) ? "Where no interval stands, there are too few rows and seeds for one. " : "",
    besides.length ? `${[...new Set(besides.map(({ over, besides: others }) => `Over ${over}, ${others.join(" and ")} ${others.length > 1 ? "vary" : "varies"} too`))].join("; ")}: the exponent is of all that varies together.` : "",
  );
}
