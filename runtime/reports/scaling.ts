// Losses against parameters, tokens and operations, with fitted power laws.

import { text, type Block } from "./_blocks.ts";
import { defineSection } from "./define.ts";
import { lossAt, type Fit, type Interval } from "./_fit.ts";
import { bestOf, shareOf } from "./_joint.ts";
import { plainText } from "./_number-text.ts";
import { linePlot, type Line } from "./_plots.ts";
import { amountOf, jointFits, scalingFits, type Quantity, type ScalingFit } from "./_scaling.ts";
import type { AblationSummary } from "./_summary.ts";
import { momentsOf, type Moments } from "./_statistics.ts";
import { short } from "../terminal/numbers.ts";

export const scaling = defineSection({
  title: "Scaling",
  order: 50,
  applies: (subject) => subject.kind === "ablation" && subject.summary.result.fit !== null,
  blocks: async (subject) => {
    if (subject.kind !== "ablation") return [];
    const fits = scalingFits(subject.summary);
    if (!fits.length) return [text("Nothing to fit: no measure is a loss, or neither parameters, tokens nor operations vary over the rows.")];
    const blocks: Block[] = [];
    for (const [i, together] of pictured(fits).entries()) blocks.push(await picture(together, subject.summary, i));
    return [...blocks, ...(fits.some(({ fits: laws }) => laws.length) ? [table(fits), explanation(fits), ...joint(subject.summary)] : [text("Fewer than two rows were trained and have results: there is no law to fit.")])];
  },
});

const unit = { parameters: "parameters", tokens: "training tokens", flops: "training operations (FLOP)" } as const;

/** Fits that share a picture: those of a measure over one quantity. */
function pictured(fits: readonly ScalingFit[]): ScalingFit[][] {
  const groups = new Map<string, ScalingFit[]>();
  for (const fit of fits.filter(({ points }) => points.length)) {
    const key = `${fit.measure.measure.name} ${fit.over}`;
    groups.set(key, [...(groups.get(key) ?? []), fit]);
  }
  return [...groups.values()].filter((group) => new Set(group.flatMap(({ points }) => points.map(({ x }) => x))).size > 1);
}

const amountText = ({ quantity, amount }: { readonly quantity: Quantity; readonly amount: number }): string => `${short(amount)} ${quantity === "flops" ? "FLOP" : quantity}`;

async function picture(together: readonly ScalingFit[], summary: AblationSummary, i: number): Promise<Block> {
  const [{ measure, over, at }] = together;
  const name = measure.measure.name;
  const dot = (x: number, { mean, deviation }: Moments, color: number | null): Line => ({ label: "", color, dots: true, points: [{ x, y: mean, low: deviation === null ? null : mean - deviation, high: deviation === null ? null : mean + deviation }] });
  const dots = together.flatMap(({ rows, points }, group) => rows.map((row, n) => dot(points[n].x, measure.cells[row].moments!, at ? group : 0)));
  // Rows that the law leaves out, faintly.
  const counted = new Set(together.flatMap(({ rows }) => rows));
  const others = summary.rows.flatMap(({ row, sameAsBaseline }, n) => (counted.has(n) || sameAsBaseline || !measure.cells[n].moments || !amountOf(row, over) ? [] : [dot(amountOf(row, over)!, measure.cells[n].moments, null)]));
  const laws = together.flatMap((one, group): Line[] => {
    const xs = one.points.map(({ x }) => x);
    const [least, largest] = [Math.min(...xs), Math.max(...xs)];
    return one.fits.slice(0, at ? 1 : 2).map((fit, n) => {
      const label = one.at ? `${amountText(one.at)}, b = ${plainText(fit.b)}` : fit.form === "a·x^−b" ? `a·x^−b, b = ${plainText(fit.b)}` : `with c = ${plainText(fit.c)}`;
      return { label, color: at ? group : 1 + n, law: true, points: Array.from({ length: 41 }, (_, k) => least * (largest / least) ** (k / 40)).map((x) => ({ x, y: lossAt(fit, x), low: null, high: null })) };
    });
  });
  const note = at ? ` Rows of one colour have the same ${at.quantity}; the lines are a·x^−b.` : others.length ? " Faint rows cost as much as another that loses less; the laws are of the rest." : "";
  return {
    kind: "figure",
    name: `scaling-${i + 1}-${over}`,
    svg: await linePlot([...others, ...laws, ...dots], { x: { title: unit[over], log: true, format: short }, y: { title: /loss/.test(name) ? `${name} (nats)` : name, log: true, format: plainText } }),
    caption: `${name} against ${unit[over]}, both axes logarithmic; bars are one standard deviation over seeds.${note}`,
    alternative: `${name} against ${over}: ${dots.map(({ points: [{ x, y }] }) => `${Number(y.toPrecision(3))} at ${Number(x.toPrecision(3))}`).join(", ")}`,
  };
}

function table(fits: readonly ScalingFit[]): Block {
  const intervalText = (interval: Interval | undefined): string => (interval ? ` [${plainText(interval.low)}, ${plainText(interval.high)}]` : "");
  const cells = ({ measure, over, at, points }: ScalingFit, { form, a, b, c, r2, intervals }: Fit): string[] => [
    `${measure.measure.name} over ${over}${at ? `, ${amountText(at)}` : ""}`, form, `${plainText(b)}${intervalText(intervals?.b)}`, `${plainText(a)}${intervalText(intervals?.a)}`,
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
    "Least squares of ln L: a·x^−b as in Kaplan et al. 2020, c + a·x^−b as in Hoffmann et al. 2022 (from four rows on, where c does not fall to nothing). ",
    ways.has("seeds") ? "Intervals are those of the seeds: each row's seeds are drawn again with replacement. They say nothing of whether the law holds beyond these rows. " : "",
    ways.has("residuals") ? "With one seed, intervals are drawn from what the law leaves over. " : "",
    ways.has(null) ? "Where no interval stands, there are too few rows and seeds for one. " : "",
    besides.length ? `${[...new Set(besides.map(({ over, besides: others }) => `Over ${over}, ${others.join(" and ")} ${others.length > 1 ? "vary" : "varies"} too`))].join("; ")}: the exponent is of all that varies together.` : "",
  );
}

/** The law of both, and what it says of how to spend the most operations of a row. */
function joint(summary: AblationSummary): Block[] {
  const fits = jointFits(summary);
  if (!fits.length) return [];
  const withInterval = (value: number, interval: Interval | undefined): string => `${plainText(value)}${interval ? ` [${plainText(interval.low)}, ${plainText(interval.high)}]` : ""}`;
  return [
    {
      kind: "table",
      caption: "The law of parameters N and tokens D together, loss = c + a·N^−α + b·D^−β (Hoffmann et al. 2022, equation 2), over all rows, with 95 % intervals of the seeds; a measure whose c falls to nothing is left out.",
      columns: [{ title: "" }, ...["α", "β", "a", "b", "c", "β / (α + β)", "R² of ln L"].map((title) => ({ title, numeric: true }))],
      rows: fits.map(({ measure, fit }) => ({ cells: [measure.measure.name, withInterval(fit.alpha, fit.intervals?.alpha), withInterval(fit.beta, fit.intervals?.beta), withInterval(fit.a, fit.intervals?.a), withInterval(fit.b, fit.intervals?.b), withInterval(fit.c, fit.intervals?.c), withInterval(shareOf(fit), fit.intervals?.share), plainText(fit.r2)] })),
    },
    text(
      "For given operations C the law is lowest where N grows as C^(β / (α + β)) and D as the rest. ",
      fits.map(({ measure, fit, cost, most, within }) => {
        const best = bestOf(fit, most / cost);
        const { parameters, tokens } = best;
        return `Of ${short(most, "G")}FLOP, the most of a row, ${measure.measure.name} would make ${short(parameters)} parameters and ${short(tokens)} tokens, ${Number((tokens / parameters).toPrecision(2))} tokens a parameter${within(best) ? "" : ", which is beyond the rows"}. `;
      }).join(""),
      "Hoffmann et al. found α = 0.34, β = 0.28 and about 20 tokens a parameter.",
    ),
  ];
}
