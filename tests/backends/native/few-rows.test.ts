// Products with few rows go another way in C++ (few_rows.h): against float64 at every number of rows around its limit, and at odd widths.

import { expect, test } from "vitest";
import { createBuilder } from "../../../compiler/graph/builder.ts";
import { evaluateGraph } from "../../../compiler/graph/evaluate.ts";
import { backends } from "../../../runtime/backends/index.ts";
import { openSession } from "../../../runtime/session.ts";
import { normals } from "../../harness/random.ts";

const reason = await backends.native.available();

test.skipIf(reason !== null)(`products of 1 to 17 rows${reason ? ` (skipped: ${reason})` : ""}`, async () => {
  const session = await openSession("native");
  for (const M of [1, 2, 3, 4, 5, 8, 15, 16, 17]) {
    for (const [N, K] of [[1, 1], [5, 7], [33, 16], [70, 45], [130, 100]]) {
      const b = createBuilder();
      const shapes = { x: [M, K], w: [N, K], bias: [N], addend: [M, N] } as const;
      const [x, w, bias, addend] = Object.entries(shapes).map(([name, shape]) => b.input(name, { shape: [...shape], dtype: "float32" }));
      b.output("plain", b.linear(x, w, null));
      b.output("biased", b.linear(x, w, bias));
      b.output("added", b.linear_add(x, w, addend, bias));
      b.output("activated", b.linear_activate(x, w, bias, { activation: "gelu" })[0]);
      const graph = b.finish();
      const data = new Map(Object.entries(shapes).map(([name, shape]) => [name, normals(shape.reduce<number>((product, n) => product * n, 1), 5, name)]));
      const wanted = evaluateGraph(graph, data);
      const results = session.program(graph).run(new Map([...data].map(([name, values]) => [name, Float32Array.from(values)])));
      for (const [name, handle] of results) {
        const actual = await session.read(handle);
        wanted.get(name)!.forEach((value, i) => expect(Math.abs(actual[i] - value), `${name} ${M} × ${N} × ${K}`).toBeLessThan(2e-5 * Math.sqrt(K)));
      }
      session.dispose(results.values());
    }
  }
});
