// A decoding of a field: its `end` as an id, its arguments against each other.

import { conflictingArguments } from "../../../grammar/diagnostics/PT3023-conflicting-arguments.ts";
import { missingToken } from "../../../grammar/diagnostics/PT5003-missing-token.ts";
import type { Place } from "../../../grammar/diagnostics/define.ts";
import type { Call, PlanTokenizer } from "../../plan/schema.ts";
import type { Context } from "./context.ts";
import { specialId } from "./sources.ts";
import { plain, type Value } from "./values.ts";

/** `why`: what the token does, for a tokenizer that lacks it. */
export function decodingOf(value: Value & { kind: "call" }, { tokenizer, name, why, place }: { readonly tokenizer: PlanTokenizer; readonly name: string; readonly why: string; readonly place: Place }, context: Context): Call {
  const { catalog, sink } = context;
  const called = plain(value) as Call;
  const { end } = value.arguments;
  const id = end?.kind === "token" ? specialId(tokenizer, end.name, context) : null;
  if (end?.kind === "token" && id === null) sink.report(missingToken, end.origin.place ?? place, { token: end.name, tokenizer: name, why });
  const decode: Call = id === null ? called : { ...called, arguments: { ...called.arguments, end: id } };
  const problem = Object.hasOwn(catalog.decodings, decode.word) ? catalog.decodings[decode.word].problem?.(decode.arguments) : null;
  if (problem) sink.report(conflictingArguments, value.origin.place ?? place, { word: decode.word, problem });
  return decode;
}
