// causal_lm: logits at position t scored against labels[t + 1].

import { withAuxiliary } from "../auxiliary.ts";
import { crossEntropyFeeds, defineApply, ignoredLabel, meanCrossEntropy } from "./define.ts";

export const causal_lm = defineApply({
  word: "causal_lm",
  doc: "Predicts the next token at every position; the mean over labels other than -100.",
  fits: (heads, { stacks }) => heads.some((head) => head.name === "lm") && !stacks.some((stack) => stack.word === "encoder"),
  heads: ["lm"],
  targets: { labels: { axes: ["B", "T"], type: "id", below: "V", ignored: ignoredLabel } },
  outputs: (pass, [lm]) => ({ logits: pass.head(lm) }),
  loss: (pass, { logits }) => withAuxiliary(pass, meanCrossEntropy(pass, logits)),
  feeds: ({ labels }, { B, T }) => {
    const next = new Int32Array(B * T).fill(ignoredLabel);
    for (let row = 0; row < B; row++) for (let t = 0; t + 1 < T; t++) next[row * T + t] = labels![row * T + t + 1];
    return crossEntropyFeeds(next);
  },
});
