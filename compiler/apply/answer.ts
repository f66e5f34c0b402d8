// answer: where in the text an answer begins and ends (Devlin et al. 2019, SQuAD).
// B examples, T positions. The softmax is over all positions, padding too.

import { spanScores } from "../task-losses.ts";
import { crossEntropy, defineApply, type Feeds } from "./define.ts";

const span = { axes: ["B"], type: "integer" } as const;

export const answer = defineApply({
  word: "answer",
  doc: "Scores every position as the beginning and as the end of an answer; the mean of the two cross entropies. A place outside of the text counts nothing.",
  fits: ([head]) => head?.name === "answer",
  heads: ["answer"],
  targets: () => ({ start_positions: span, end_positions: span }),
  outputs: (pass, [head]) => {
    const { b } = pass;
    const both_BT2 = pass.head(head);
    const [B, T] = b.info(both_BT2).shape;
    const scores_B2T = spanScores(b, both_BT2);
    const side = (start: number): number => b.reshape(b.slice(scores_B2T, { axis: 1, start, size: 1 }), { shape: [B, T] });
    return { start_logits: side(0), end_logits: side(1) };
  },
  loss: (pass, { start_logits, end_logits }) => {
    const { b } = pass;
    return b.at("loss", () => b.scale(b.add(crossEntropy(pass, start_logits, "start"), crossEntropy(pass, end_logits, "end")), { factor: 0.5 }));
  },
  feeds: ({ start_positions, end_positions }, { T }): Feeds | null => {
    const side = (name: string, places: ArrayLike<number>): Feeds | null => {
      const clamped = Int32Array.from(places, (place) => Math.min(Math.max(place, 0), T));
      const weights = Float32Array.from(clamped, (place) => (place === T ? 0 : 1));
      const count = weights.reduce((sum, weight) => sum + weight, 0);
      return count ? { [`${name}.targets`]: clamped.map((place) => (place === T ? 0 : place)), [`${name}.weights`]: weights, [`${name}.count`]: Float32Array.of(count) } : null;
    };
    const start = side("start", start_positions!);
    const end = side("end", end_positions!);
    return start && end && { ...start, ...end };
  },
});
