// swiglu: silu(gate x) · up x (Shazeer 2020, "GLU variants improve Transformer").

import { defineGated } from "./define.ts";

export const swiglu = defineGated({
  word: "swiglu",
  doc: "silu with `gated: on`.",
  of: "silu",
});
