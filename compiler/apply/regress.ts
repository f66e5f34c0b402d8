// regress: one number for each example.

import { squaredErrorSum } from "../task-losses.ts";
import { defineApply } from "./define.ts";

export const regress = defineApply({
  word: "regress",
  doc: "Gives one number for each example; the mean squared error against float labels.",
  // transformers reads a classifier with one label as a regression.
  fits: ([head]) => (head?.name === "classify" || head?.name === "regress") && head.width === 1,
  heads: ["regress", "classify"],
  targets: () => ({ labels: { axes: ["B"], type: "float" } }),
  outputs: (pass, [head]) => ({ logits: pass.head(head) }),
  loss: ({ b }, { logits }) => {
    const labels = b.input("labels", { shape: b.info(logits).shape, dtype: "float32" });
    const [rows] = b.info(logits).shape;
    return b.at("loss", () => b.scale(squaredErrorSum(b, logits, labels, null), { factor: 1 / rows }));
  },
  feeds: ({ labels }) => ({ labels: Float32Array.from(labels!) }),
});
