// Products of grouped rows on the backends with kernels for them, against `evaluate` in float64, on random sizes and groups.

import { expect, test } from "vitest";
import { createBuilder } from "../../compiler/graph/builder.ts";
import { evaluateGraph } from "../../compiler/graph/evaluate.ts";
import { sizeOf, type Shape } from "../../compiler/graph/node.ts";
import { groupedLinear } from "../../compiler/ops/grouped_linear.ts";
import { randomStream } from "../../compiler/random.ts";
import { loadBinding } from "../../runtime/backends/native/_binding.ts";
import { openSession } from "../../runtime/session.ts";

const found = loadBinding();
const backends = typeof found === "string" ? ["wasm"] : ["wasm", "native"];
if (typeof found === "string") console.log(`grouped products on native are skipped: ${found}`);
const first = Number(process.env["PT_FUZZ_SEED"] ?? 1);
const count = Number(process.env["PT_FUZZ"] ?? 40);

test.each(backends)("grouped products of random sizes on %s", async (backend) => {
  const session = await openSession(backend);
  for (let seed = first; seed < first + count; seed++) {
    const random = randomStream(seed, "grouped");
    const extent = (most: number): number => 1 + random.below(random.below(3) ? 12 : most);
    const [groups, I, O] = [extent(20), extent(200), extent(200)];
    // About every third group is empty, and some rows belong to none.
    const offsets = [0];
    for (let g = 0; g < groups; g++) offsets.push(offsets[g] + (random.below(3) ? random.below(30) : 0));
    const P = offsets[groups] + 1 + random.below(4);
    const transposed = random.below(2) === 1;
    const b = createBuilder();
    const feeds = new Map<string, Float32Array | Int32Array>();
    const input = (name: string, shape: Shape) => {
      feeds.set(name, Float32Array.from({ length: sizeOf(shape) }, () => random.normal()));
      return b.input(name, { shape, dtype: "float32" });
    };
    feeds.set("offsets", Int32Array.from(offsets));
    const at = b.input("offsets", { shape: [groups + 1], dtype: "int32" });
    const [x, dy] = [input("x", [P, I]), input("dy", [P, O])];
    const weights = Array.from({ length: groups }, (_, g) => input(`weight ${g}`, transposed ? [O, I] : [I, O]));
    b.output("y", groupedLinear(b, x, at, weights, { first: 0, transposed }));
    for (let g = 0; g < groups; g++) b.output(`product ${g}`, b.grouped_product(dy, x, at, { group: g }));
    const graph = b.finish();
    const expected = evaluateGraph(graph, new Map([...feeds].map(([name, data]) => [name, data instanceof Int32Array ? data : Float64Array.from(data)])));
    const before = session.memory();
    const results = session.program(graph).run(feeds);
    for (const [name, values] of expected) {
      const actual = await session.read(results.get(name)!);
      const bound = 2e-5 * Math.max(1e-3, ...Array.from(values, Math.abs));
      values.forEach((value, i) => Math.abs(actual[i] - value) <= bound || expect.fail(`seed ${seed}, ${groups} groups, [${P}, ${I}] to ${O}: ${name}[${i}] is ${actual[i]}, not ${value}`));
    }
    session.dispose(results.values());
    expect(session.memory()).toEqual(before);
  }
});
