// Speed of a backend's matrix product, for `pt backends`.

import { createBuilder } from "../../compiler/graph/builder.ts";
import type { SessionOptions } from "../session.ts";
import { openSession } from "../session.ts";

/** Billions of floating-point operations a second of a square product in float32, the best of about 0.3 s. */
export async function measureBackend(word: string, options: SessionOptions = {}): Promise<number> {
  const session = await openSession(word, options);
  let best = 0;
  const end = performance.now() + 300;
  // Sizes grow while one product takes less than a tenth of the time.
  for (let size = 64; size <= 512 && performance.now() < end; size *= 2) {
    const b = createBuilder();
    const info = { shape: [size, size], dtype: "float32" } as const;
    b.output("z", b.matmul(b.input("x", info), b.input("y", info), { transpose_x: false, transpose_y: false }));
    const program = session.program(b.finish());
    const handles = new Map(["x", "y"].map((name) => [name, session.upload(new Float32Array(size * size).fill(0.5), info.shape)]));
    let quickest = Infinity;
    for (let run = 0; run < 20 && performance.now() < end; run++) {
      const began = performance.now();
      const results = program.run(handles);
      await session.read(results.get("z")!);
      quickest = Math.min(quickest, performance.now() - began);
      session.dispose(results.values());
    }
    session.dispose(handles.values());
    best = Math.max(best, (2 * size ** 3) / quickest / 1e6);
    if (quickest > 30) break;
  }
  return best;
}
