// The file is a PyTorch checkpoint.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly container: "zip" | "pickle" }

export const pytorchCheckpoint = defineDiagnostic<Data>({
  code: "PT1003",
  slug: "pytorch-checkpoint",
  severity: "error",
  title: "The file is a PyTorch checkpoint",
  message: ({ container }) => `the file is a PyTorch checkpoint (${container === "zip" ? "a zip archive" : "a pickle"}), not a Ptarmigan file`,
  hint: () => "weights are read from a Hugging Face folder: `pt import DIR`",
  page: `PyTorch also ends its files in \`.pt\`. A checkpoint holds weights and cannot be read as a spec.

To start from published weights, run \`pt import DIR\` on a Hugging Face folder with \`config.json\` and \`model.safetensors\`.`,
  failing: "PK\u0003\u0004",
  fixed: "mask near(n) = causal & (query - key < n)\n",
});
