// PT7217: gradients without a loss.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

export const noLoss = defineDiagnostic<{ file: string; wanted: readonly string[] }>({
  code: "PT7217",
  slug: "no-loss",
  severity: "error",
  title: "Gradients need a loss.",
  message: ({ file, wanted }) => `\`${file}\` has no ${wanted.map((name) => `\`${name}\``).join(", ")} that count, so there is no loss to differentiate`,
  hint: ({ wanted }) => `add ${wanted.map((name) => `\`${name}\``).join(", ")}, or leave out \`--gradients\``,
  page: "The loss is the mean over labels other than -100; without any there is none.",
  failing: modelExample({ inputs: { input_ids: [[1, 2, 3]] }, command: ["apply", "model", "--inputs", "inputs.json", "--outputs", "out.safetensors", "--gradients", "gradients.safetensors"] }),
  fixed: modelExample({ command: ["apply", "model", "--inputs", "inputs.json", "--outputs", "out.safetensors", "--gradients", "gradients.safetensors"] }),
});
