// PT5091: a run whose model writes no text cannot be prompted.

import { defineDiagnostic } from "./define.ts";
import { evaluationSpec } from "./_evaluation-example.ts";
import { smallRun } from "./_run-example.ts";

const masked = smallRun.replace("decoder", "encoder").replace("mask: causal", "mask: full").replace("head lm { tied }", "head mlm { tied }").replace("causal_lm", "masked").replace("<eos>", "<eos>, <mask>");

export const unpromptableRun = defineDiagnostic<{ run: string; heads: readonly string[] }>({
  code: "PT5091",
  slug: "unpromptable-run",
  severity: "error",
  title: "a run whose model writes no text",
  message: ({ run, heads }) => `\`${run}\` trains ${heads.map((name) => `\`${name}\``).join(", ")}, and no head \`lm\` on a decoder that could go on with a prompt`,
  hint: () => "measure an encoder by fine-tuning it",
  page: "A prompt is answered token by token, or its choices are ranked by their likelihood: both need a decoder with a head `lm` that the run trained. What an encoder knows is measured by a fine-tuning with a head of its own.",
  failing: evaluationSpec({ run: masked }),
  fixed: evaluationSpec(),
});
