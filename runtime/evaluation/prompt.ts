// The text of a question with its solved examples, and what of it a model can read.

import { aroundContent, renderMessages, type Message, type PlanChat } from "../../compiler/chat.ts";
import type { EvaluationPlan } from "../../compiler/plan/evaluation.ts";
import type { FilledPrompt } from "../data/prompts.ts";

/** Solved examples and the question, up to where the answer begins. */
export function promptText(shots: readonly FilledPrompt[], question: string, { template, shots: { separator } }: Pick<EvaluationPlan, "template" | "shots">): string {
  if (template) return chatText(shots, question, template);
  return [...shots.map(({ inputs, targets }) => inputs + targets), question].join(separator ?? "");
}

function chatText(shots: readonly FilledPrompt[], question: string, template: PlanChat): string {
  const messages = [...shots.flatMap(({ inputs, targets }): Message[] => [{ role: "user", content: inputs }, { role: "assistant", content: targets }]), { role: "user", content: question } as const];
  return renderMessages(template, messages).map(({ text }) => text).join("") + aroundContent(template, "assistant").before;
}

/** What a model reads of a prompt. */
export interface FittedPrompt {
  readonly text: string;
  readonly ids: readonly number[];
  /** Solved examples left out, the earliest first, and ids cut from the left of the question. */
  readonly dropped: number;
  readonly cut: number;
}

/**
 * The prompt with as many solved examples as fit into `room` ids. Where the question alone does not, its beginning is cut;
 * `lead` is what the ids of every prompt begin with (placeholders, `<bos>`), which stays.
 */
export function fitPrompt(shots: readonly FilledPrompt[], text: (shots: readonly FilledPrompt[]) => string, encode: (text: string) => readonly number[], room: number, lead: readonly number[]): FittedPrompt {
  for (let dropped = 0; ; dropped++) {
    const whole = text(shots.slice(dropped));
    const ids = encode(whole);
    if (ids.length <= room) return { text: whole, ids, dropped, cut: 0 };
    if (dropped < shots.length) continue;
    const differs = lead.findIndex((id, i) => ids[i] !== id);
    const kept = differs < 0 ? lead : lead.slice(0, differs);
    const tail = ids.slice(ids.length - Math.max(1, room - kept.length));
    return { text: whole, ids: [...kept.slice(0, room - 1), ...tail], dropped, cut: ids.length - Math.max(1, room) };
  }
}
