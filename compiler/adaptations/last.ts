// last(n): the topmost layers and the heads.

import { tooManyLayers } from "../../grammar/diagnostics/PT5081-too-many-layers.ts";
import { defineAdaptation } from "./define.ts";

export const last = defineAdaptation({
  word: "last",
  doc: "The heads and the last n layers of the stacks that they read are trained (copies of the innermost `repeat`, from the top), with what follows them; weights that a lower layer shares with one of these are trained too.",
  parameters: { layers: { type: { type: "integer", minimum: 1 }, doc: "how many", positional: true, required: true } },
  check: (args, { layers }, report) => {
    if ((args.layers as number) > layers) report(tooManyLayers, { wanted: args.layers as number, layers }, "layers");
  },
  trains: (use, args) => use.head || (use.above !== null && use.above < (args.layers as number)),
});
