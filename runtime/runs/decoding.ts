// `--decode 'sample(temperature: 0.8, top_p: 0.9)'`: the language's own words for how to choose tokens.

import { dotted } from "../../grammar/ast.ts";
import { wrongFlag } from "../../grammar/diagnostics/PT8012-wrong-flag.ts";
import { parse } from "../../grammar/parse.ts";
import { fileError } from "../files/user-error.ts";

export interface Decoding { readonly tokens?: number; readonly temperature?: number; readonly top_k?: number; readonly top_p?: number }

const parameters: Readonly<Record<string, readonly string[]>> = { greedy: ["tokens"], sample: ["tokens", "temperature", "top_k", "top_p"] };

/** Throws UserError (PT8012). Absent: sampling at temperature 1. */
export function readDecoding(text: string | undefined): Decoding {
  if (text === undefined) return {};
  const wrong = (wanted: string): never => {
    throw fileError(wrongFlag, "", { flag: "--decode", given: text, wanted });
  };
  const forms = "`greedy` or `sample(temperature: …, top_k: …, top_p: …)`";
  const { tree, diagnostics } = parse(`let decoding = ${text}`, "--decode");
  const item = tree.items[0];
  if (diagnostics.length || tree.items.length !== 1 || item?.kind !== "let") return wrong(forms);
  const { value } = item;
  if (value.kind !== "reference" && value.kind !== "call") return wrong(forms);
  const word = dotted(value.kind === "call" ? value.target : value);
  if (!Object.hasOwn(parameters, word)) return wrong(forms);
  const given: Record<string, number> = word === "greedy" ? { temperature: 0 } : {};
  for (const argument of value.kind === "call" ? value.arguments : []) {
    const name = argument.name?.text ?? "";
    if (!parameters[word].includes(name) || argument.value.kind !== "number") return wrong(`numbers by name for \`${word}\`: ${parameters[word].join(", ")}`);
    given[name] = argument.value.value;
  }
  return given;
}
