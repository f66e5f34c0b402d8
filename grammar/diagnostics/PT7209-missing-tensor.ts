// PT7209: a weight of the model that the file lacks.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

export const missingTensor = defineDiagnostic<{ tensor: string | null; ours: string; suggestion?: string | undefined }>({
  code: "PT7209",
  slug: "missing-tensor",
  severity: "error",
  title: "A weight of the model is not in the file.",
  message: ({ tensor, ours }) => (tensor === null ? `no tensor is mapped to the weight \`${ours}\`` : `the tensor \`${tensor}\` is missing (the weight \`${ours}\`)`),
  hint: ({ suggestion }) => suggestion ?? "the configuration and the weights may be of different models, or the file is a part of them",
  page: "A weight that the file does not hold would start at random. That is never done silently.",
  failing: modelExample({ tensors: { "transformer.ln_f.bias": null } }),
  fixed: modelExample(),
});
