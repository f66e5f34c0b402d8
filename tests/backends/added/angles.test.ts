// WebGPU's sine and cosine: exact enough for positions of long contexts (`npm run test:webgpu`).

import { expect, test } from "vitest";
import { openSession } from "../../../runtime/session.ts";
import { isTested } from "../../harness/tested-backends.ts";

test.skipIf(!isTested("webgpu"))(`sine and cosine up to angles of ten thousands${isTested("webgpu") ? "" : " (npm run test:webgpu)"}`, async () => {
  const { tf } = await openSession("webgpu");
  await tf.setBackend("webgpu");
  const angles = Float32Array.from({ length: 4000 }, (_, i) => (i % 2 ? 1 : -1) * (i < 2000 ? i / 100 : (i - 2000) ** 1.25));
  const x = tf.tensor(angles);
  for (const [name, op] of [["sin", Math.sin], ["cos", Math.cos]] as const) {
    const y = tf[name](x);
    const values = await y.data();
    let worst = 0;
    angles.forEach((angle, i) => (worst = Math.max(worst, Math.abs(values[i] - op(angle)))));
    expect(worst, name).toBeLessThan(2e-6);
    y.dispose();
  }
  x.dispose();
});
