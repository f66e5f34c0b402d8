// Prints the sha256 of what kernels give for fixed random cases and for three training steps. Started by threads.test.ts.

import { batchOf } from "../../objectives/plans.ts";
import { createHash } from "node:crypto";
import { openSession } from "../../../runtime/session.ts";
import { initialParameters, initialState } from "../../../runtime/training/parameters.ts";
import { createTrainer } from "../../../runtime/training/trainer.ts";
import { tinyPlan } from "../../training/tiny-plan.ts";
import { randomAttention, randomLoss, randomProduct, randomRows, randomUpdate } from "./random.ts";

const session = await openSession("native");
const hash = createHash("sha256");
for (let seed = 1000; seed < 1040; seed++) {
  for (const { graph, feeds } of [randomProduct(seed), randomAttention(seed, false), randomAttention(seed, true), randomAttention(seed, true, { precision: "bf16" }), randomLoss(seed), randomRows(seed), randomUpdate(seed)]) {
    const results = session.program(graph).run(feeds);
    for (const handle of results.values()) hash.update(new Uint8Array((await session.read(handle)).buffer));
    session.dispose(results.values());
  }
}
const plan = tinyPlan({ layers: 2, width: 96, heads: 4, length: 80, vocab: 300, batch: 5, micro: 5, dropout: 0.1 });
const trainer = createTrainer(session, plan, initialParameters(plan), initialState(plan));
const size = 5 * 80;
for (let step = 1; step <= 3; step++) {
  const ids = Int32Array.from({ length: size }, (_, i) => (i * 7919 * step) % 259);
  const batch = batchOf(5, { tokens: ids, "lm.targets": ids.map((id) => (id * 3) % 259), positions: ids.map((_, i) => i % 80), real: new Int32Array(size).fill(1), documents: ids.map((_, i) => Math.floor((i % 80) / 30)), "lm.weights": new Float32Array(size).fill(1) });
  const { gradients } = await trainer.gradients(batch, step, 0);
  await trainer.update(gradients, 1e-3, step);
}
for (const { data } of (await trainer.read()).weights.values()) hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
console.log(hash.digest("hex"));
