// PT5083: only biases are to be trained, and there are none.

import { adaptExample } from "./_adapt-example.ts";
import { defineDiagnostic } from "./define.ts";
import { tinyModel } from "./_run-example.ts";

const without = tinyModel.replace("mask: causal", "mask: causal, bias: off").replace("gelu)", "gelu, bias: off)");

export const withoutBiases = defineDiagnostic<{ model: string }>({
  code: "PT5083",
  slug: "without-biases",
  severity: "error",
  title: "only biases are to be trained, and there are none",
  message: ({ model }) => `the stacks of \`${model}\` have no biases`,
  page: "`adapt: bias` trains the biases of products and norms. Models such as T5 and Llama have none (`bias: off`, `rmsnorm`): use `lora`, `adapter` or `last` for them.",
  failing: adaptExample("bias", without),
  fixed: adaptExample("lora(rank: 2)", without),
});
