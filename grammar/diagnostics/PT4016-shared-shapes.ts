// PT4016: weights that cannot be shared.

import { defineDiagnostic } from "./define.ts";

export const sharedShapes = defineDiagnostic<{ path: string; other: string; leaf: string; ours: readonly number[] | null; theirs: readonly number[] | null }>({
  code: "PT4016",
  slug: "shared-shapes",
  severity: "error",
  title: "weights that cannot be shared",
  message: ({ path, other, leaf, ours, theirs }) => `\`${path}\` cannot share \`${leaf}\` with \`${other}\`: it is ${ours ? `[${ours.join(", ")}]` : "absent"} here and ${theirs ? `[${theirs.join(", ")}]` : "absent"} there`,
  page: "`share: encoder` makes corresponding layers of two stacks use one set of weights, so they must have the same shapes.",
  failing: `model t(width = 8) { encoder { embed: tokens(300, width) repeat 2 { residual { rmsnorm mlp(16, relu) } } } decoder { share: encoder embed: tokens(300, width) repeat 2 { residual { rmsnorm mlp(32, relu) } } } }
`,
  fixed: `model t(width = 8) { encoder { embed: tokens(300, width) repeat 2 { residual { rmsnorm mlp(16, relu) } } } decoder { share: encoder embed: tokens(300, width) repeat 2 { residual { rmsnorm mlp(16, relu) } } } }
`,
});
