// pair_order: whether the second text follows the first, as the only question (Devlin et al. 2019).

import { crossEntropy, crossEntropyFeeds, defineApply, ignoredLabel } from "./define.ts";

export const pair_order = defineApply({
  word: "pair_order",
  doc: "Scores whether two texts belong together, in order; class 0 is yes. The mean cross entropy of labels other than -100.",
  fits: (heads) => heads.length === 1 && (heads[0].name === "nsp" || heads[0].name === "sop"),
  heads: ["nsp", "sop"],
  targets: () => ({ labels: { axes: ["B"], type: "id", below: 2, ignored: ignoredLabel } }),
  outputs: (pass, [head]) => ({ logits: pass.head(head) }),
  loss: (pass, { logits }) => crossEntropy(pass, logits, "pair"),
  feeds: ({ labels }) => crossEntropyFeeds("pair", labels!),
});
