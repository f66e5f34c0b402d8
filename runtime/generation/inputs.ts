// The prompts of a JSON file.

import { wrongFlag } from "../../grammar/diagnostics/PT8012-wrong-flag.ts";
import { fileError } from "../files/user-error.ts";
import { readWhole } from "../files/text.ts";
import type { Prompt } from "./prompts.ts";

/** A list, or an object with `prompts` or `input_ids`, of texts or of lists of ids; where `attention_mask` is 0 is no prompt. Throws UserError. */
export async function readPrompts(path: string, name: string): Promise<Prompt[]> {
  const wrong = (wanted: string): never => {
    throw fileError(wrongFlag, name, { flag: "--inputs", given: name, wanted });
  };
  let json: unknown;
  const text = await readWhole({ path, name });
  try {
    json = JSON.parse(text);
  } catch (error) {
    return wrong(`a JSON file (${(error as Error).message})`);
  }
  const fields = (Array.isArray(json) ? { prompts: json } : json ?? {}) as { prompts?: unknown; input_ids?: unknown; attention_mask?: unknown };
  const list = fields.prompts ?? fields.input_ids;
  if (!Array.isArray(list) || !list.every(isPrompt)) return wrong("a JSON list of texts or of lists of ids");
  if (fields.prompts !== undefined || fields.attention_mask === undefined) return list;
  const mask = fields.attention_mask;
  if (!isMask(mask, list)) return wrong("an `attention_mask` of 0 and 1 in the shape of `input_ids`");
  return list.map((prompt, row) => (typeof prompt === "string" ? prompt : prompt.filter((_, at) => mask[row][at] === 1)));
}

function isPrompt(item: unknown): item is Prompt {
  return typeof item === "string" || (Array.isArray(item) && item.every((id) => Number.isInteger(id) && id >= 0));
}

function isMask(mask: unknown, list: readonly Prompt[]): mask is readonly (readonly number[])[] {
  return Array.isArray(mask) && mask.length === list.length && mask.every((row, i) => Array.isArray(row) && row.length === list[i].length && row.every((one) => one === 0 || one === 1));
}
