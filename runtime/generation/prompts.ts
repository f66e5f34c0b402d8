// Prompts as ids: what goes before and after a text, and whether a model can read it.

import { longPrompt } from "../../grammar/diagnostics/PT8031-long-prompt.ts";
import { unknownId } from "../../grammar/diagnostics/PT8032-unknown-id.ts";
import { emptyPrompt } from "../../grammar/diagnostics/PT8033-empty-prompt.ts";
import { fileError } from "../files/user-error.ts";
import type { Tokenizer } from "../tokenizers/define.ts";
import type { GraphSource } from "./source.ts";

export type Prompt = string | readonly number[];

/**
 * Ids of a prompt for a model of ours, never none: `<bos>` goes before a text where the tokenizer has it, and an empty text starts from
 * `<bos>`, else `<eos>`, else id 0. What an encoder reads ends with `<eos>`.
 */
export function promptIds(prompt: Prompt, tokenizer: Tokenizer | null, encodes = false): number[] {
  if (typeof prompt !== "string") return [...prompt];
  if (!tokenizer) throw new Error("a text as prompt needs a tokenizer");
  const bos = tokenizer.special("bos");
  const eos = tokenizer.special("eos");
  const text = tokenizer.encode(prompt, { special: true });
  const ids = encodes ? [...text, ...(eos === null ? [] : [eos])] : [...(bos === null ? [] : [bos]), ...text];
  return ids.length > 0 ? ids : [eos ?? 0];
}

/** Ids of a prompt as transformers has them: the tokenizer's own template puts the special tokens in; an empty text is `bos`, the id that config.json gives. */
export function templatedIds(prompt: Prompt, tokenizer: Tokenizer | null, bos: number | null): number[] {
  if (typeof prompt !== "string") return [...prompt];
  if (!tokenizer) throw new Error("a text as prompt needs a tokenizer");
  const { ids } = tokenizer.encodeFull(prompt);
  return ids.length > 0 || bos === null ? ids : [bos];
}

/** Throws UserError: every prompt has ids, the model knows them, and they fit. */
export function checkPrompts(prompts: readonly (readonly number[])[], source: GraphSource, place: string): void {
  const window = source.encoder ?? source.window;
  for (const [at, ids] of prompts.entries()) {
    const prompt = at + 1;
    if (!ids.length) throw fileError(emptyPrompt, place, { prompt });
    const high = ids.find((id) => id >= source.vocab);
    if (high !== undefined) throw fileError(unknownId, place, { prompt, id: high, vocab: source.vocab });
    if (ids.length > window) throw fileError(longPrompt, place, { prompt, length: ids.length, window, encodes: source.encoder !== null });
  }
}
