// Conversations as texts: what each role's message becomes, and which pieces carry loss.

import { fillTemplate, readTemplate, type Template } from "./template.ts";

export const roles = ["system", "user", "assistant"] as const;
export type Role = (typeof roles)[number];

export interface Message { readonly role: Role; readonly content: string }

/** A `template` declaration as a plan holds it: by role the text of a template with the one hole `content`; null for a role that it has no words for. */
export type PlanChat = { readonly [R in Role]: string | null };

/** A stretch of a conversation's text. `loss`: what the assistant is to write, its closing text included. */
export interface ChatPiece { readonly text: string; readonly loss: boolean }

/** The pieces of a conversation in order; neighbours that are alike are one. A role without words is a bug of the caller: `missingRole` tells. */
export function renderMessages(chat: PlanChat, messages: readonly Message[]): ChatPiece[] {
  const pieces: ChatPiece[] = [];
  const add = (text: string, loss: boolean): void => {
    const last = pieces.at(-1);
    if (text === "") return;
    if (last?.loss === loss) pieces[pieces.length - 1] = { text: last.text + text, loss };
    else pieces.push({ text, loss });
  };
  for (const { role, content } of messages) {
    const { before, after } = aroundContent(chat, role);
    const answers = role === "assistant";
    add(before, false);
    add(content, answers);
    add(after, answers);
  }
  return pieces;
}

/** What stands before and after the content of a role's message: an assistant's `before` is what it goes on from, its `after` what ends its answer. */
export function aroundContent(chat: PlanChat, role: Role): { readonly before: string; readonly after: string } {
  const text = chat[role];
  if (text === null) throw new Error(`the template has no \`${role}\``);
  const template = readTemplate(text);
  const at = template.findIndex((part) => "hole" in part);
  const plain = (parts: Template): string => fillTemplate(parts, (hole) => `{${hole}}`);
  return { before: plain(template.slice(0, at)), after: plain(template.slice(at + 1)) };
}

/** A role of the conversation that the template has no words for; null where there is none. */
export function missingRole(chat: PlanChat, messages: readonly Message[]): Role | null {
  return messages.find(({ role }) => chat[role] === null)?.role ?? null;
}
