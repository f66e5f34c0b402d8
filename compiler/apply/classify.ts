// classify: one class for each example.

import { crossEntropy, crossEntropyFeeds, defineApply, ignoredLabel } from "./define.ts";

export const classify = defineApply({
  word: "classify",
  doc: "Scores classes for each example; the mean cross entropy of labels other than -100.",
  fits: ([head]) => head?.name === "classify" && head.width > 1,
  heads: ["classify"],
  targets: () => ({ labels: { axes: ["B"], type: "id", below: "V", ignored: ignoredLabel } }),
  outputs: (pass, [head]) => ({ logits: pass.head(head) }),
  loss: (pass, { logits }) => crossEntropy(pass, logits, "classify"),
  feeds: ({ labels }) => crossEntropyFeeds("classify", labels!),
});
