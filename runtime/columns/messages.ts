// `messages`: a conversation, as chat data has it.

import { roles, type Message } from "../../compiler/chat.ts";
import { columnParameter, defineColumn, shown } from "./define.ts";

export const messages = defineColumn({
  word: "messages",
  doc: "A conversation: a list of `{ \"role\": \"user\", \"content\": \"…\" }`; roles are system, user and assistant.",
  parameters: { column: columnParameter },
  text: false,
  formats: ["json", "jsonl", "parquet"],
  read(value) {
    if (!Array.isArray(value)) return { problem: `${shown(value)} is no list of messages` };
    if (!value.length) return { problem: "the conversation has no message" };
    const list: Message[] = [];
    for (const [i, one] of (value as readonly unknown[]).entries()) {
      const { role, content } = (typeof one === "object" && one !== null ? one : {}) as { role?: unknown; content?: unknown };
      const known = roles.find((word) => word === role);
      if (known === undefined) return { problem: `message ${i + 1} has the role ${shown(role ?? null)}, not ${roles.map(shown).join(", ")}` };
      if (typeof content !== "string") return { problem: `message ${i + 1} has no text as \`content\`` };
      list.push({ role: known, content });
    }
    return { value: list };
  },
});
