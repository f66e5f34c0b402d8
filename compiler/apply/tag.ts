// tag: one class for each position.

import { crossEntropy, crossEntropyFeeds, defineApply, ignoredLabel } from "./define.ts";

export const tag = defineApply({
  word: "tag",
  doc: "Scores classes for each position; the mean cross entropy of labels other than -100.",
  fits: ([head]) => head?.name === "tag",
  heads: ["tag"],
  targets: () => ({ labels: { axes: ["B", "T"], type: "id", below: "V", ignored: ignoredLabel } }),
  outputs: (pass, [head]) => ({ logits: pass.head(head) }),
  loss: (pass, { logits }) => crossEntropy(pass, logits, "tag"),
  feeds: ({ labels }) => crossEntropyFeeds("tag", labels!),
});
