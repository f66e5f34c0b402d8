// PT7210: a tensor whose shape is not that of the model.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

export const wrongTensorShape = defineDiagnostic<{ tensor: string; shape: readonly number[]; wanted: readonly number[] }>({
  code: "PT7210",
  slug: "wrong-tensor-shape",
  severity: "error",
  title: "A tensor has another shape than the model.",
  message: ({ tensor, shape, wanted }) => `the tensor \`${tensor}\` is [${shape.join(", ")}]; the configuration gives [${wanted.join(", ")}]`,
  hint: () => "the sizes in config.json must be those of the weights",
  page: "Shapes are compared after transposing and joining as the spec's `weights` block says; axes of length 1 may differ.",
  failing: modelExample({ config: { vocab_size: 9 } }),
  fixed: modelExample(),
});
