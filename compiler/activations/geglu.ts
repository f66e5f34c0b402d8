// geglu: gelu(gate x) · up x (Shazeer 2020, "GLU variants improve Transformer").

import { defineGated } from "./define.ts";

export const geglu = defineGated({
  word: "geglu",
  doc: "gelu with `gated: on`.",
  of: "gelu",
});
