// pt tokenize: forms of input, cutting and padding, and what is refused.

import { expect, test } from "vitest";
import { byteTokenizerJson } from "../../grammar/diagnostics/_data-example.ts";
import { temporaryFolder } from "../files/temporary.ts";
import { pt } from "../harness/cli.ts";

const json = JSON.parse(byteTokenizerJson(["<s>", "<pad>"]));
const processed = JSON.stringify({
  ...json,
  post_processor: {
    type: "TemplateProcessing",
    single: [{ SpecialToken: { id: "<s>", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
    pair: [{ SpecialToken: { id: "<s>", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
    special_tokens: { "<s>": { id: "<s>", ids: [256], tokens: ["<s>"] } },
  },
});
const folder = temporaryFolder({ "tokenizer.json": processed, "settings.json": JSON.stringify({ ...JSON.parse(processed), truncation: { max_length: 3, strategy: "LongestFirst", stride: 0, direction: "Right" }, padding: { strategy: { Fixed: 4 }, direction: "Left", pad_id: 257, pad_type_id: 0, pad_token: "<pad>" } }), "half.json": processed.slice(0, 99) });

async function tokenize(input: string | Uint8Array, ...flags: string[]): Promise<Record<string, unknown>[]> {
  const bytes = Buffer.from(input);
  // Chunks that cut lines and characters.
  async function* stdinChunks(): AsyncIterable<Uint8Array> {
    for (let i = 0; i < bytes.length; i += 3) yield bytes.subarray(i, i + 3);
  }
  const ran = await pt(["tokenize", "tokenizer.json", ...flags], folder, { stdinChunks });
  expect(ran.stderr).toBe("");
  expect(ran.code).toBe(0);
  return ran.stdout.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

async function refused(input: string | Uint8Array, ...flags: string[]): Promise<string> {
  const ran = await pt(["tokenize", "tokenizer.json", ...flags], folder, { stdin: async () => Buffer.from(input) });
  expect(ran.code).toBe(1);
  return `${ran.codes.join(" ")} ${ran.stderr}`;
}

test("plain lines, each a text, the empty one too", async () => {
  const lines = await tokenize("aé🙂\r\n\nno [list]\n", "--json");
  expect(lines).toHaveLength(3);
  expect(lines[0]).toEqual({
    ids: [256, 0x61, 0xc3, 0xa9, 0xf0, 0x9f, 0x99, 0x82],
    tokens: ["<s>", "a", "Ã", "©", "ð", "Ł", "Ļ", "Ĥ"],
    offsets: [[0, 0], [0, 1], [1, 2], [1, 2], [2, 3], [2, 3], [2, 3], [2, 3]],
    type_ids: [0, 0, 0, 0, 0, 0, 0, 0],
    special_tokens_mask: [1, 0, 0, 0, 0, 0, 0, 0],
  });
  expect(lines[1].ids).toEqual([256]);
  expect(await tokenize("")).toEqual([]);
});

test("JSON lines, pairs, and a list over one line or several", async () => {
  const wanted = [[256, 97], [256, 98, 99]];
  const ids = async (input: string): Promise<unknown> => (await tokenize(input)).map((line) => line.ids);
  expect(await ids('"a"\n["b","c"]\n')).toEqual(wanted);
  expect(await ids('["a", ["b","c"]]')).toEqual(wanted);
  expect(await ids('[\n  "a",\n  ["b", "c"]\n]\n')).toEqual(wanted);
  expect(await ids('["a"]\n["b","c"]')).toEqual(wanted);
  expect((await tokenize('["b","c"]'))[0].type_ids).toEqual([0, 0, 1]);
  // What only looks like a list is text.
  expect(await ids("[CLS] a")).toHaveLength(1);
  expect(await ids('["a\nb')).toEqual([[256, 91, 34, 97], [256, 98]]);
});

test("special tokens, truncation and padding", async () => {
  expect((await tokenize("ab", "--add-special-tokens", "off"))[0].ids).toEqual([97, 98]);
  const [cut] = await tokenize("abcde", "--max-length", "3", "--stride", "1");
  expect(cut.ids).toEqual([256, 97, 98]);
  expect((cut.overflowing as { ids: number[] }[]).map(({ ids }) => ids)).toEqual([[256, 98, 99], [256, 99, 100], [256, 100, 101]]);
  expect((await tokenize("abcde", "--max-length", "3", "--truncation-side", "left"))[0].ids).toEqual([256, 100, 101]);
  const padded = await tokenize("ab\nc\n", "--padding", "longest", "--pad-to-multiple-of", "4", "--padding-side", "left");
  expect(padded.map(({ ids, attention_mask }) => [ids, attention_mask])).toEqual([[[257, 256, 97, 98], [0, 1, 1, 1]], [[257, 257, 256, 99], [0, 0, 1, 1]]]);
  expect((await tokenize("a", "--padding", "max_length", "--max-length", "4", "--pad-token", "<s>"))[0].ids).toEqual([256, 97, 256, 256]);
});

test("what the file asks for batches is done, unless flags say otherwise", async () => {
  const run = async (...flags: string[]): Promise<number[]> => JSON.parse((await pt(["tokenize", "settings.json", ...flags], folder, { input: "abc" })).stdout).ids;
  expect(await run()).toEqual([257, 256, 97, 98]);
  expect(await run("--padding", "off")).toEqual([256, 97, 98]);
  expect(await run("--truncation", "off")).toEqual([256, 97, 98, 99]);
});

test("input that is no text is refused with its line", async () => {
  expect(await refused('"a"\n7\n')).toMatch(/^PT7015 .*line 2 of standard input/s);
  expect(await refused('"a"\n{"text": "b"}\n')).toMatch(/^PT7015 .*line 2/s);
  expect(await refused(Buffer.from([0x61, 0x0a, 0x62, 0xff]))).toMatch(/^PT7003 /);
  expect(await refused("abc", "--max-length", "3", "--stride", "2")).toMatch(/^PT7015 .*stride of 2/s);
  expect(await refused("abc", "--max-length", "2", "--truncation", "only_second")).toMatch(/^PT7015 .*needs a second text/s);
});

test("bad files and flags are refused", async () => {
  expect((await pt(["tokenize", "half.json"], folder, { input: "a" })).codes).toEqual(["PT7008"]);
  expect((await pt(["tokenize", "none.json"], folder, { input: "a" })).codes).toEqual(["PT7020"]);
  expect((await pt(["tokenize", "."], folder, { input: "a" })).codes).toEqual(["PT7021"]);
  for (const flags of [["--padding", "short"], ["--padding", "max_length"], ["--truncation", "longest_first"], ["--max-length", "0"], ["--padding", "longest", "--pad-token", "a"]]) {
    expect(await refused("a", ...flags), flags.join(" ")).toMatch(/^PT8012 /);
  }
});
