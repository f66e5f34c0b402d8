// masked_lm: what stood at masked positions, and beside it whether two texts belong together (Devlin et al. 2019; Lan et al. 2020).

import type { Head } from "../architecture.ts";
import { crossEntropy, crossEntropyFeeds, defineApply, ignoredLabel, type ApplyField, type ApplyFields, type Feeds } from "./define.ts";

/** What transformers calls the labels and the scores of the head about pairs. */
const pairs: { readonly [head: string]: { readonly labels: string; readonly scores: string } } = {
  nsp: { labels: "next_sentence_label", scores: "seq_relationship_logits" },
  sop: { labels: "sentence_order_label", scores: "sop_logits" },
};

const tokens: ApplyField = { axes: ["B", "T"], type: "id", below: "V", ignored: ignoredLabel };
const classes: ApplyField = { axes: ["B"], type: "id", below: 2, ignored: ignoredLabel };
const pairHead = (heads: readonly Head[]): Head | undefined => heads.find((head) => Object.hasOwn(pairs, head.name));

export const masked_lm = defineApply({
  word: "masked_lm",
  doc: "Predicts the tokens at positions with a label other than -100, and with a head about pairs whether the texts belong together; the sum of the means.",
  fits: (heads) => heads.some((head) => head.name === "mlm"),
  heads: ["mlm", "nsp", "sop"],
  targets: (heads): ApplyFields => {
    const pair = pairHead(heads);
    return { labels: tokens, ...(pair ? { [pairs[pair.name].labels]: classes } : {}) };
  },
  outputs: (pass, heads): { readonly [output: string]: number } => {
    const mlm = pass.head(heads.find((head) => head.name === "mlm")!);
    const pair = pairHead(heads);
    return pair ? { prediction_logits: mlm, [pairs[pair.name].scores]: pass.head(pair) } : { logits: mlm };
  },
  loss: (pass, outputs) => {
    const [tokens, pair] = Object.values(outputs);
    const loss = crossEntropy(pass, tokens, "mlm");
    return pair === undefined ? loss : pass.b.at("loss", () => pass.b.add(loss, crossEntropy(pass, pair, "pair")));
  },
  feeds: ({ labels, ...rest }): Feeds | null => {
    const own = crossEntropyFeeds("mlm", labels!);
    const pair = Object.values(rest).find((values) => values !== undefined);
    if (!pair) return own;
    const theirs = crossEntropyFeeds("pair", pair);
    return own && theirs && { ...own, ...theirs };
  },
});
