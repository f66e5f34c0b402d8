// A decoding as it is called: `--decode 'sample(temperature: 0.8)'` read as the language reads it, and the ids that end its texts.

import type { Call } from "../../compiler/plan/schema.ts";
import { callWord } from "../../compiler/word-call.ts";
import { conflictingArguments } from "../../grammar/diagnostics/PT3023-conflicting-arguments.ts";
import { missingToken } from "../../grammar/diagnostics/PT5003-missing-token.ts";
import { wrongFlag } from "../../grammar/diagnostics/PT8012-wrong-flag.ts";
import { catalog } from "../catalog.ts";
import { fileError, UserError } from "../files/user-error.ts";
import type { Tokenizer } from "../tokenizers/define.ts";
import { decodingOf } from "./generate.ts";

/** What the place of a mistake is called. */
export const decodeFlag = "--decode";

/** Throws UserError about words, names and numbers that do not fit. */
export function readDecoding(text: string): Call {
  const called = callWord(text, "decoding", catalog, decodeFlag);
  if ("diagnostics" in called) throw new UserError(called.diagnostics);
  return checkedDecoding(called.call);
}

/** Throws UserError when arguments do not go together. */
export function checkedDecoding(call: Call): Call {
  const problem = decodingOf(call).problem?.(call.arguments);
  if (problem) throw fileError(conflictingArguments, decodeFlag, { word: call.word, problem });
  return call;
}

/** Ids that end the texts of a decoding: its own `end`, or the given ones. Throws UserError where the tokenizer has no such token. */
export function stopOf({ arguments: { end } }: Call, usual: readonly number[], tokenizer: Tokenizer | null): readonly number[] {
  if (end === false) return [];
  if (typeof end === "number") return [end];
  if (end === null || typeof end !== "object" || Array.isArray(end) || !("token" in end)) return usual;
  const name = String(end.token);
  const id = tokenizer?.special(name) ?? null;
  if (id === null) throw fileError(missingToken, decodeFlag, { token: name, tokenizer: "tokenizer.json", why: "is to end a text" });
  return [id];
}

/** The decoding with numbers of flags in place of its own. Throws UserError where it has no such argument. */
export function withFlags(call: Call, flags: Readonly<Record<string, number | undefined>>): Call {
  const given = Object.entries(flags).filter((entry): entry is [string, number] => entry[1] !== undefined);
  for (const [name, value] of given) {
    if (!Object.hasOwn(decodingOf(call).parameters, name)) throw fileError(wrongFlag, "", { flag: `--${name.replaceAll("_", "-")}`, given: String(value), wanted: `its place in \`sample\`, which \`${call.word}\` is not` });
  }
  return { ...call, arguments: { ...call.arguments, ...Object.fromEntries(given) } };
}
