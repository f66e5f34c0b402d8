// pt tokenize: texts as ids, by anyone's `tokenizer.json`.

import { unencodableInput } from "../../grammar/diagnostics/PT7015-unencodable-input.ts";
import { wrongFlag } from "../../grammar/diagnostics/PT8012-wrong-flag.ts";
import { folderForFile } from "../../grammar/diagnostics/PT7021-folder-for-file.ts";
import { missingFile } from "../../grammar/diagnostics/PT7020-missing-file.ts";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { isFolder } from "../host.ts";
import { readWhole } from "../files/text.ts";
import { fileError } from "../files/user-error.ts";
import { flagNumber } from "../runs/trained.ts";
import { readTexts } from "../terminal/input-texts.ts";
import { parseTokenizer } from "../tokenizers/file/tokenizer.ts";
import { padBatch } from "../tokenizers/post/encoding.ts";
import { defineCommand, jsonFlag } from "./define.ts";
import type { Encoding, Tokenizer } from "../tokenizers/define.ts";
import type { Padding, PaddedEncoding, Truncation } from "../tokenizers/post/encoding.ts";
import type { InputText } from "../terminal/input-texts.ts";
import type { Args } from "./define.ts";

export const tokenizeCommand = defineCommand({
  word: "tokenize",
  summary: "Turn texts into ids with a tokenizer.json.",
  arguments: [{ name: "TOKENIZER", doc: "a `tokenizer.json` in Hugging Face's format; texts come on standard input: lines, JSON lines (`\"text\"`, `[text, pair]`) or a JSON list", required: true }],
  flags: [
    { name: "--add-special-tokens", value: "SWITCH", doc: "`on` or `off`: the special tokens that the file puts around texts (default: on)" },
    { name: "--truncation", value: "STRATEGY", doc: "`longest_first`, `only_first`, `only_second` or `off` (default: as the file says)" },
    { name: "--max-length", value: "N", doc: "at most this many tokens, special tokens included; the rest is `overflowing`" },
    { name: "--stride", value: "N", doc: "how many tokens neighbouring pieces share (default: 0)" },
    { name: "--truncation-side", value: "SIDE", doc: "`right` or `left`: where tokens are cut off" },
    { name: "--padding", value: "HOW", doc: "`longest` (of all input, which is then read whole), `max_length` or `off` (default: as the file says)" },
    { name: "--padding-side", value: "SIDE", doc: "`right` or `left`" },
    { name: "--pad-to-multiple-of", value: "N", doc: "pad further, to a multiple of N" },
    { name: "--pad-token", value: "TOKEN", doc: "what to pad with (default: the file's, `<pad>` or `[PAD]`)" },
    { ...jsonFlag, doc: "JSON lines, which it always prints" },
  ],
  examples: [
    { line: "pt tokenize tokenizer.json < texts.txt", does: "one line `{ ids, tokens, offsets, type_ids }` for each line" },
    { line: "pt tokenize tokenizer.json --max-length 128 --padding max_length < pairs.jsonl", does: "pairs cut and padded to 128 tokens" },
  ],
  run: async (args, io) => {
    const file = args.values.TOKENIZER!;
    const path = resolve(io.cwd, file);
    if (!existsSync(path)) throw fileError(missingFile, file, { file });
    if (isFolder(path)) throw fileError(folderForFile, file, { file });
    const tokenizer = parseTokenizer(await readWhole({ path, name: file }), file);
    const truncation = truncationOf(args, tokenizer);
    const padding = paddingOf(args, tokenizer);
    const addSpecialTokens = choice(args, "--add-special-tokens", { on: true, off: false }) ?? true;
    const encode = ({ text, pair, line }: InputText): Encoding => {
      try {
        return tokenizer.encodeFull(text, pair, { addSpecialTokens, truncation });
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw fileError(unencodableInput, "", { line, reason: error.message });
      }
    };
    const print = (encoding: PaddedEncoding): void => io.stdout.write(`${JSON.stringify(printed(encoding, truncation !== null, padding !== null))}\n`);
    const input = readTexts(io.stdinChunks?.() ?? [await io.stdin()]);
    // Only the longest of all decides the length of all; otherwise each text is printed as it comes.
    if (padding !== null && padding.length === null) {
      const encodings: Encoding[] = [];
      for await (const text of input) encodings.push(encode(text));
      padBatch(encodings, padding).forEach(print);
    } else for await (const text of input) padBatch([encode(text)], padding).forEach(print);
    return 0;
  },
});

/** Fields of one line. `attention_mask` and `overflowing` are there where they say something. */
function printed({ ids, tokens, offsets, type_ids, special_tokens_mask, attention_mask, overflowing }: PaddedEncoding, cut: boolean, padded: boolean): object {
  return {
    ids,
    tokens,
    offsets,
    type_ids,
    special_tokens_mask,
    ...(padded ? { attention_mask } : {}),
    ...(cut ? { overflowing: overflowing.map((piece) => printed(piece, false, padded)) } : {}),
  };
}

const strategies = { longest_first: "longest_first", only_first: "only_first", only_second: "only_second", off: null } as const;
const sides = { right: "right", left: "left" } as const;

function truncationOf(args: Args, { truncation: own }: Tokenizer): Truncation | null {
  const max_length = flagNumber("--max-length", args.values["--max-length"], { minimum: 1, whole: true }) ?? own?.max_length;
  const strategy = choice(args, "--truncation", strategies);
  const stride = flagNumber("--stride", args.values["--stride"], { minimum: 0, whole: true }) ?? own?.stride ?? 0;
  const direction = choice(args, "--truncation-side", sides) ?? own?.direction ?? "right";
  if (strategy === null || (strategy === undefined && max_length === undefined)) return null;
  if (max_length === undefined) throw fileError(wrongFlag, "", { flag: "--truncation", given: args.values["--truncation"]!, wanted: "given with `--max-length N`" });
  return { max_length, strategy: strategy ?? own?.strategy ?? "longest_first", stride, direction };
}

function paddingOf(args: Args, tokenizer: Tokenizer): Padding | null {
  const { padding: own } = tokenizer;
  const how = choice(args, "--padding", { longest: "longest", max_length: "max_length", off: null });
  if (how === null || (how === undefined && own === null)) return null;
  const max_length = flagNumber("--max-length", args.values["--max-length"], { minimum: 1, whole: true });
  if (how === "max_length" && max_length === undefined) throw fileError(wrongFlag, "", { flag: "--padding", given: "max_length", wanted: "given with `--max-length N`" });
  const token = args.values["--pad-token"];
  const found = (token === undefined ? ["<pad>", "[PAD]"] : [token]).map((text) => ({ pad_token: text, pad_id: idOf(tokenizer, text) })).find(({ pad_id }) => pad_id !== null);
  if (found === undefined && (token !== undefined || own === null)) {
    throw fileError(wrongFlag, "", { flag: "--pad-token", given: token ?? "nothing", wanted: "a special token of the file" });
  }
  const pad = token === undefined && own !== null ? { pad_token: own.pad_token, pad_id: own.pad_id } : { pad_token: found!.pad_token, pad_id: found!.pad_id! };
  return {
    ...pad,
    length: how === "max_length" ? max_length! : how === "longest" ? null : (own?.length ?? null),
    direction: choice(args, "--padding-side", sides) ?? own?.direction ?? "right",
    pad_to_multiple_of: flagNumber("--pad-to-multiple-of", args.values["--pad-to-multiple-of"], { minimum: 1, whole: true }) ?? own?.pad_to_multiple_of ?? null,
    pad_type_id: own?.pad_type_id ?? 0,
  };
}

/** Id of a special token by its text; null for any other text. */
function idOf(tokenizer: Tokenizer, text: string): number | null {
  const ids = tokenizer.encode(text, { special: true });
  return ids.length === 1 && tokenizer.decode(ids) === "" ? ids[0] : null;
}

/** What a flag's word means; undefined where the flag is absent. Throws UserError for other words. */
function choice<Meaning>(args: Args, flag: string, words: { readonly [word: string]: Meaning }): Meaning | undefined {
  const given = args.values[flag];
  if (given === undefined) return undefined;
  if (!Object.hasOwn(words, given)) throw fileError(wrongFlag, "", { flag, given, wanted: `one of ${Object.keys(words).map((word) => `\`${word}\``).join(", ")}` });
  return words[given];
}
