// The named objectives as words: for hints, hover and the reference.

import { printExpression } from "../../grammar/print-ast.ts";
import type { Fields } from "../../grammar/fields.ts";
import { parse } from "../../grammar/parse.ts";
import type { Word } from "../phases/2-check/vocabulary.ts";

const parsed = new Map<string, Readonly<Record<string, Word>>>();

/** One word a declaration of the text, with its documentation comment and parameters. */
export function namedObjectives({ file, text }: { readonly file: string; readonly text: string }): Readonly<Record<string, Word>> {
  let words = parsed.get(text);
  if (!words) {
    words = Object.fromEntries(parse(text, file).tree.items.flatMap((item) => (item.kind === "declaration" ? [[item.name.text, wordOf(item)]] : [])));
    parsed.set(text, words);
  }
  return words;
}

function wordOf(item: Extract<ReturnType<typeof parse>["tree"]["items"][number], { kind: "declaration" }>): Word {
  const parameters: Fields = Object.fromEntries((item.parameters ?? []).map(({ name, value }) => {
    const percent = value?.kind === "number" && value.percent;
    return [name.text, { type: percent ? { type: "rate" } : { type: "number" }, doc: percent ? "share of the tokens that is noised" : "mean length of a stretch", positional: true, ...(value ? { default: printExpression(value) } : { required: true }) }];
  }));
  return { word: item.name.text, doc: item.doc ?? "", parameters };
}
