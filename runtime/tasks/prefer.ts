// prefer: of two answers the chosen one becomes likelier than the rejected one, each relative to a frozen reference (Rafailov et al. 2023, DPO).

import type { Message, Role } from "../../compiler/chat.ts";
import type { ColumnValue } from "../columns/define.ts";
import { encodeMessages, problemOf } from "./_conversation.ts";
import { column, defineTask, type TaskExample, type TaskShape } from "./define.ts";
import { fitText, writtenExample, type Fitted } from "./_written.ts";

export const prefer = defineTask({
  word: "prefer",
  doc: "A chosen and a rejected answer to a prompt (Rafailov et al. 2023, DPO): lowers −log σ(beta · h), h the log-probability of the chosen answer above the rejected one's, beyond what the weights that the run starts from give. Of those only what the run trains has a copy: under LoRA nothing. Dropout is off. Columns are texts, or messages with a template.",
  parameters: {
    prompt: column("what is answered", "string", "messages"),
    chosen: column("the better answer", "string", "messages"),
    rejected: column("the worse answer", "string", "messages"),
    beta: { type: { type: "number", minimum: 0, exclusive: true }, doc: "how strongly the run is held to where it started", default: "0.1" },
    label_smoothing: { type: { type: "rate", maximum: 0.5 }, doc: "the share of pairs that is taken to be the wrong way round", default: "0" },
    loss: { type: { type: "choice", words: { sigmoid: "−log σ(beta · h)", ipo: "(h − 1 / (2 beta))² (Azar et al. 2024)" } }, doc: "the loss of a pair", default: "sigmoid" },
    template: { type: { type: "declaration", kinds: ["template"] }, doc: "what messages become in a text; a column of texts is then the user's message, or the assistant's" },
    targets: { type: { type: "integer", minimum: 2 }, doc: "tokens of an answer, at most; absent: `length` beside an encoder, half of it in one sequence" },
  },
  head: "lm",
  loss: "preference",
  width: "vocabulary",
  texts: ["prompt", "chosen", "rejected"],
  answers: null,
  gives: "rewards",
  metrics: ["preference_accuracy", "reward_margin"],
  examples(row, shape) {
    const [prompt, chosen, rejected] = [row.prompt[0], row.chosen[0], row.rejected[0]];
    if (shape.arguments.template) {
      const problem = [asMessages(prompt, "user"), asMessages(chosen, "assistant"), asMessages(rejected, "assistant")].map((messages) => problemOf(messages, shape)).find((found) => found !== null);
      if (problem) return { problem };
    }
    const answers = [chosen, rejected].map((answer) => answerOf(answer, shape));
    if (answers.some((answer) => answer.tokens === 0)) return { problem: "an answer is empty" };
    if (answers[0].ids.join() === answers[1].ids.join()) return { problem: answers.some(({ cut }) => cut > 0) ? "both answers begin alike for as long as an example has room" : "both answers are the same" };
    // Both see the same prompt: what the longer answer leaves room for.
    const longest = Math.max(...answers.map(({ ids }) => ids.length)) + shape.frame.close.length;
    const asked = promptOf(prompt, shape.together ? shape.room - longest : shape.room, shape);
    const [better, worse] = answers.map((answer): TaskExample => writtenExample(asked, answer, shape));
    return [{ ...better, tokens: better.tokens + worse.tokens, cut: better.cut + worse.cut, rejected: worse }];
  },
  predict: ([[chosen, rejected]]) => chosen - rejected,
  reference: () => 0,
});

/** A text is one message. */
function asMessages(value: ColumnValue, role: Role): readonly Message[] {
  return typeof value === "string" ? [{ role, content: value }] : (value as readonly Message[]);
}

/** Where a template ends an answer in words, those belong to it; what opens it belongs to the prompt. */
function answerOf(value: ColumnValue, shape: TaskShape): Fitted {
  const room = shape.targets - shape.frame.close.length;
  if (!shape.arguments.template) return fitText(value as string, room, shape);
  const { ids, learned } = encodeMessages(asMessages(value, "assistant"), { ...shape, frame: { ...shape.frame, close: [] } });
  const first = learned.indexOf(true);
  const answer = first < 0 ? [] : ids.slice(first);
  return { ids: answer.slice(0, room), tokens: answer.length, cut: Math.max(0, answer.length - room) };
}

/** The end of a prompt is what an answer follows, so one that is too long loses its beginning. */
function promptOf(value: ColumnValue, room: number, shape: TaskShape): Fitted {
  const ids = shape.arguments.template
    ? promptMessages(asMessages(value, "user"), shape)
    : Array.from(shape.tokenizer.encode(value as string, { special: true }));
  const kept = ids.slice(Math.max(0, ids.length - room));
  return { ids: kept, tokens: ids.length, cut: ids.length - kept.length };
}

function promptMessages(messages: readonly Message[], shape: TaskShape): number[] {
  const { ids } = encodeMessages(messages, shape);
  const opening = encodeMessages([{ role: "assistant", content: "" }], { ...shape, frame: { ...shape.frame, close: [] } });
  return [...ids, ...opening.ids.filter((_, i) => !opening.learned[i])];
}
