// Every kind of `tokenizer.json` against Hugging Face's answers.

import { describe, expect, it } from "vitest";
import { parseTokenizer } from "../../runtime/tokenizers/file/tokenizer.ts";
import { padBatch } from "../../runtime/tokenizers/post/encoding.ts";
import { golden } from "./golden.ts";
import type { Encoding } from "../../runtime/tokenizers/define.ts";

const empty = JSON.stringify({ model: { type: "BPE", vocab: {}, merges: [] } });
const lists = ["ids", "tokens", "offsets", "type_ids", "special_tokens_mask", "word_ids", "sequence_ids"] as const;

describe.each(["byte-level-bpe", "metaspace-bpe", "wordpiece", "unigram"])("%s", (kind) => {
  const directory = golden(`tokenizers/${kind}`);
  const run = it.skipIf(directory === null);
  const tokenizer = parseTokenizer(directory?.text("tokenizer.json") ?? empty);
  const encodings = directory?.json("encodings.json") ?? { singles: [], pairs: [], batches: [] };
  const texts = [...encodings.singles, ...encodings.pairs];

  run("encodes texts and pairs (skipped where the goldens are absent)", () => {
    expect(encodings.singles.length).toBeGreaterThan(50);
    expect(encodings.pairs.length).toBeGreaterThan(3);
    for (const item of texts) {
      const encoding = tokenizer.encodeFull(item.text, item.pair);
      for (const list of lists) expect(encoding[list], `${list} of ${JSON.stringify(item.text)}`).toEqual(item[list]);
    }
    for (const item of encodings.singles) {
      expect(tokenizer.encodeFull(item.text).offsets.map((range) => range.map((point) => [...item.text].slice(0, point).join("").length)), item.text).toEqual(item.offsets_utf16);
    }
  });

  run("leaves special tokens out where asked, alike in both ways of encoding", () => {
    for (const item of encodings.singles) {
      expect(tokenizer.encodeFull(item.text, undefined, { addSpecialTokens: false }).ids, item.text).toEqual(item.ids_without_special);
      expect([...tokenizer.encode(item.text, { special: true })], item.text).toEqual(item.ids_without_special);
    }
  });

  run("decodes, whole and as a stream", () => {
    for (const item of texts) {
      expect(tokenizer.decode(item.ids), item.text).toBe(item.decoded);
      if (item.decoded_with_special !== undefined) expect(tokenizer.decode(item.ids, { special: true }), item.text).toBe(item.decoded_with_special);
      const stream = tokenizer.decodeStream();
      expect(item.ids.map((id: number) => stream.push(id)).join("") + stream.end(), item.text).toBe(item.decoded);
    }
  });

  run("cuts and pads batches", () => {
    expect(encodings.batches.length).toBeGreaterThan(3);
    for (const batch of encodings.batches) {
      const truncation = { strategy: "longest_first", stride: 0, direction: "right", ...batch.truncation };
      const padding = { length: null, direction: "right", pad_to_multiple_of: null, pad_type_id: 0, ...batch.padding };
      const encoded = batch.inputs.map((input: string | [string, string]): Encoding => (typeof input === "string" ? tokenizer.encodeFull(input, undefined, { truncation }) : tokenizer.encodeFull(...input, { truncation })));
      const padded = padBatch(encoded, padding);
      expect(padded.map(({ ids }) => ids)).toEqual(batch.ids);
      expect(padded.map(({ attention_mask }) => attention_mask)).toEqual(batch.attention_mask);
      expect(padded.map(({ type_ids }) => type_ids)).toEqual(batch.type_ids);
      expect(padded.map(({ overflowing }) => overflowing.map(({ ids }) => ids))).toEqual(batch.overflowing);
    }
  });

  run("writes the file so that it reads back to the same answers", () => {
    const again = parseTokenizer(tokenizer.json());
    for (const item of encodings.singles) expect(again.encodeFull(item.text)).toEqual(tokenizer.encodeFull(item.text));
  });
});


