// sequence_to_sequence: the decoder predicts labels from the encoder's text and the labels before (Raffel et al. 2020; Lewis et al. 2020).

import { crossEntropy, crossEntropyFeeds, defineApply, ignoredLabel, isSequenceToSequence } from "./define.ts";

export const sequence_to_sequence = defineApply({
  word: "sequence_to_sequence",
  doc: "Predicts each label from the encoder's input and the labels before it; the mean over labels other than -100.",
  fits: (heads, architecture) => heads.some((head) => head.name === "lm") && isSequenceToSequence(architecture),
  heads: ["lm"],
  targets: () => ({ labels: { axes: ["B", "L"], type: "id", below: "V", ignored: ignoredLabel } }),
  outputs: (pass, [lm]) => ({ logits: pass.head(lm), encoder_last_hidden_state: pass.stream(pass.architecture.stacks.find((stack) => stack.word === "encoder")!) }),
  loss: (pass, { logits }) => crossEntropy(pass, logits, "lm"),
  feeds: ({ labels }) => crossEntropyFeeds("lm", labels!),
});
