// rope (Su et al. 2021): queries and keys are rotated by their position, on the half-split layout of Llama.

import { oddRotation } from "../../grammar/diagnostics/PT4010-odd-rotation.ts";
import { definePosition } from "./define.ts";

export const rope = definePosition({
  word: "rope",
  doc: "Rotary positions: the pair of features (i, i + W/2) of each head turns by position / theta^(2i/W).",
  parameters: { theta: { type: { type: "number", minimum: 0, exclusive: true }, doc: "base of the wavelengths", default: "10_000" } },
  check: (_, { headWidth }, report) => {
    if (headWidth % 2) report(oddRotation, { width: headWidth }, "positions");
  },
  turn: (b, x, positions, heads, args) => b.rope(x, positions, { heads, theta: args.theta as number, inverse: false }),
});
