// causal_lm: logits at position t scored against labels[t + 1].

import { withAuxiliary } from "../auxiliary.ts";
import { crossEntropy, crossEntropyFeeds, defineApply, ignoredLabel, isSequenceToSequence } from "./define.ts";

export const causal_lm = defineApply({
  word: "causal_lm",
  doc: "Predicts the next token at every position; the mean over labels other than -100.",
  fits: (heads, architecture) => heads.some((head) => head.name === "lm") && !isSequenceToSequence(architecture),
  heads: ["lm"],
  targets: () => ({ labels: { axes: ["B", "T"], type: "id", below: "V", ignored: ignoredLabel } }),
  outputs: (pass, [lm]) => ({ logits: pass.head(lm) }),
  loss: (pass, { logits }) => withAuxiliary(pass, crossEntropy(pass, logits, "lm")),
  feeds: ({ labels }, { B, T }) => {
    const next = new Int32Array(B * T).fill(ignoredLabel);
    for (let row = 0; row < B; row++) for (let t = 0; t + 1 < T; t++) next[row * T + t] = labels![row * T + t + 1];
    return crossEntropyFeeds("lm", next);
  },
});
