// Hugging Face's `tokenizer.json` of a byte-level tokenizer. The library loads it and gives the same ids.
// `bytes` is written as BPE without merges, whose vocabulary has the byte's character at the byte's id.

import type { ByteLevelParts } from "./tokenizer.ts";
import type { PostStep, TemplateItem } from "./post.ts";

export function tokenizerJson(parts: ByteLevelParts): string {
  const byteLevel = { type: "ByteLevel", add_prefix_space: parts.prefixSpace, trim_offsets: true, use_regex: parts.regex };
  return `${JSON.stringify(
    {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: parts.added.map(({ id, content, single_word, lstrip, rstrip, normalized, special }) => ({ id, content, single_word, lstrip, rstrip, normalized, special })),
      normalizer: null,
      pre_tokenizer: byteLevel,
      post_processor: postJson(parts.post),
      decoder: byteLevel,
      model: {
        type: "BPE",
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: parts.ignoreMerges,
        vocab: vocabulary(parts),
        merges: parts.merges,
      },
    },
    null,
    2,
  )}\n`;
}

/** Added tokens stand in the vocabulary too, so that the library gives them the ids that are written. */
function vocabulary(parts: ByteLevelParts): Record<string, number> {
  const texts = [...parts.vocab];
  for (const token of parts.added) texts[token.id] ??= token.content;
  // Keys that look like whole numbers come first in a JavaScript object whatever the order; ids are values, so nothing is lost.
  return Object.fromEntries(texts.flatMap((text, id) => (text === undefined ? [] : [[text, id]])));
}

function postJson(steps: readonly PostStep[]): unknown {
  const all = steps.map(stepJson);
  return all.length === 0 ? null : all.length === 1 ? all[0] : { type: "Sequence", processors: all };
}

function stepJson(step: PostStep): unknown {
  if (step.kind === "trim") return { type: "ByteLevel", add_prefix_space: step.prefixSpace, trim_offsets: true, use_regex: true };
  const tokens = [...step.single, ...step.pair].filter((item) => item.sequence === null);
  return {
    type: "TemplateProcessing",
    single: step.single.map(itemJson),
    pair: step.pair.map(itemJson),
    special_tokens: Object.fromEntries(tokens.map((item) => [nameOf(item), { id: nameOf(item), ids: item.tokens.map((token) => token.id), tokens: item.tokens.map((token) => token.text) }])),
  };
}

function itemJson(item: TemplateItem): unknown {
  return item.sequence === null ? { SpecialToken: { id: nameOf(item), type_id: item.type } } : { Sequence: { id: item.sequence, type_id: item.type } };
}

function nameOf(item: TemplateItem): string {
  return item.tokens.map((token) => token.text).join("");
}
