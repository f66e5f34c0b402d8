// Post-processors of the `tokenizers` library: what is added around one text or a pair, and how offsets lose their spaces.

import type { Encoding } from "../define.ts";

/** One item of a template: a special token's ids, or the text itself. */
export interface TemplateItem { readonly type: number; readonly sequence: "A" | "B" | null; readonly tokens: readonly { readonly id: number; readonly text: string }[] }

export type PostStep =
  /** Offsets without the white space at the ends of a token (`ByteLevel`, `RobertaProcessing`). */
  | { readonly kind: "trim"; readonly prefixSpace: boolean }
  | { readonly kind: "template"; readonly single: readonly TemplateItem[]; readonly pair: readonly TemplateItem[] };

/** Without a template, a pair is one text after the other, with type ids 0 and 1. */
const plain: PostStep = {
  kind: "template",
  single: [{ type: 0, sequence: "A", tokens: [] }],
  pair: [{ type: 0, sequence: "A", tokens: [] }, { type: 1, sequence: "B", tokens: [] }],
};

export function postProcess(steps: readonly PostStep[], first: Encoding, second: Encoding | null): Encoding {
  for (const step of steps) {
    if (step.kind !== "trim") continue;
    trimOffsets(first, step.prefixSpace);
    if (second !== null) trimOffsets(second, step.prefixSpace);
  }
  const template = steps.find((step) => step.kind === "template") ?? plain;
  if (template.kind !== "template") throw new Error("unreachable");
  const result: Encoding = { ids: [], tokens: [], offsets: [], type_ids: [] };
  for (const item of second === null ? template.single : template.pair) {
    const source = item.sequence === "A" ? first : item.sequence === "B" ? second : null;
    if (source === null) {
      for (const token of item.tokens) append(result, token.id, token.text, [0, 0], item.type);
    } else {
      source.ids.forEach((id, i) => append(result, id, source.tokens[i], source.offsets[i], item.type));
    }
  }
  return result;
}

function append(encoding: Encoding, id: number, token: string, offset: [number, number], type: number): void {
  encoding.ids.push(id);
  encoding.tokens.push(token);
  encoding.offsets.push(offset);
  encoding.type_ids.push(type);
}

/** As `process_offsets` of the library: a space that was put before the text was never in it. */
function trimOffsets(encoding: Encoding, prefixSpace: boolean): void {
  encoding.tokens.forEach((token, i) => {
    const range = encoding.offsets[i];
    let leading = /^[Ġ\p{White_Space}]*/u.exec(token)![0].length;
    const trailing = token.length - token.replace(/[Ġ\p{White_Space}]+$/u, "").length;
    if (leading > 0) {
      if (prefixSpace && (i === 0 || range[0] === 0)) leading--;
      range[0] = Math.min(range[0] + leading, range[1]);
    }
    if (trailing > 0 && range[1] >= trailing) range[1] = Math.max(range[1] - trailing, range[0]);
  });
}
