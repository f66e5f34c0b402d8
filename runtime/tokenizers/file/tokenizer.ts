// A tokenizer from the parts of its file: text → added tokens → normalizer → pieces → model → post-processor, and back.

import { sentinelText } from "../define.ts";
import { idsFromJson } from "../ids.ts";
import { preTokenizer } from "../pre-tokenizers/step.ts";
import { emptyEncoding, truncatePair } from "../post/encoding.ts";
import { addedCount, applyTemplate, templateOf, trimAll } from "../post/template.ts";
import { addedMatcher } from "../text/added.ts";
import { sliceAligned, stretches } from "../text/aligned.ts";
import { pointIndex } from "../text/points.ts";
import { idBuffer } from "./id-buffer.ts";
import { pieceCache } from "./piece-cache.ts";
import { partsOf, readTokenizerJson } from "./read.ts";
import { tokenTexts } from "./token-texts.ts";
import { fileText } from "./write.ts";
import type { Encoding, Tokenizer } from "../define.ts";
import type { Aligned } from "../text/aligned.ts";
import type { AddedToken } from "../text/added.ts";
import type { IdBuffer } from "./id-buffer.ts";
import type { Json } from "./json.ts";
import type { TokenizerParts } from "./read.ts";

export interface TokenizerChanges {
  /** Instead of the file's. */
  readonly added?: readonly AddedToken[];
  /** Further names of special tokens: `mask` → `[MASK]`. */
  readonly names?: ReadonlyMap<string, string>;
  /** Ids of the sentinels, where they are not called `<X>`, `<Y>`, `<Z>`, `<extra_3>` … */
  readonly sentinels?: readonly number[];
}

/** A tokenizer from the text of a `tokenizer.json`; `file` is for messages. Throws UserError (PT7008, PT7009). */
export function parseTokenizer(json: string, file = "tokenizer.json"): Tokenizer {
  return idsFromJson(json) ?? makeTokenizer(readTokenizerJson(json, file));
}

/** A tokenizer from a file that was made here. */
export function tokenizerOfFile(root: Json): Tokenizer {
  return makeTokenizer(partsOf(root));
}

export function makeTokenizer(parts: TokenizerParts, changes: TokenizerChanges = {}): Tokenizer {
  const { normalizer, post, preTokenizer: pre } = parts;
  const added = changes.added ?? parts.added;
  const { vocab } = parts.model;
  const size = added.reduce((most, token) => Math.max(most, token.id + 1), vocab.length);
  const addedById = new Map(added.map((token) => [token.id, token]));
  const addedByText = new Map(added.map((token) => [token.content, token.id]));
  const idOfText = (text: string): number | null => addedByText.get(text) ?? null;
  const tokenOf = (id: number): string | undefined => addedById.get(id)?.content ?? vocab[id];
  const isSpecial = (id: number): boolean => addedById.get(id)?.special === true;
  const model = parts.model.make(new Set(added.filter((token) => token.special).map((token) => token.id)));
  const tokenize = pieceCache(model.tokenize);
  // Without a pre-tokenizer a text is one word, however it is cut for speed.
  const oneWord = pre.steps.length === 0;
  const cut = preTokenizer(oneWord && model.cut !== undefined ? [{ cut: model.cut, breaks: / /u }] : pre.steps);
  const normalize = normalizer?.apply ?? ((text: string) => text);
  const template = templateOf(post);

  // Added tokens that are text are always matched, special ones only where asked.
  const matchers = [false, true].map((special) => {
    const wanted = added.filter((token) => special || !token.special);
    return { raw: addedMatcher(wanted.filter((token) => !token.normalized), (token) => token.content), normalized: addedMatcher(wanted.filter((token) => token.normalized), (token) => normalize(token.content)) };
  });

  const encodePlain = (text: string, origin: boolean, out: IdBuffer): void => {
    cut(text, origin, ({ texts }) => {
      for (let i = 0; i < texts.length; i++) out.append(tokenize(texts[i]).ids);
    });
  };
  const encodeIds = (text: string, special: boolean, out: IdBuffer): void => {
    const match = matchers[Number(special)];
    for (const { start, end, id } of match.raw(text)) {
      if (id !== null) {
        out.append([id]);
        continue;
      }
      const normalized = normalize(text.slice(start, end));
      for (const inner of match.normalized(normalized)) {
        if (inner.id !== null) out.append([inner.id]);
        else encodePlain(normalized.slice(inner.start, inner.end), start === 0 && inner.start === 0, out);
      }
    }
  };

  /** One text with all that is known of its tokens. */
  const encodeOne = (text: string, special: boolean): Encoding => {
    const result = emptyEncoding();
    const points = pointIndex(text);
    let word = 0;
    const put = (id: number, token: string, start: number, end: number): void => {
      result.ids.push(id);
      result.tokens.push(token);
      result.offsets.push([points(start), points(end)]);
      result.word_ids.push(word);
    };
    const putPlain = (aligned: Aligned, base: number, origin: boolean): void => {
      const identity = aligned.starts === null && !/[\ud800-\udbff]/.test(aligned.text);
      const { starts, ends } = identity ? noStretches : stretches(aligned);
      cut(aligned.text, origin, (pieces) => {
        for (let i = 0; i < pieces.texts.length; i++) {
          const piece = pieces.texts[i];
          const { ids, ranges } = tokenize(piece);
          const begin = pieces.starts[i];
          const floor = pieces.floors[i];
          for (let k = 0; k < ids.length; k++) {
            const from = ranges === null ? 0 : ranges[2 * k];
            const to = ranges === null ? piece.length : ranges[2 * k + 1];
            // Units that were put in front share the stretch of the first that was there.
            const first = Math.max(begin + from, floor);
            const last = Math.max(begin + to - 1, floor);
            const token = ids[k] === model.surface ? piece.slice(from, to) : (tokenOf(ids[k]) ?? "");
            if (identity) put(ids[k], token, base + first, base + last + 1);
            else put(ids[k], token, base + starts[first], base + ends[last]);
          }
          if (!oneWord) word++;
        }
      });
      if (oneWord) word++;
    };
    const match = matchers[Number(special)];
    for (const stretch of match.raw(text)) {
      if (stretch.id !== null) {
        put(stretch.id, text.slice(stretch.start, stretch.end), stretch.start, stretch.end);
        word++;
        continue;
      }
      const plain: Aligned = { text: text.slice(stretch.start, stretch.end), starts: null, ends: null };
      const aligned = normalizer === null ? plain : normalizer.align(plain);
      for (const inner of match.normalized(aligned.text)) {
        const part = sliceAligned(aligned, inner.start, inner.end);
        if (inner.id === null) putPlain(part, stretch.start, stretch.start === 0 && inner.start === 0);
        else {
          const { starts, ends } = stretches(part);
          put(inner.id, part.text, stretch.start + starts[0], stretch.start + ends[ends.length - 1]);
          word++;
        }
      }
    }
    return { ...result, type_ids: zeros(result.ids.length), special_tokens_mask: zeros(result.ids.length), sequence_ids: zeros(result.ids.length) };
  };

  const texts = tokenTexts(parts, { size, vocab, addedById });
  const decode: Tokenizer["decode"] = (ids, { special = false } = {}) => {
    const tokens: string[] = [];
    for (let i = 0; i < ids.length; i++) {
      const token = tokenOf(ids[i]);
      if (token !== undefined && (special || !isSpecial(ids[i]))) tokens.push(token);
    }
    return parts.decoder(tokens).join("");
  };

  const sentinels = changes.sentinels ?? findSentinels(idOfText);
  return {
    kind: parts.model.kind,
    vocab: size,
    sentinels,
    truncation: parts.truncation,
    padding: parts.padding,
    encode(text, { special = false } = {}) {
      const out = idBuffer(text.length);
      encodeIds(text, special, out);
      return out.take();
    },
    encodeFull(text, pair, { addSpecialTokens = true, special = true, truncation = null } = {}) {
      const first = encodeOne(text, special);
      const second = pair === undefined ? null : encodeOne(pair, special);
      const room = truncation === null ? 0 : truncation.max_length - (addSpecialTokens ? addedCount(template, second !== null) : 0);
      const cutPair = truncation === null ? { first, second } : truncatePair(first, second, { ...truncation, max_length: room });
      if ("problem" in cutPair) throw new RangeError(cutPair.problem);
      return applyTemplate(template, trimAll(post, cutPair.first), cutPair.second && trimAll(post, cutPair.second), addSpecialTokens);
    },
    encodeWords(words) {
      const out = idBuffer(words.length * 2);
      const owners: number[] = [];
      words.forEach((word, index) => {
        // Byte-level tokens of a word hold the space before it.
        const before = out.length();
        encodePlain(normalize(pre.byteLevel && index > 0 && !/^\s/.test(word) ? ` ${word}` : word), true, out);
        for (let i = before; i < out.length(); i++) owners.push(index);
      });
      return { ids: out.take(), words: Int32Array.from(owners) };
    },
    wordStarts: texts.wordStarts,
    decode,
    decodeStream: ({ special = false } = {}) => texts.stream((ids) => decode(ids, { special }), (id) => special || !isSpecial(id)),
    special(name) {
      const bare = name.replace(/^<(.*)>$/s, "$1");
      return idOfText(changes.names?.get(bare) ?? `<${bare}>`);
    },
    bytesOf: (id) => (isSpecial(id) || sentinels.includes(id) || id === parts.model.unknown ? 0 : texts.bytes(id)),
    text: texts.shown,
    json: () => fileText(parts.root, added),
  };
}

const noStretches = { starts: new Int32Array(0), ends: new Int32Array(0) };

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}

function findSentinels(idOf: (text: string) => number | null): number[] {
  const ids: number[] = [];
  for (let id = idOf(sentinelText(0)); id !== null; id = idOf(sentinelText(ids.length))) ids.push(id);
  return ids;
}
