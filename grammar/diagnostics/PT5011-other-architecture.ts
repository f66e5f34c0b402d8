// PT5011: a run that starts from the weights of another architecture.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

const longer = (layers: number): string => `${smallRun.replace("model tiny(width = 8)", "model tiny(width = 8, layers = 2)").replace("repeat 2", "repeat layers")}pretrain longer from small { model: tiny(layers: ${layers})  data: novels  objective: causal_lm  batch: 2 examples  train: 5 steps  optimizer: sgd(lr: 1e-3) }\n`;

export const otherArchitecture = defineDiagnostic<{ run: string; from: string; weight: string; ours: string | null; theirs: string | null }>({
  code: "PT5011",
  slug: "other-architecture",
  severity: "error",
  title: "a run that starts from the weights of another architecture",
  message: ({ run, from, weight, ours, theirs }) => `\`${run}\` cannot start from \`${from}\`: \`${weight}\` is ${ours ?? "absent"} here and ${theirs ?? "absent"} there`,
  hint: ({ from }) => `leave \`model\` out: it is inherited from \`${from}\``,
  page: "`from` loads weights by name and shape. New heads start fresh; any other difference would leave a part of the model silently random, or silently drop one.",
  failing: longer(3),
  fixed: longer(2),
});
