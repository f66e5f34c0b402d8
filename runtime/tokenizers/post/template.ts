// Post-processors of the `tokenizers` library: what is added around one text or a pair, and how offsets lose their spaces.

import { emptyEncoding, join } from "./encoding.ts";
import type { Encoding } from "../define.ts";

/** One item of a template: a special token's ids, or the text itself. */
export interface TemplateItem { readonly type: number; readonly sequence: "A" | "B" | null; readonly tokens: readonly { readonly id: number; readonly text: string }[] }

export type PostStep =
  /** Offsets without the white space at the ends of a token (`ByteLevel`, `RobertaProcessing`). */
  | { readonly kind: "trim"; readonly prefixSpace: boolean }
  | Template;

export interface Template { readonly kind: "template"; readonly single: readonly TemplateItem[]; readonly pair: readonly TemplateItem[] }

/** Without a template, a pair is one text after the other, with type ids 0 and 1. */
const plain: Template = {
  kind: "template",
  single: [{ type: 0, sequence: "A", tokens: [] }],
  pair: [{ type: 0, sequence: "A", tokens: [] }, { type: 1, sequence: "B", tokens: [] }],
};

/** The template among the steps; the library applies one. */
export function templateOf(steps: readonly PostStep[]): Template {
  return steps.find((step) => step.kind === "template") ?? plain;
}

/** How many tokens are added to a text or a pair. */
export function addedCount(template: Template, pair: boolean): number {
  return (pair ? template.pair : template.single).reduce((count, item) => count + item.tokens.length, 0);
}

/** All trimming steps, on the encoding and the pieces that overflow. */
export function trimAll(steps: readonly PostStep[], encoding: Encoding): Encoding {
  return steps.reduce((result, step) => (step.kind === "trim" ? trimmedBy(result, step.prefixSpace) : result), encoding);
}

function trimmedBy(encoding: Encoding, prefixSpace: boolean): Encoding {
  const offsets = encoding.offsets.map((range, i) => trimRange(encoding.tokens[i], range, i === 0, prefixSpace));
  return { ...encoding, offsets, overflowing: encoding.overflowing.map((piece) => trimmedBy(piece, prefixSpace)) };
}

/** `withSpecial`: whether the template's own tokens are put in. */
export function applyTemplate(template: Template, first: Encoding, second: Encoding | null, withSpecial: boolean): Encoding {
  const items = second === null ? template.single : template.pair;
  const parts = items.flatMap((item): Encoding[] => {
    if (item.sequence !== null) {
      const source = item.sequence === "A" ? first : second;
      return source === null ? [] : [placed(source, item.sequence === "A" ? 0 : 1, item.type)];
    }
    return withSpecial ? [specialTokens(item)] : [];
  });
  return parts.reduce(join, emptyEncoding());
}

function placed(encoding: Encoding, sequence: number, type: number): Encoding {
  return {
    ...encoding,
    type_ids: encoding.type_ids[0] === type ? encoding.type_ids : encoding.ids.map(() => type),
    sequence_ids: encoding.ids.map(() => sequence),
    overflowing: encoding.overflowing.map((piece) => placed(piece, sequence, type)),
  };
}

function specialTokens({ tokens, type }: TemplateItem): Encoding {
  return {
    ids: tokens.map((token) => token.id),
    tokens: tokens.map((token) => token.text),
    offsets: tokens.map(() => [0, 0]),
    type_ids: tokens.map(() => type),
    special_tokens_mask: tokens.map(() => 1),
    word_ids: tokens.map(() => null),
    sequence_ids: tokens.map(() => null),
    overflowing: [],
  };
}

const trimmed = /^[Ġ\p{White_Space}]|[Ġ\p{White_Space}]$/u;

/** As `process_offsets` of the library: a space that was put before the text was never in it. */
function trimRange(token: string, range: [number, number], first: boolean, prefixSpace: boolean): [number, number] {
  if (!trimmed.test(token)) return range;
  let [start, end] = range;
  const trailing = token.length - token.replace(/[Ġ\p{White_Space}]+$/u, "").length;
  let leading = /^[Ġ\p{White_Space}]*/u.exec(token)![0].length;
  if (leading > 0) {
    // More than one was there before.
    if (prefixSpace && (first || start === 0) && leading === 1) leading = 0;
    start = Math.min(start + leading, end);
  }
  if (trailing > 0 && end >= trailing) end = Math.max(end - trailing, start);
  return [start, end];
}
