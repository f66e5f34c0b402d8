// A process for the tests of sudden death: it saves one checkpoint after another, and says so, until it is killed.

import { loadCheckpoint, saveCheckpoint } from "../../runtime/checkpoints/checkpoint.ts";
import { lockRun } from "../../runtime/checkpoints/lock.ts";

const run = process.argv[2];
const values = 60_000;

export async function write(): Promise<void> {
  lockRun(run);
  const from = await loadCheckpoint(run, "last");
  for (let step = (from?.step ?? 0) + 1; ; step++) {
    const tensors = new Map(["a", "b"].map((name) => [name, { shape: [values], data: new Float32Array(values).fill(step) }]));
    // The second time replaces a step that is already there.
    for (const time of [1, 2]) {
      await saveCheckpoint(run, step, { weights: tensors, optimizer: tensors, state: { best_step: Math.max(1, step - (step % 5)), time } }, { keep: 2 });
      process.stdout.write(`${step}\n`);
    }
  }
}

await write();
