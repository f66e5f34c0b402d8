// softcap(x): x · tanh(y / x): features bounded by x, nearly unchanged where they are small (Gemma 2, 2024).

import { defineLayer, numberIn } from "./define.ts";

export const softcap = defineLayer({
  word: "softcap",
  doc: "Bounds the features smoothly: cap * tanh(x / cap).",
  role: "stream",
  parameters: { cap: { type: { type: "number", minimum: 0, exclusive: true }, doc: "the bound", positional: true, required: true } },
  width: (_, input) => input.width,
  weights: () => ({}),
  build: (c, x, args) => {
    const cap = numberIn(args, "cap");
    return c.b.scale(c.b.activate(c.b.scale(x!, { factor: 1 / cap }), { activation: "tanh" }), { factor: cap });
  },
});
