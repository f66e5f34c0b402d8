// Properties of the grammar over random texts. A failure prints its seed; `SEED=n` runs it again.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { format } from "../../grammar/format.ts";
import { parse } from "../../grammar/parse.ts";
import { printTree } from "../../grammar/print-ast.ts";
import { mutate, mutateTokens, mutation, pieces, tokenMutation } from "../harness/mutations.ts";
import { published } from "../harness/published.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000_007);
const settings = { seed, endOnFailure: true };
const sources = published().map((file) => readFileSync(file, "utf8"));

/** A stretch of a real file, cut at lines so that many of them are nearly right. */
const excerpt = fc.tuple(fc.constantFrom(...sources), fc.nat(), fc.integer({ min: 1, max: 40 })).map(([text, at, count]) => {
  const lines = text.split("\n");
  const start = at % lines.length;
  return lines.slice(start, start + count).join("\n");
});

function check(text: string): void {
  const start = performance.now();
  const { tree, diagnostics } = parse(text, "x.pt");
  expect(performance.now() - start).toBeLessThan(1_000);
  for (const { start: from, end, fixes, message } of diagnostics) {
    expect(message, "the grammar is total: its safety net is never needed").not.toMatch(/cannot stand here$/);
    expect(from.offset).toBeLessThanOrEqual(end.offset);
    expect(end.offset).toBeLessThanOrEqual(text.length);
    for (const edit of fixes.flatMap((fix) => fix.edits)) expect(edit.start >= 0 && edit.start <= edit.end && edit.end <= text.length).toBe(true);
  }
  printTree(tree);
}

describe(`seed ${seed}`, () => {
  test("mutated text never throws", { timeout: 60_000 }, () => fc.assert(fc.property(excerpt, fc.array(mutation, { minLength: 1, maxLength: 6 }), (text, mutations) => check(mutate(text, mutations))), { ...settings, numRuns: 3_000 }));

  test("mutated tokens never throw", { timeout: 60_000 }, () => fc.assert(fc.property(excerpt, fc.array(tokenMutation, { minLength: 1, maxLength: 4 }), (text, mutations) => check(mutateTokens(text, mutations))), { ...settings, numRuns: 2_000 }));

  test("truncated text never throws", { timeout: 60_000 }, () => fc.assert(fc.property(fc.constantFrom(...sources), fc.nat(), (text, at) => check(text.slice(0, at % 3_000))), { ...settings, numRuns: 500 }));

  test("random pieces never throw", { timeout: 60_000 }, () => fc.assert(fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), (parts) => check(parts.join(" "))), { ...settings, numRuns: 2_000 }));

  test("what parses prints to a fixed point, with all its comments", { timeout: 60_000 }, () => fc.assert(fc.asyncProperty(excerpt, fc.array(tokenMutation, { maxLength: 2 }), fc.array(fc.nat(), { maxLength: 4 }), async (text, mutations, places) => {
    const commented = places.reduce((current, at, i) => {
      const lines = current.split("\n");
      lines[at % lines.length] += ` // note ${i}`;
      return lines.join("\n");
    }, mutateTokens(text, mutations));
    const source = parse(commented, "x.pt");
    if (source.diagnostics.length > 0) return;
    const first = await format(commented, "x.pt");
    if (!("text" in first)) throw new Error("a text without mistakes has a form");
    const again = parse(first.text, "x.pt");
    expect(again.diagnostics).toEqual([]);
    expect(again.tree.comments.map((comment) => comment.text).sort()).toEqual(source.tree.comments.map((comment) => comment.text).sort());
    expect(printTree({ ...again.tree, text: "" }, { docs: false })).toBe(printTree({ ...source.tree, text: "" }, { docs: false }));
    expect(await format(first.text, "x.pt")).toEqual(first);
  }), { ...settings, numRuns: 1_500 }));
});
