// Conversations as ids: every piece of a template by itself, so that it is exact which tokens are learned.

import { missingRole, renderMessages, roles, type Message, type PlanChat } from "../../compiler/chat.ts";
import type { TaskShape } from "./define.ts";

export interface Conversation { readonly ids: readonly number[]; readonly learned: readonly boolean[] }

export function chatOf({ arguments: args }: Pick<TaskShape, "arguments">): PlanChat {
  return args.template as unknown as PlanChat;
}

/** `close` ends each answer that the template has no words for. */
export function encodeMessages(messages: readonly Message[], shape: Pick<TaskShape, "arguments" | "tokenizer" | "frame">): Conversation {
  const ids: number[] = [];
  const learned: boolean[] = [];
  const add = (list: Iterable<number>, counts: boolean): void => {
    for (const id of list) {
      ids.push(id);
      learned.push(counts);
    }
  };
  for (const message of messages) {
    for (const { text, loss } of renderMessages(chatOf(shape), [message])) add(shape.tokenizer.encode(text, { special: true }), loss);
    if (message.role === "assistant") add(shape.frame.close, true);
  }
  return { ids, learned };
}

/** What no template can write: a role that it has no words for. */
export function problemOf(messages: readonly Message[], shape: Pick<TaskShape, "arguments">): string | null {
  const role = missingRole(chatOf(shape), messages);
  return role === null ? null : `the template has no words for the role \`${role}\` (of ${roles.join(", ")})`;
}

/**
 * The conversation without the turns that do not fit: those after the system message go first. A turn begins with what a user says;
 * the last one stays, whatever its length.
 */
export function lastTurns(messages: readonly Message[], room: number, shape: Pick<TaskShape, "arguments" | "tokenizer" | "frame">): readonly Message[] {
  const system = messages[0]?.role === "system" ? messages.slice(0, 1) : [];
  const rest = messages.slice(system.length);
  const turns = rest.flatMap((message, i) => (i === 0 || (message.role === "user" && rest[i - 1].role !== "user") ? [i] : []));
  const size = (list: readonly Message[]): number => encodeMessages(list, shape).ids.length;
  const kept = turns.find((from) => size([...system, ...rest.slice(from)]) <= room) ?? turns.at(-1) ?? 0;
  return [...system, ...rest.slice(kept)];
}
