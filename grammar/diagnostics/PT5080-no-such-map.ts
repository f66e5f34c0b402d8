// PT5080: a target of LoRA that the model does not have.

import { adaptExample } from "./_adapt-example.ts";
import { defineDiagnostic } from "./define.ts";

export const noSuchMap = defineDiagnostic<{ target: string; maps: readonly string[]; suggestion?: string }>({
  code: "PT5080",
  slug: "no-such-map",
  severity: "error",
  title: "a target of LoRA that the model does not have",
  message: ({ target, maps }) => `no linear map of the model is called \`${target}\`; it has ${maps.map((map) => `\`${map}\``).join(", ") || "none"}`,
  hint: ({ suggestion }) => suggestion,
  page: "`lora(targets: […])` stands beside linear maps, which are called by the last part of the names of their weights: `decoder.layers.0.attention.query.weight` is `query`. A `dense` is called as it is in the model: `dense`, `dense_2`, or the name of its `let`. Embeddings, norms and heads that a task brings are no targets.",
  failing: adaptExample("lora(targets: [querry, value])"),
  fixed: adaptExample("lora(targets: [query, value])"),
});
