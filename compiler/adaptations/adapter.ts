// adapter(width): a bottleneck after each sublayer (Houlsby et al. 2019): directly after the sublayer (and its dropout), before the
// residual's addition. So it stands before the norm of a post-norm layer, as in the paper, and at the end of a pre-norm residual.

import type { LayerArguments } from "../layers/define.ts";
import { adapter as layer } from "../layers/adapter.ts";
import { defineAdaptation } from "./define.ts";

export const adapter = defineAdaptation({
  word: "adapter",
  doc: "A layer `adapter(width)` ends each residual of the stacks; these layers, all norms and a task's own head are trained (Houlsby et al. 2019). They begin as the identity.",
  parameters: { ...layer.parameters, width: { ...layer.parameters.width, required: false, default: "64" } },
  trains: ({ word }) => word === "layernorm" || word === "rmsnorm",
  sublayer: (args) => ({ definition: layer, args: args as LayerArguments }),
});
