// Kernels on random shapes, on every instruction set that this CPU has, against `evaluate` in float64.
// `PT_FUZZ` sets how many cases of each kind, `PT_FUZZ_SEED` the first.

import { describe, expect, test } from "vitest";
import { opOf } from "../../../compiler/graph/builder.ts";
import { evaluateGraph } from "../../../compiler/graph/evaluate.ts";
import type { Graph } from "../../../compiler/graph/node.ts";
import { isBfloat16 } from "../../../compiler/ops/_precision.ts";
import { loadBinding, testedSets } from "../../../runtime/backends/native/_binding.ts";
import { openSession } from "../../../runtime/session.ts";
import type { Case } from "./random.ts";
import { randomAttention, randomLoss, randomProduct, randomRows, randomUpdate } from "./random.ts";

const found = loadBinding();
const count = Number(process.env["PT_FUZZ"] ?? 60);
const first = Number(process.env["PT_FUZZ_SEED"] ?? 1);
const kinds: Record<string, (seed: number) => Case> = {
  product: randomProduct, loss: randomLoss, attention: (seed) => randomAttention(seed, false), attention_gradient: (seed) => randomAttention(seed, true), rows: randomRows, update: randomUpdate,
  attention_bf16: (seed) => randomAttention(seed, false, { precision: "bf16" }), attention_gradient_bf16: (seed) => randomAttention(seed, true, { precision: "bf16" }),
};
/** What is rounded inside may fall to its other neighbour where a last place differs: half a unit of bfloat16 (tests/ops/precision.test.ts). */
const tolerance = ({ nodes }: Graph): number => (nodes.some(({ op, attributes }) => opOf(op).rounds_inside && isBfloat16(attributes)) ? 2 ** -9 : 2e-5);

describe.skipIf(typeof found === "string")(`native kernels${typeof found === "string" ? ` (skipped: ${found})` : ""}`, () => {
  for (const set of testedSets) {
    for (const [kind, make] of Object.entries(kinds)) {
      test(`${kind} on ${set}`, async (context) => {
        const { binding, set: own } = found as Exclude<typeof found, string>;
        if (!binding.choose(set)) context.skip(`this CPU has no ${set}`);
        const session = await openSession("native");
        try {
          for (let seed = first; seed < first + count; seed++) {
            const { title, graph, feeds } = make(seed);
            const expected = evaluateGraph(graph, new Map([...feeds].map(([name, data]) => [name, data instanceof Int32Array ? data : Float64Array.from(data)])));
            const before = session.memory();
            const results = session.program(graph).run(feeds);
            for (const [name, values] of expected) expectClose(await session.read(results.get(name)!), values, `seed ${seed}: ${title}: ${name}`, tolerance(graph));
            session.dispose(results.values());
            expect(session.memory()).toEqual(before);
          }
        } finally {
          binding.choose(own);
        }
      });
    }
  }
});

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, title: string, tolerance: number): void {
  let largest = 1e-3;
  for (let i = 0; i < expected.length; i++) largest = Math.max(largest, Math.abs(expected[i]));
  for (let i = 0; i < expected.length; i++) if (!(Math.abs(actual[i] - expected[i]) <= tolerance * largest)) expect.fail(`${title}[${i}]: ${actual[i]} instead of ${expected[i]}`);
}
