// PT7211: a weight that is not stored as floating-point numbers.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

export const wrongTensorType = defineDiagnostic<{ tensors: readonly string[]; type: string }>({
  code: "PT7211",
  slug: "wrong-tensor-type",
  severity: "error",
  title: "A weight is not stored as floating-point numbers.",
  message: ({ tensors, type }) => `${tensors.length === 1 ? "the tensor" : `${tensors.length} tensors, among them`} \`${tensors[0]}\` ${tensors.length === 1 ? "holds" : "hold"} ${type}; weights are F32, F16, BF16 or F64`,
  hint: () => "quantized weights are not read: fetch the model in one of those types",
  page: "Integers and 8-bit floats are quantized weights, which need scales that their own libraries know.",
  failing: modelExample({ type: "I32" }),
  fixed: modelExample(),
});
