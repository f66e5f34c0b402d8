// How long the inputs and targets of an objective can become, and how much text therefore fits.
// T5 (Raffel et al. 2020): a rate of 15 % and a mean of 3 make 568 tokens of text into 512 inputs and 114 targets.

import type { NoiseRange, ObjectiveWords } from "./facts.ts";
import type { PlanEntry, PlanLayout, PlanLengths, PlanStage } from "./plan.ts";

export type Shape = Pick<PlanEntry, "layout" | "frame" | "stages" | "terms" | "pair">;

/** The most that can come of so many tokens of text: sizes with the frame, the sum of both, noised places, sentinels. */
export interface Sizes { readonly inputs: number; readonly targets: number; readonly both: number; readonly places: number; readonly sentinels: number }

/** Whether a token literal stands for a whole stretch. */
export function showsStretches(stage: PlanStage, layout: PlanLayout, words: ObjectiveWords): boolean {
  return words.noises[stage.noise.word].stretches && layout !== "in_place";
}

export function sizesOf(shape: Shape, text: number, words: ObjectiveWords): Sizes {
  const { frame, stages } = shape;
  const framed = frame.before.length + frame.between.length + frame.after.length;
  // A stretch that runs over the tokens between the texts of a pair is two.
  const cuts = frame.between.length > 0 ? 1 : 0;
  const target = shape.terms.map((term) => words.targets[term.target]).find((known) => known && known.place !== "before");
  let length = text;
  let ranges: NoiseRange = { noised: [0, 0], spans: [0, 0] };
  let corners: { noised: number; spans: number; length: number }[] = [{ noised: 0, spans: 0, length: text }];
  let sentinels = 0;
  for (const stage of stages) {
    ranges = words.noises[stage.noise.word].range(length, stage.noise.arguments);
    const before = length;
    const stretches = showsStretches(stage, shape.layout, words);
    corners = ranges.noised.flatMap((noised) => ranges.spans.map((count) => {
      const spans = noised === 0 ? 0 : count + cuts;
      return { noised, spans, length: shownLength(stage, before, noised, spans, stretches, words) };
    }));
    length = Math.max(...corners.map((corner) => corner.length));
    if (stage.input.some(({ shows }) => words.inputs[shows]?.sentinels)) sentinels = Math.max(sentinels, ...corners.map((corner) => corner.spans));
  }
  const places = Math.max(...corners.map((corner) => corner.noised));
  if (target?.place !== "apart") return { inputs: length + framed, targets: target ? places : 0, both: length + framed, places, sentinels };
  // The original text of a pair has the tokens between its two texts.
  const targets = corners.map((corner) => target.length(text + frame.between.length, corner.noised, corner.spans) + frame.close.length);
  if (target.sentinels) sentinels = Math.max(sentinels, ...corners.map((corner) => corner.spans + 1));
  return {
    inputs: length + framed,
    targets: Math.max(...targets),
    both: Math.max(...corners.map((corner, i) => corner.length + framed + targets[i])),
    places,
    sentinels,
  };
}

function shownLength(stage: PlanStage, length: number, noised: number, spans: number, stretches: boolean, words: ObjectiveWords): number {
  if (stage.input.length > 1) return length;
  const [{ shows }] = stage.input;
  const takes = shows.startsWith("<") ? (stretches ? "one" : "tokens") : words.inputs[shows].length;
  return takes === "tokens" ? length : length - noised + (takes === "one" ? spans : 0);
}

/** The most text whose inputs (and, in one sequence, targets) fit into `limit` positions; 0 when none does. */
export function fittingText(shape: Shape, limit: number, words: ObjectiveWords): number {
  // The last token of one sequence is predicted, not fed.
  const fits = (text: number): boolean => {
    const sizes = sizesOf(shape, text, words);
    return (shape.layout === "one_sequence" ? sizes.both - 1 : sizes.inputs) <= limit;
  };
  // Sizes grow with the text; a rate near 1 could let any length of it fit, so there is an end.
  const most = 64 * limit;
  let low = 0;
  let high = 1;
  while (high <= most && fits(high)) [low, high] = [high, 2 * high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  // T5's own adjustment (`random_spans_helper`): at a rate of one half the targets become no longer than the inputs.
  const { inputs, targets } = sizesOf(shape, low, words);
  return shape.stages.length === 1 && shape.stages[0].noise.arguments.rate === 0.5 && targets === inputs + 1 ? low - 1 : low;
}

export function lengthsOf(shape: Shape, limit: number, words: ObjectiveWords): PlanLengths {
  if (shape.layout === "next") return { raw: limit + 1 - shape.frame.before.length, inputs: limit, targets: limit };
  const raw = fittingText(shape, limit, words);
  const { inputs, targets } = sizesOf(shape, raw, words);
  const classes = shape.terms.some((term) => words.targets[term.target] === undefined) ? 1 : 0;
  const next = shape.terms.some((term) => words.targets[term.target]?.place === "before");
  return { raw, inputs, targets: next ? inputs - 1 : Math.max(targets, classes) };
}
