// Encodings as lists side by side: cut, joined and padded as the `tokenizers` library does it.

import type { Encoding } from "../define.ts";

export interface Truncation {
  readonly max_length: number;
  readonly strategy: "longest_first" | "only_first" | "only_second";
  /** How many tokens neighbouring pieces share. */
  readonly stride: number;
  /** The side that loses tokens. */
  readonly direction: "left" | "right";
}

export interface Padding {
  /** The length; null: that of the longest of the batch. */
  readonly length: number | null;
  readonly direction: "left" | "right";
  readonly pad_to_multiple_of: number | null;
  readonly pad_id: number;
  readonly pad_type_id: number;
  readonly pad_token: string;
}

export function emptyEncoding(): Encoding {
  return { ids: [], tokens: [], offsets: [], type_ids: [], special_tokens_mask: [], word_ids: [], sequence_ids: [], overflowing: [] };
}

function slice(encoding: Encoding, from: number, to: number): Encoding {
  return {
    ids: encoding.ids.slice(from, to),
    tokens: encoding.tokens.slice(from, to),
    offsets: encoding.offsets.slice(from, to),
    type_ids: encoding.type_ids.slice(from, to),
    special_tokens_mask: encoding.special_tokens_mask.slice(from, to),
    word_ids: encoding.word_ids.slice(from, to),
    sequence_ids: encoding.sequence_ids.slice(from, to),
    overflowing: [],
  };
}

/** The first piece of `length` tokens; the others, which share `stride` tokens with their neighbours, are its `overflowing`. */
function truncate(encoding: Encoding, length: number, { stride, direction }: Truncation): Encoding {
  const total = encoding.ids.length;
  if (length >= total) return encoding;
  if (length === 0) return { ...emptyEncoding(), overflowing: [encoding] };
  const step = length - stride;
  const pieces: Encoding[] = [];
  if (direction === "right") {
    for (let start = 0; ; start += step) {
      pieces.push(slice(encoding, start, Math.min(start + length, total)));
      if (start + length >= total) break;
    }
  } else {
    for (let end = total; ; end -= step) {
      pieces.push(slice(encoding, Math.max(0, end - length), end));
      if (end - length <= 0) break;
    }
  }
  return { ...pieces[0], overflowing: pieces.slice(1) };
}

/** Why a text and its pair cannot be cut so; otherwise both, cut. `max_length` counts no tokens that are added later. */
export function truncatePair(first: Encoding, second: Encoding | null, truncation: Truncation): { first: Encoding; second: Encoding | null } | { problem: string } {
  const { max_length: most, strategy, stride } = truncation;
  const [a, b] = [first.ids.length, second?.ids.length ?? 0];
  if (a + b <= most) return { first, second };
  const cut = (lengthA: number, lengthB: number): ReturnType<typeof truncatePair> => {
    const shortest = Math.min(lengthA < a && lengthA > 0 ? lengthA : Infinity, lengthB < b && lengthB > 0 ? lengthB : Infinity);
    if (stride >= shortest) return { problem: `a stride of ${stride} leaves nothing new in pieces of ${shortest} tokens` };
    return { first: truncate(first, lengthA, truncation), second: second && truncate(second, lengthB, truncation) };
  };
  if (most <= 0) return cut(0, 0);
  if (strategy === "longest_first") {
    if (second === null) return cut(most, 0);
    // The shorter one stays whole where it fits into half; otherwise each gets half, the odd token going to the longer one.
    const shorter = Math.min(a, b);
    const longer = shorter > most ? shorter : Math.max(shorter, most - shorter);
    const [short, long] = shorter + longer > most ? [Math.floor(most / 2), Math.floor(most / 2) + (most % 2)] : [shorter, longer];
    return a > b ? cut(long, short) : cut(short, long);
  }
  if (strategy === "only_second" && second === null) return { problem: "`only_second` needs a second text" };
  const [target, kept] = strategy === "only_first" ? [a, b] : [b, a];
  if (most - kept <= 0) return { problem: `the ${strategy === "only_first" ? "first" : "second"} text has only ${target} tokens, and ${a + b - most} have to go` };
  return strategy === "only_first" ? cut(most - kept, b) : cut(a, most - kept);
}

/** One after the other; pieces that overflow are each joined with the whole other side and with its pieces. */
export function join(left: Encoding, right: Encoding): Encoding {
  if (left.ids.length === 0 && left.overflowing.length === 0) return right;
  const overflowing = left.overflowing.flatMap((piece) => [join(piece, right), ...right.overflowing.map((other) => join(piece, other))]);
  for (const other of right.overflowing) overflowing.push(concatenate(left, other, []));
  return concatenate(left, right, overflowing);
}

function concatenate(left: Encoding, right: Encoding, overflowing: Encoding[]): Encoding {
  return {
    ids: left.ids.concat(right.ids),
    tokens: left.tokens.concat(right.tokens),
    offsets: left.offsets.concat(right.offsets),
    type_ids: left.type_ids.concat(right.type_ids),
    special_tokens_mask: left.special_tokens_mask.concat(right.special_tokens_mask),
    word_ids: left.word_ids.concat(right.word_ids),
    sequence_ids: left.sequence_ids.concat(right.sequence_ids),
    overflowing,
  };
}

export interface PaddedEncoding extends Encoding {
  /** 1 for real tokens, 0 for padding. */
  readonly attention_mask: number[];
  readonly overflowing: PaddedEncoding[];
}

/** A batch at one length; with `padding` null nothing is added. Longer encodings stay as they are. */
export function padBatch(batch: readonly Encoding[], padding: Padding | null): PaddedEncoding[] {
  if (padding === null) return batch.map((encoding) => padTo(encoding, 0, noPadding));
  let length = padding.length ?? batch.reduce((most, { ids }) => Math.max(most, ids.length), 0);
  const multiple = padding.pad_to_multiple_of ?? 0;
  if (multiple > 0 && length % multiple > 0) length += multiple - (length % multiple);
  return batch.map((encoding) => padTo(encoding, length, padding));
}

const noPadding: Padding = { length: null, direction: "right", pad_to_multiple_of: null, pad_id: 0, pad_type_id: 0, pad_token: "" };

function padTo(encoding: Encoding, length: number, padding: Padding): PaddedEncoding {
  const missing = Math.max(0, length - encoding.ids.length);
  const pad = <Item>(list: Item[], item: () => Item): Item[] => {
    if (missing === 0) return list;
    const filler = Array.from({ length: missing }, item);
    return padding.direction === "left" ? filler.concat(list) : list.concat(filler);
  };
  return {
    ids: pad(encoding.ids, () => padding.pad_id),
    tokens: pad(encoding.tokens, () => padding.pad_token),
    offsets: pad(encoding.offsets, (): [number, number] => [0, 0]),
    type_ids: pad(encoding.type_ids, () => padding.pad_type_id),
    special_tokens_mask: pad(encoding.special_tokens_mask, () => 1),
    word_ids: pad(encoding.word_ids, () => null),
    sequence_ids: pad(encoding.sequence_ids, () => null),
    attention_mask: pad(encoding.ids.map(() => 1), () => 0),
    overflowing: encoding.overflowing.map((piece) => padTo(piece, length, padding)),
  };
}
