// Training on a backend that was added: it learns as cpu does, an interrupted run ends with the bytes of a whole one, and nothing is left behind.
// `npm run test:tensorflow` and `npm run test:webgpu` run it.

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../compiler/random.ts";
import { measureBackend } from "../../../runtime/backends/_measure.ts";
import { openSession } from "../../../runtime/session.ts";
import type { TrainEvent } from "../../../runtime/training/events.ts";
import { trainPlan } from "../../../runtime/training/loop.ts";
import { initialParameters, initialState } from "../../../runtime/training/parameters.ts";
import { createTrainer } from "../../../runtime/training/trainer.ts";
import { isTested } from "../../harness/tested-backends.ts";
import { batchOf } from "../../objectives/plans.ts";
import { endOf, makeBase } from "../../training/folders.ts";
import { tinyPlan } from "../../training/tiny-plan.ts";

for (const backend of ["tensorflow", "webgpu"]) {
  describe.skipIf(!isTested(backend))(`${backend}${isTested(backend) ? "" : ` (npm run test:${backend})`}`, () => {
    // Small and short: a software adapter takes a second and more for a step.
    const steps = backend === "webgpu" ? 2 : 12;
    const plan = tinyPlan({ steps, dropout: 0.1, batch: 2, micro: 1, ...(backend === "webgpu" ? { width: 8, heads: 1, length: 8 } : {}), plan: { samples: null, ...(backend === "webgpu" ? { evaluation: null } : {}) } });

    test("its losses are those of cpu", async () => {
      const base = makeBase();
      const losses = async (word: string): Promise<number[]> => {
        const list: number[] = [];
        await trainPlan(plan, { folder: join(base, "runs", word), base, backend: word, emit: (event) => event.event === "step" && list.push(event.loss) });
        return list;
      };
      const [own, reference] = [await losses(backend), await losses("cpu")];
      expect(own.length).toBe(steps);
      // Rounding differs, and Adam magnifies it at the first steps.
      own.forEach((loss, step) => expect(Math.abs(loss - reference[step]), `step ${step + 1}`).toBeLessThan(1e-3 * reference[step]));
    });

    test("interrupted after any step, a run ends with the bytes of one that never stopped", async () => {
      const base = makeBase();
      const whole = join(base, "runs", "whole");
      await trainPlan(plan, { folder: whole, base, backend });
      const seed = Date.now() % 100_000;
      const random = randomStream(seed, "interrupt");
      const folder = join(base, "runs", "interrupted");
      let outcome: string | null = null;
      for (let starts = 0; outcome !== "done" && starts < 30; starts++) {
        const controller = new AbortController();
        let left = 1 + random.below(2);
        const emit = (event: TrainEvent): void => void (event.event === "step" && --left === 0 && controller.abort());
        outcome = (await trainPlan(plan, { folder, base, backend, signal: controller.signal, emit })).status;
      }
      expect(outcome, `seed ${seed}`).toBe("done");
      expect(endOf(folder), `seed ${seed}`).toEqual(endOf(whole));
    });

    test("tensors alive stay the same over steps", async () => {
      const session = await openSession(backend);
      const small = tinyPlan({ width: 4, heads: 1, length: 4, batch: 2, micro: 1 });
      const before = session.memory();
      const trainer = createTrainer(session, small, initialParameters(small), initialState(small));
      const batch = batchOf(2, { tokens: new Int32Array(8).fill(3), "lm.targets": new Int32Array(8).fill(4), positions: Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3), real: new Int32Array(8).fill(1), documents: new Int32Array(8), "lm.weights": new Float32Array(8).fill(1) });
      const step = async (n: number): Promise<void> => void (await trainer.update((await trainer.gradients(batch, n, 0)).gradients, 1e-3, n));
      await step(1);
      const alive = session.memory();
      for (let n = 2; n <= (backend === "webgpu" ? 3 : 40); n++) await step(n);
      expect(session.memory()).toEqual(alive);
      trainer.dispose();
      expect(session.memory()).toEqual(before);
    });

    test("its speed is measured", async () => {
      expect(await measureBackend(backend)).toBeGreaterThan(0);
    });
  });
}
