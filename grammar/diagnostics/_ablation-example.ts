// An ablation that checks, for examples that change one thing in it.

import { smallRun } from "./_run-example.ts";

/** `rows` are its `vary` statements, `more` its other fields, `evaluate` what the baseline measures. */
export function ablationExample({ rows = "vary model.width in [16, 32]", more = "", evaluate = "evaluate { data: novels.valid  metrics: [loss, perplexity] }", after = "" }: { readonly rows?: string; readonly more?: string; readonly evaluate?: string; readonly after?: string } = {}): string {
  return `${smallRun.replace("train: 10 steps", `train: 10 steps\n  ${evaluate}`)}${after}ablation sizes of small {
  ${rows}
  ${more}
}
`;
}
