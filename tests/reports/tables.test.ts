// Tables and texts: digits by their uncertainty, signs escaped, failures said, the same bytes for the same results.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pageOf } from "../../runtime/reports/_html.ts";
import { markdownOf, escaped } from "../../runtime/reports/_markdown.ts";
import { plainText, uncertainText } from "../../runtime/reports/_number-text.ts";
import { comparePublished } from "../../runtime/reports/_published.ts";
import { parseResult } from "../../runtime/reports/_result.ts";
import { summaryOf } from "../../runtime/reports/_summary.ts";
import { ablationCsv, ablationJson, ablationTable } from "../../runtime/reports/_table.ts";
import { accuracy, emptyResult, loss, resultOf, rowOf, seeded } from "./results.ts";

test("numbers have the digits that their uncertainty leaves", () => {
  expect(uncertainText(83.2847, 0.2351)).toBe("83.28 ± 0.24");
  expect(uncertainText(0.913452, 0.0998)).toBe("0.91 ± 0.10");
  expect(uncertainText(1234.6, 57.2)).toBe("1235 ± 57");
  expect(uncertainText(-0.004, 0.0021, true)).toBe("−0.0040 ± 0.0021");
  expect(uncertainText(0.004, 0.0021, true)).toBe("+0.0040 ± 0.0021");
  expect(uncertainText(3.14159, null)).toBe("3.142");
  expect(uncertainText(2.5, 0)).toBe("2.500 ± 0");
  expect(plainText(0)).toBe("0");
  expect(plainText(NaN)).toBe("not a number");
  expect(plainText(1.5e12)).toBe("1.50e+12");
});

const baseline = rowOf("base | \"one\"", { "spam.accuracy": seeded(0.8, 0.81, 0.82), loss: seeded(3, 3.1, 3.2) }, { baseline: true, values: [] });
const better = rowOf("<b>better</b>", { "spam.accuracy": seeded(0.9, 0.91, 0.93), loss: seeded(3.01, 3.09, 3.2) });
const job = (seed: number, status: "done" | "failed" | "waiting", why: string | null) => ({ seed, run: "spam", kind: "finetune" as const, hash: "a".repeat(64), folder: "x", shared: false, status, why, seconds: null, metrics: {} });
const broken = rowOf("broken", { "spam.accuracy": seeded(0.7) }, { jobs: [job(0, "done", null), job(1, "failed", "PT8002: no memory"), job(2, "failed", "PT8002: no memory")] });
const result = resultOf([baseline, better, broken], { measures: [accuracy, loss] });

test("a table marks what is beyond two deviations of the baseline, pairs differences, and says what failed", () => {
  const { columns, rows } = ablationTable(summaryOf(result));
  expect(columns.map(({ title }) => title)).toEqual(["", "spam.accuracy\u00a0↑", "difference", "loss\u00a0↓", "difference", "parameters", "FLOPs", "seeds"]);
  expect(rows.map(({ cells }) => cells)).toEqual([
    ["base | \"one\"", "0.810 ± 0.010", "baseline", "3.10 ± 0.10", "baseline", "1 k", "1 G", "3"],
    ["<b>better</b>", "0.913 ± 0.015", "+0.1033 ± 0.0033 *", "3.100 ± 0.095", "0.0000 ± 0.0058", "1 k", "1 G", "3"],
    ["broken", "0.7000", "−0.1100 *", "failed", "", "1 k", "1 G", "0–1"],
  ]);
  expect(rows[2].note).toBe("spam, seeds 1 and 2: PT8002: no memory");
});

test("what cannot be told apart shares its places, and losses are better when lower", () => {
  const lower = rowOf("lower", { loss: seeded(1, 1.1, 1.2) });
  const { measures } = summaryOf(resultOf([baseline, better, lower], { measures: [loss] }));
  expect(measures[0].cells.map(({ place }) => place)).toEqual([{ from: 2, to: 3 }, { from: 2, to: 3 }, { from: 1, to: 1 }]);
});

test("CSV escapes quotes and commas; neither it nor JSON knows time or machine", () => {
  const csv = ablationCsv(summaryOf(result));
  expect(csv.split("\n")[1]).toMatch(/^"base \| ""one""",,0\.81,0\.01,3,,,,/);
  const later = { ...result, started: "2030-01-01", seconds: 99, machine: { ...result.machine, cpu: "another" } };
  expect(ablationCsv(summaryOf(later))).toBe(csv);
  expect(JSON.stringify(ablationJson(summaryOf(later)))).toBe(JSON.stringify(ablationJson(summaryOf(result))));
});

test("one seed: no deviation, no mark, no ranking", () => {
  const one = summaryOf(resultOf([rowOf("a", { "spam.accuracy": seeded(0.5) }, { baseline: true }), rowOf("b", { "spam.accuracy": seeded(0.9) })], { seeds: [0] }));
  expect(ablationTable(one).rows[1].cells.slice(1, 3)).toEqual(["0.9000", "+0.4000"]);
  expect(one.measures[0].cells.map(({ place }) => place)).toEqual([{ from: 1, to: 2 }, { from: 1, to: 2 }]);
});

describe("the published table", () => {
  const published = { file: "t5.csv", columns: ["GLUE", "params"], rows: [{ label: "BASE one", values: [83.28, 220] }, { label: "<B>Better</B>", values: [80.1, 110] }, { label: "Baseline standard deviation", values: [0.235, null] }, { label: "another", values: [1, 1] }] };
  test("is matched by label whatever case and punctuation, and its deviation makes ties", () => {
    const compared = comparePublished(summaryOf({ ...result, published }))!;
    expect(compared.matched).toEqual([{ row: 0, published: 0 }, { row: 1, published: 1 }]);
    expect(compared.unmatched).toEqual(["another"]);
    expect(compared.columns[0]).toMatchObject({ title: "GLUE", deviation: 0.235, values: [83.28, 80.1, null], measure: null });
    expect(compared.columns[0].differences[1]).toBeCloseTo(-3.18, 10);
    expect(compared.agreements.map(({ measure, column, agreement }) => [measure.measure.name, column.title, agreement.counts, agreement.tau])).toEqual([
      ["spam.accuracy", "GLUE", { reproduced: 0, contradicted: 1, "cannot tell": 0 }, -1],
      ["loss", "GLUE", { reproduced: 0, contradicted: 0, "cannot tell": 1 }, null],
    ]);
    const close = { ...published, rows: [published.rows[0], { label: "<b>better</b>", values: [83.0, 110] }, published.rows[2]] };
    expect(comparePublished(summaryOf({ ...result, published: close }))!.agreements[0].agreement.pairs[0]).toMatchObject({ verdict: "cannot tell", tie: "published" });
  });
  test("stands beside the measure of its name, with the difference", () => {
    const named = { file: "ours.csv", columns: ["accuracy"], rows: [{ label: "<b>better</b>", values: [0.9] }] };
    const { columns, rows } = ablationTable(summaryOf({ ...result, published: named }));
    expect(columns.slice(1, 5).map(({ title }) => title)).toEqual(["spam.accuracy\u00a0↑", "difference", "published", "ours − published"]);
    expect(rows[1].cells.slice(3, 5)).toEqual(["0.9000", "+0.013 ± 0.015"]);
  });
});

describe("signs of Markdown and HTML in labels stay signs", () => {
  test("by example", () => {
    expect(escaped("a | <b> *c* `d` [e](f) _g_ h_i\n2")).toBe("a \\| &lt;b&gt; \\*c\\* \\`d\\` \\[e\\](f) \\_g\\_ h_i 2");
    const { text } = markdownOf("# t", [{ title: "s", blocks: [ablationTable(summaryOf(result)), { kind: "code", text: "```\nx", language: "pt" }, { kind: "text", text: [{ code: "a|b`c" }] }] }], "report");
    expect(text).toContain("| **base \\| \"one\"** |");
    expect(text).toContain("````pt\n```\nx\n````");
    expect(text).toContain("``a\\|b`c``");
  });
  test("no text makes an element of its own, or another column", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), fc.constantFrom("<", "|", "&", "\"", "'", "`"), (label, sign) => {
      const block = { kind: "table", caption: label + sign, columns: [{ title: sign + label }, { title: "n", numeric: true }], rows: [{ cells: [label + sign, "1"], note: sign + label }] } as const;
      const html = pageOf("t", "s", [{ title: "x", blocks: [block] }]);
      expect([...html.matchAll(/<(?!\/)[a-z0-9]+/g)].map(([tag]) => tag).join()).toBe([...pageOf("t", "s", [{ title: "x", blocks: [{ ...block, caption: "c", columns: [{ title: "x" }, { title: "n", numeric: true }], rows: [{ cells: ["l", "1"], note: "n" }] }] }]).matchAll(/<(?!\/)[a-z0-9]+/g)].map(([tag]) => tag).join());
      const lines = markdownOf("t", [{ title: "x", blocks: [{ ...block, caption: "" }] }], "r").text.split("\n").filter((line) => line.startsWith("|"));
      for (const line of lines) expect(line.replace(/\\[\\|]/g, "").split("|").length, line).toBe(4);
    }));
  });
});

test("a result that is none is refused with a place", () => {
  expect(() => parseResult("{", "result.json")).toThrow(/PT8045.*cut off/);
  expect(() => parseResult(JSON.stringify({ ...emptyResult, rows: [{}] }), "result.json")).toThrow(/PT8045.*rows\.0 must have required property/);
  expect(parseResult(JSON.stringify(emptyResult), "result.json").name).toBe("empty");
});
