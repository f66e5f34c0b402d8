// answer: the stretch of a text that answers a question (Devlin et al. 2019, section 4.2; SQuAD). A long text is read in
// windows that overlap; of the best stretches of all windows the best is the answer.

import type { Answer } from "../columns/define.ts";
import type { TaskExample, TaskShape, TaskValues } from "./define.ts";
import { column, defineTask } from "./define.ts";
import { framed, idsOf } from "./_texts.ts";

export const answer = defineTask({
  word: "answer",
  doc: "The stretch of a text that answers a question. Texts that are longer than an example are read in windows that overlap.",
  parameters: {
    question: column("the question", "string"),
    context: column("the text that holds the answer", "string"),
    answers: column("the right answers", "answers"),
    stride: { type: { type: "rate" }, doc: "from the beginning of one window to that of the next, as a share of a window's text", default: "50%" },
    longest: { type: { type: "integer", minimum: 1 }, doc: "tokens of an answer, at most", default: "30" },
    best: { type: { type: "integer", minimum: 1 }, doc: "so many of the best beginnings and ends of each window are combined", default: "20" },
    no_answer: { type: { type: "switch" }, doc: "some questions have no answer, and the first position says so; off: a row without one is malformed", default: "off" },
  },
  head: "answer",
  loss: "span",
  width: 2,
  texts: ["question", "context"],
  answers: "answers",
  gives: "texts",
  metrics: ["exact_match", "squad_f1"],
  examples(row, shape) {
    const context = row.context[0] as string;
    const target = targetOf(row, shape);
    if (target !== null && "problem" in target) return target;
    const { ids, offsets } = shape.tokenizer.encodeFull(context, undefined, { addSpecialTokens: false, special: false });
    const all = idsOf(row.question[0], shape);
    const question = all.slice(0, Math.floor(shape.room / 2));
    const span = target && placesOf(target, offsets);
    return windows(ids.length, shape.room - question.length, shape.arguments.stride as number).map(([from, to], i): TaskExample => {
      const example = framed([question, ids.slice(from, to)], shape);
      const inside = span !== null && span[0] >= from && span[1] < to;
      // A window without the answer points at the first position.
      const values = inside ? span.map((place) => example.starts[1] + place - from) : [0, 0];
      return { ...example, targets: { places: [0, 1], values }, tokens: i === 0 ? all.length + ids.length : 0, cut: i === 0 ? all.length - question.length : 0 };
    });
  },
  predict(outputs, examples, row, shape) {
    const context = row.context[0] as string;
    const { offsets } = shape.tokenizer.encodeFull(context, undefined, { addSpecialTokens: false, special: false });
    const { longest, best } = shape.arguments as { longest: number; best: number };
    const steps = windows(offsets.length, shape.room - questionLength(examples[0], shape), shape.arguments.stride as number);
    let found: { score: number; from: number; to: number } | null = null;
    let nothing = Infinity;
    outputs.forEach((scores, i) => {
      const length = scores.length / 2;
      const [starts, ends] = [scores.subarray(0, length), scores.subarray(length)];
      nothing = Math.min(nothing, starts[0] + ends[0]);
      const [from, to] = steps[i];
      const first = examples[i].starts[1];
      const places = Array.from({ length: to - from }, (_, k) => first + k);
      for (const start of top(places, starts, best)) {
        for (const end of top(places, ends, best)) {
          const score = starts[start] + ends[end];
          if (end >= start && end - start < longest && (found === null || score > found.score)) found = { score, from: from + start - first, to: from + end - first };
        }
      }
    });
    const answer = found as { score: number; from: number; to: number } | null;
    if (answer === null || (shape.arguments.no_answer === true && nothing > answer.score)) return "";
    return [...context].slice(offsets[answer.from][0], offsets[answer.to][1]).join("");
  },
  reference(row) {
    const texts = (row.answers[0] as readonly Answer[]).map(({ text }) => text);
    return texts.length ? texts : [""];
  },
});

function questionLength({ starts }: TaskExample, { frame }: TaskShape): number {
  return starts[1] - starts[0] - frame.between.length;
}

/** Tokens [from, to) of each window; the last one ends where the text does. */
function windows(length: number, room: number, stride: number): [number, number][] {
  const step = Math.max(1, Math.round(stride * room));
  const found: [number, number][] = [];
  for (let from = 0; ; from += step) {
    found.push([from, Math.min(length, from + room)]);
    if (from + room >= length) return found;
  }
}

/** Where the first answer stands, in code points; null where there is none. */
function targetOf(row: TaskValues, { arguments: args }: TaskShape): { from: number; to: number } | { problem: string } | null {
  const context = row.context[0] as string;
  const [first] = row.answers[0] as readonly Answer[];
  if (!first) return args.no_answer === true ? null : { problem: "it has no answer, which `no_answer: on` would allow" };
  const points = [...context];
  const size = [...first.text].length;
  const stands = (start: number): boolean => points.slice(start, start + size).join("") === first.text;
  if (first.start !== null && stands(first.start)) return { from: first.start, to: first.start + size };
  const at = context.indexOf(first.text);
  if (at < 0) return { problem: `the answer ${JSON.stringify(first.text.slice(0, 40))} is not in its text` };
  const from = [...context.slice(0, at)].length;
  return { from, to: from + size };
}

/** The first token that reaches into the stretch and the last that begins in it; null where no token does. */
function placesOf({ from, to }: { from: number; to: number }, offsets: readonly (readonly [number, number])[]): [number, number] | null {
  const first = offsets.findIndex(([, end]) => end > from);
  const last = offsets.findLastIndex(([start, end]) => start < to && end > start);
  return first >= 0 && last >= first ? [first, last] : null;
}

/** The places with the highest scores, the best first. */
function top(places: readonly number[], scores: Float32Array, count: number): number[] {
  return [...places].sort((a, b) => scores[b] - scores[a] || a - b).slice(0, count);
}
