// Properties of the checker over damaged specs. A failure prints its seed; `SEED=n` runs it again.

import { readFileSync, readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blocks } from "../../grammar/blocks/index.ts";
import { runExample } from "../../grammar/diagnostics/_run-example.ts";
import { compileRun } from "../../compiler/compile.ts";
import { checkText, root } from "../harness/compiling.ts";
import { mutate, mutateTokens, mutation, tokenMutation } from "../harness/mutations.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000_007);
const settings = { seed, endOnFailure: true };
const specs = readdirSync(`${root}specs`).filter((name) => name.endsWith(".pt")).map((name) => readFileSync(`${root}specs/${name}`, "utf8"));
const examples = readdirSync(`${root}examples`).map((name) => readFileSync(`${root}examples/${name}/spec.pt`, "utf8"));
const sources = [...specs, ...examples, runExample(), ...Object.values(blocks).map((block) => block.example)];

/** Checking takes any text, in bounded time, and gives places inside it. */
function checks(text: string): void {
  const start = performance.now();
  const result = checkText(text);
  expect(performance.now() - start).toBeLessThan(5_000);
  for (const { file, start: from, end, message, fixes } of result.diagnostics) {
    expect(message).not.toMatch(/undefined|\[object/);
    if (file !== "main.pt") continue;
    expect(from.offset).toBeLessThanOrEqual(end.offset);
    expect(end.offset).toBeLessThanOrEqual(text.length);
    for (const edit of fixes.flatMap((fix) => fix.edits)) expect(edit.end).toBeLessThanOrEqual(text.length);
  }
}

/** A number that stands somewhere, replaced by an unlikely one. */
const numbers = fc.record({ at: fc.nat(), value: fc.constantFrom("0", "-1", "1.5", "1e300", "1e-300", "10M", "0%", "200%", "3 epochs", "1 / 0", "2 ^ 0.5", "<pad>", "off", '"x"') });

function replaceNumber(text: string, { at, value }: { at: number; value: string }): string {
  const found = [...text.matchAll(/\b\d[\d_.]*(?:e-?\d+)?[kMBT%]?\b/g)];
  if (!found.length) return text;
  const { index, 0: old } = found[at % found.length];
  return text.slice(0, index) + value + text.slice(index + old.length);
}

describe(`damaged specs (SEED=${seed})`, () => {
  test("replaced stretches", { timeout: 120_000 }, () => fc.assert(fc.property(fc.constantFrom(...sources), fc.array(mutation, { minLength: 1, maxLength: 4 }), (text, mutations) => checks(mutate(text, mutations))), { ...settings, numRuns: 1_000 }));

  test("swapped, doubled and dropped tokens", { timeout: 120_000 }, () => fc.assert(fc.property(fc.constantFrom(...sources), fc.array(tokenMutation, { minLength: 1, maxLength: 3 }), (text, mutations) => checks(mutateTokens(text, mutations))), { ...settings, numRuns: 1_500 }));

  test("unlikely numbers", { timeout: 120_000 }, () => fc.assert(fc.property(fc.constantFrom(...sources), numbers, (text, change) => checks(replaceNumber(text, change))), { ...settings, numRuns: 800 }));

  test("a run that checks clean has a plan or a diagnostic", { timeout: 120_000 }, () => fc.assert(fc.property(fc.constantFrom(runExample(), sources.at(-1)!), fc.array(tokenMutation, { maxLength: 1 }), numbers, (text, mutations, change) => {
    const damaged = replaceNumber(mutateTokens(text, mutations), { ...change, value: change.value === "10M" ? "7" : change.value });
    const result = checkText(damaged);
    const small = [...result.runs.values()].filter((run) => run.batch * run.length <= 4_096 && run.architecture.stacks.every((stack) => stack.width <= 512));
    for (const { name } of small) {
      const compiled = compileRun(result, name);
      expect(compiled.plan !== null || compiled.diagnostics.length > 0).toBe(true);
    }
  }), { ...settings, numRuns: 150 }));
});
