// reglu: relu(gate x) · up x (Shazeer 2020, "GLU variants improve Transformer").

import { defineGated } from "./define.ts";

export const reglu = defineGated({
  word: "reglu",
  doc: "relu with `gated: on`.",
  of: "relu",
});
