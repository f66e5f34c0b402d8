// A safetensors file that is truncated or not one.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const damagedSafetensors = defineDiagnostic<{ readonly file: string; readonly reason: string }>({
  code: "PT8102",
  slug: "damaged-safetensors",
  severity: "error",
  title: "A safetensors file is damaged.",
  message: (data) => `\`${data.file}\` is not a whole safetensors file: ${data.reason}`,
  hint: () => "fetch or write it again",
  page: "A safetensors file is 8 bytes of header length, a JSON header that places every tensor, and the tensors without gaps. A download that stopped early, a Git LFS pointer or another format fails one of these checks, and nothing of it is used.",
  failing: dataExample({ beside: { "model/config.json": "{\"model_type\": \"gpt2\"}", "model/model.safetensors": "version https://git-lfs.github.com/spec/v1\n", "inputs.json": "{\"input_ids\": [[1]]}" }, command: ["apply", "model", "--inputs", "inputs.json", "--outputs", "out.safetensors"] }),
  fixed: dataExample(),
});
