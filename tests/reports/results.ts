// Results of made-up ablations, deterministic: numbers are drawn, specs and plans are real.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, compileRun } from "../../compiler/compile.ts";
import { randomStream } from "../../compiler/random.ts";
import { catalog } from "../../runtime/catalog.ts";
import type { AblationResult, AblationRow } from "../../runtime/reports/_result.ts";

export const noMachine = { cpu: "A processor", cores: 2, backend: "native", version: "0.1.0" };

export const emptyResult: AblationResult = { name: "empty", file: "spec.pt", spec: "", hash: "0".repeat(64), machine: noMachine, started: null, seconds: 0, seeds: [], axes: [], measures: [], rows: [], published: null, fit: null, asserts: [] };

export const rowOf = (label: string, results: AblationRow["results"], more: Partial<AblationRow> = {}): AblationRow => ({ label, values: [label], baseline: false, spec: "", changes: [], parameters: 1000, flops: 1e9, tokens: 1e6, memory: null, model: "tiny", masks: [], jobs: [], results, ...more });

/** One value a seed, from 0 on. */
export const seeded = (...values: readonly number[]): { seed: number; value: number }[] => values.map((value, seed) => ({ seed, value }));

export const accuracy = { name: "spam.accuracy", metric: "accuracy", higher_is_better: true } as const;
export const loss = { name: "loss", metric: "loss", higher_is_better: false } as const;

export function resultOf(rows: readonly AblationRow[], more: Partial<AblationResult> = {}): AblationResult {
  return { ...emptyResult, name: "table", seeds: [0, 1, 2], axes: [{ title: "model", rows: rows.filter(({ baseline }) => !baseline).map(({ label }) => label) }], measures: [accuracy], rows, ...more };
}

const specFor = (mask: string, layers: number, width: number): string => `model tiny(width = ${width}, layers = ${layers}, vocab = 300, context = 64) {
  decoder {
    embed: tokens(vocab, width) + learned_positions(context)
    repeat layers { residual { rmsnorm attention(2, mask: ${mask}) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
  head lm { tied }
}
data novels { files: "texts/*.txt"  split { train: 90%  valid: 10% } }
tokenizer letters { kind: bytes  special: [<pad>, <eos>] }
pretrain small { model: tiny  tokenizer: letters  data: novels  objective: causal_lm  length: 32  batch: 4 examples  train: 300 steps  optimizer: adamw(lr: 1e-3) }
`;

function planOf(mask: string, layers: number, width: number): { spec: string; parameters: number } {
  const compiled = compileRun(check(specFor(mask, layers, width), catalog, { file: "spec.pt" }), undefined);
  if (!compiled.plan) throw new Error(compiled.diagnostics.map(({ message }) => message).join("\n"));
  return { spec: compiled.plan.spec, parameters: compiled.plan.costs.parameters.total };
}

export interface Made { readonly label: string; readonly accuracy: number; readonly loss: number; readonly mask?: string; readonly layers?: number; readonly width?: number; readonly failed?: string }

/** An ablation with curves, under `folder`: `runs/<name>/result.json` and a folder for each job. */
export function writeAblation(runs: string, name: string, rows: readonly Made[], more: Partial<AblationResult> = {}, { seeds = 3, spread = 0.006 }: { readonly seeds?: number; readonly spread?: number } = {}): AblationResult {
  const numbers = Array.from({ length: seeds }, (_, seed) => seed);
  const made = rows.map((row, i): AblationRow => {
    const { mask = "causal", layers = 2, width = 16 } = row;
    const { spec, parameters } = planOf(mask, layers, width);
    const drawn = numbers.map((seed) => ({ seed, common: randomStream(seed, "common").normal(), own: randomStream(seed, "own", i).normal() }));
    const folderOf = (run: string, seed: number): string => `${name}-${run}-${i}-${seed}`;
    for (const { seed, common, own } of drawn) {
      if (row.failed) continue;
      const noise = randomStream(seed, "curve", i);
      const curve = (step: number, to: number): number => to + (5.5 - to) * Math.exp(-step / 60) + 0.02 * noise.normal();
      for (const run of ["small", "spam"]) {
        const lines: object[] = [];
        for (let step = 1; step <= 300; step++) {
          lines.push({ step, loss: curve(step, row.loss + 0.01 * common), rate: 1e-3 });
          if (step % 50 === 0) lines.push({ step, evaluation: run === "small" ? { loss: curve(step, row.loss + 0.05) } : { loss: curve(step, 0.2), accuracy: row.accuracy * (1 - Math.exp(-step / 40)) + 0.004 * own } });
        }
        if (run === "small") lines.push({ step: 300, prompt: "Call me", sample: ` <b>Ishmael</b> of row ${i}.\nSome years ago | never mind.` });
        const folder = join(runs, folderOf(run, seed));
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, "metrics.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
      }
    }
    const hash = (run: string): string => `${run}${i}`.padEnd(64, "0");
    const jobs = drawn.flatMap(({ seed }) => (["small", "spam"] as const).map((run) => ({
      seed, run, kind: run === "small" ? ("pretrain" as const) : ("finetune" as const), hash: hash(run), folder: folderOf(run, seed), shared: false,
      status: row.failed && run === "small" ? ("failed" as const) : row.failed ? ("waiting" as const) : ("done" as const), why: row.failed && run === "small" ? row.failed : null, seconds: row.failed ? null : 40, metrics: {},
    })));
    return {
      label: row.label, values: i === 0 ? [] : [row.label], baseline: i === 0, spec,
      changes: i === 0 ? [] : [...(mask !== "causal" ? [{ path: "model.decoder.layers.*.attention.mask", from: "causal", to: mask }] : []), ...(layers !== 2 ? [{ path: "model.layers", from: "2", to: String(layers) }] : []), ...(width !== 16 ? [{ path: "model.width", from: "16", to: String(width) }] : [])],
      parameters, flops: 6 * parameters * 38_400, tokens: 38_400, memory: 2e6, model: `tiny(layers: ${layers}, width: ${width})`, masks: [{ title: "self-attention of the decoder", expression: mask }], jobs,
      results: row.failed ? {} : { "spam.accuracy": drawn.map(({ seed, common, own }) => ({ seed, value: row.accuracy + spread * (common + 0.4 * own) })), loss: drawn.map(({ seed, common, own }) => ({ seed, value: row.loss * (1 + 0.004 * common + 0.002 * own) })) },
    };
  });
  const result: AblationResult = { ...emptyResult, name, spec: specFor("causal", 2, 16), hash: "a1b2c3d4".repeat(8), started: "2026-01-02T03:04:05Z", seconds: 1234, seeds: numbers, axes: [{ title: "model", rows: rows.slice(1).map(({ label }) => label) }], measures: [accuracy, loss], rows: made, ...more };
  mkdirSync(join(runs, name), { recursive: true });
  writeFileSync(join(runs, name, "result.json"), JSON.stringify(result));
  return result;
}
