// loss, perplexity, bits_per_byte: by hand and against the goldens.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { metrics } from "../../runtime/metrics/index.ts";

const { loss, perplexity, bits_per_byte } = metrics;

test("by hand: 4 tokens of 1 bit each, 2 bytes", () => {
  const totals = { nats: 4 * Math.LN2, count: 4, bytes: 2 };
  expect(loss.value(totals)).toBeCloseTo(Math.LN2, 12);
  expect(perplexity.value(totals)).toBeCloseTo(2, 12);
  expect(bits_per_byte.value(totals)).toBeCloseTo(2, 12);
});

const file = join(process.env.PT_GOLDENS ?? new URL("../../../shared/goldens", import.meta.url).pathname, "metrics/perplexity.json");

interface Golden { readonly total_nll: number; readonly tokens: number; readonly utf8_bytes: number; readonly mean_nll?: number | null; readonly perplexity: number | null; readonly bits_per_byte: number }

test.skipIf(!existsSync(file))(`goldens (skipped without ${file})`, () => {
  const { cases, corpus } = JSON.parse(readFileSync(file, "utf8")) as { cases: Golden[]; corpus: Golden };
  for (const golden of [...cases.filter((item) => item.tokens > 0), corpus]) {
    const totals = { nats: golden.total_nll, count: golden.tokens, bytes: golden.utf8_bytes };
    if (golden.mean_nll) expect(loss.value(totals)).toBeCloseTo(golden.mean_nll, 5);
    expect(perplexity.value(totals) / golden.perplexity!).toBeCloseTo(1, 6);
    expect(bits_per_byte.value(totals)).toBeCloseTo(golden.bits_per_byte, 6);
  }
});
