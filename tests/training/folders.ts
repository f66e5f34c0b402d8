// Temporary run folders with a little text, and reading what a run left there.

import { mkdtempSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomStream } from "../../compiler/random.ts";
import { listCheckpoints } from "../../runtime/checkpoints/checkpoint.ts";

export function makeBase(lines = 60): string {
  const base = mkdtempSync(join(tmpdir(), "pt-training-"));
  const random = randomStream(5, "text");
  const words = ["whale", "sea", "ship", "call", "me", "ishmael", "the", "of", "and"];
  writeFileSync(join(base, "data.txt"), Array.from({ length: lines }, () => Array.from({ length: 6 }, () => words[random.below(words.length)]).join(" ")).join("\n"));
  mkdirSync(join(base, "runs"));
  return base;
}

/** Everything that must not depend on interruptions: metrics, and the last checkpoint's tensors. */
export function endOf(folder: string): { metrics: string; weights: string; optimizer: string; step: number } {
  const last = listCheckpoints(folder).at(-1)!;
  const bytes = (name: string): string => readFileSync(join(last.folder, name)).toString("base64");
  return { metrics: readFileSync(join(folder, "metrics.jsonl"), "utf8"), weights: bytes("weights.safetensors"), optimizer: bytes("optimizer.safetensors"), step: last.step };
}
