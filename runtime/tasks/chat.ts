// chat: a conversation, several turns in one sequence, with loss on what the assistant says and on what ends it.

import { aroundContent, type Message } from "../../compiler/chat.ts";
import { chatOf, encodeMessages, lastTurns, problemOf } from "./_conversation.ts";
import { column, defineTask, type TaskValues } from "./define.ts";

export const chat = defineTask({
  word: "chat",
  doc: "Conversations in one sequence, for a decoder alone: the loss is on the assistant's answers and on the words that end them. A conversation that is too long loses its first turns, but not the system message. Measured by the last answer.",
  parameters: {
    messages: column("the conversation", "messages"),
    template: { type: { type: "declaration", kinds: ["template"] }, doc: "what messages become in a text", required: true },
    data: { type: { type: "data" }, doc: "where its examples come from; absent: the run's data" },
    held_out: { type: { type: "data" }, doc: "what it is measured on, beside its own data; absent: the `valid` part of that, else its `test` part" },
    decode: { type: { type: "word", registry: "decoding" }, doc: "how it answers when it is measured", default: "greedy" },
  },
  head: "lm",
  loss: "tokens",
  width: "vocabulary",
  texts: ["messages"],
  answers: null,
  gives: "texts",
  metrics: ["rouge"],
  examples(row, shape) {
    const messages = messagesOf(row);
    const problem = problemOf(messages, shape);
    if (problem !== null) return { problem };
    if (lastAnswer(messages) < 0) return { problem: "the assistant says nothing" };
    const { before } = shape.frame;
    const all = encodeMessages(messages, shape);
    const { ids, learned } = all.ids.length <= shape.room ? all : encodeMessages(lastTurns(messages, shape.room, shape), shape);
    const inputs = [...before, ...ids.slice(0, shape.room)];
    const places = inputs.flatMap((_, i) => (i > 0 && learned[i - before.length] ? [i] : []));
    if (!places.length) return { problem: `the answer begins after the ${shape.room} tokens that an example has room for` };
    return [{ inputs, segments: [], starts: [before.length], prefix: places[0], targets: { places, values: places.map((place) => inputs[place]) }, tokens: all.ids.length, cut: all.ids.length - (inputs.length - before.length) }];
  },
  question(row, shape) {
    const messages = messagesOf(row);
    const { before, after } = aroundContent(chatOf(shape), "assistant");
    const opening = Array.from(shape.tokenizer.encode(before, { special: true }));
    const tokens = Math.min(shape.targets, Math.floor(shape.room / 2));
    const room = Math.max(1, shape.room - tokens - opening.length);
    const asked = messages.slice(0, lastAnswer(messages));
    const { ids } = encodeMessages(lastTurns(asked, room, shape), shape);
    return { prompt: [...shape.frame.before, ...ids.slice(-room), ...opening], tokens, stop: after === "" ? [] : [after] };
  },
  reference: (row) => [messagesOf(row)[lastAnswer(messagesOf(row))].content.trim()],
});

function messagesOf(row: TaskValues): readonly Message[] {
  return row.messages[0] as readonly Message[];
}

function lastAnswer(messages: readonly Message[]): number {
  return messages.findLastIndex(({ role }) => role === "assistant");
}
