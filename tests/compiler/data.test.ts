// Data sources in the checker and in plans: columns, cleaning, mixtures, synthetic data.

import { describe, expect, test } from "vitest";
import type { Plan, PlanFiles } from "../../compiler/plan/schema.ts";
import { partsOfFile } from "../../compiler/parts.ts";
import { checkText, codes, planOf } from "../harness/compiling.ts";

const rest = `
tokenizer letters { kind: bytes  special: [<pad>] }
model tiny(vocab) { decoder { embed: tokens(vocab, 8)  residual { layernorm attention(2, mask: causal) } } head lm { tied } }
`;
const run = (data: string, more = ""): string => `pretrain small { model: tiny  tokenizer: letters  data: ${data}  objective: causal_lm  length: 8  batch: 2 examples  train: 1 steps  optimizer: adamw(lr: 1e-3)  schedule: constant ${more} }\n`;
const whole = (sources: string, data: string, more = ""): string => `${sources}${rest}${run(data, more)}`;
const messages = (text: string): string[] => checkText(text).diagnostics.map((one) => `${one.code} ${one.message}`);

/** The plan's data, and that its own spec compiles to the same plan. */
function dataOf(text: string, files: Record<string, string> = {}): Plan["data"] {
  const plan = planOf(text, { files });
  expect(planOf(plan.spec, { file: "spec.pt" }).hash).toBe(plan.hash);
  return plan.data;
}

describe("columns", () => {
  test("a plan has them with every value, and the one that is the text", () => {
    expect(dataOf(whole('data d { files: "x.csv"  format: csv  columns { text: string(column: "Review Text")  title: string  label: class(labels: ["a", "b"]) }  malformed: 1% }', "d"))).toEqual({
      kind: "files", files: ["x.csv"], format: "csv", text: "text", clean: [], malformed: 0.01, split: null, part: null,
      columns: { text: { type: "string", column: "Review Text", labels: null }, title: { type: "string", column: "title", labels: null }, label: { type: "class", column: "label", labels: ["a", "b"] } },
    });
    expect(dataOf(whole('data d { files: "x.tsv"  format: tsv  columns { line: words(column: 2)  label: class(column: 1) } }', "d"))).toMatchObject({ text: "line", columns: { line: { type: "words", column: 2 }, label: { column: 1 } } });
    expect(dataOf(whole('data d { files: "x.txt"  format: lines  columns { text: words(pattern: "(\\\\S+)/")  label: class(column: "path", pattern: "(a|b)") } }', "d"))).toMatchObject({ text: "text", columns: { text: { type: "words", column: "text", pattern: "(\\S+)/" }, label: { column: "path", pattern: "(a|b)" } } });
    expect(dataOf(whole('data d { files: "x.jsonl"  format: jsonl }', "d"))).toMatchObject({ columns: { text: { type: "string", column: "text", labels: null } } });
  });

  const cases: Record<string, [string, RegExp[]]> = {
    "an unknown type, with the nearest": ["format: csv  columns { text: strin }", [/PT2002/]],
    "a repeated column": ["format: csv  columns { text: string  text: class }", [/PT3002/]],
    "a column of documents that they do not have": ["format: lines  columns { text: string(column: \"title\") }", [/PT7052 `format: lines` has no column `title`/]],
    "names and numbers": ["format: csv  columns { text: string(column: 1)  label: class }", [/PT7052 .*by name .* and by number/]],
    "a mean without a deviation": ["format: csv  columns { picture: image(mean: 0.5) }", [/PT3023 `image`: `mean` and `std` go together/]],
    "two ways to normalize": ["format: csv  columns { picture: image(normalize: clip, mean: 0.5, std: 0.5) }", [/PT3023 `image`: `mean` and `std` stand instead of `normalize`/]],
    "means and deviations of other channels": ["format: csv  columns { picture: image(mean: [0.5, 0.4], std: 0.5) }", [/PT3023 `image`: `mean` has 2 values and `std` has 1/]],
    "no deviation": ["format: csv  columns { picture: image(mean: 0.5, std: 0) }", [/PT3023 `image`: a standard deviation is above 0/]],
    "a text in images": ["format: idx  columns { text: string }", [/PT7052 `format: idx` has no column of type `string`/]],
    "images without columns": ["format: idx", [/PT7052 `format: idx` needs `columns`/]],
    "a class twice": ['format: csv  columns { text: string  label: class(labels: ["a", "a"]) }', [/PT7052 .*a class twice/]],
    "column 0": ["format: csv  columns { text: string(column: 0) }", [/PT3005/]],
    "no column": ["format: csv  columns { }", [/PT7052 .*no column to read/]],
    "cleaning without a text": ["format: csv  columns { label: class }  clean: c4", [/PT3022 `clean` works on texts/]],
    "cutting ids by position": ["format: jsonl  columns { ids: tokens }  split { by: position  train: 50%  valid: 50% }", [/PT3022 `split` by position cuts texts/]],
  };
  for (const [title, [fields, wanted]] of Object.entries(cases)) {
    test(title, () => {
      const found = messages(`data d { files: "x"  ${fields} }`);
      expect(found, found.join("\n")).toHaveLength(wanted.length);
      wanted.forEach((pattern, i) => expect(found[i]).toMatch(pattern));
    });
  }

  test("a run and a tokenizer need one text", () => {
    const sources = 'data d { files: "x.csv"  format: csv  columns { a: string  b: string } }';
    expect(codes(checkText(whole(sources, "d")))).toEqual(["PT7053 4:57"]);
    expect(messages(`${sources}\ntokenizer t { kind: bpe(vocab: 300)  trained_on: d }`)).toEqual([expect.stringMatching(/^PT7053 .*`a: string`, `b: string`/)]);
  });
});

describe("cleaning", () => {
  test("a preset is written out, less the rules that are turned off", () => {
    const data = dataOf(whole('data d { files: "x"  clean: c4(without: [english, min_sentences, deduplicate], bad_words: "w.txt") }', "d"));
    expect(data).toMatchObject({ clean: [{ word: "terminal_punctuation", arguments: {} }, { word: "min_words", arguments: { words: 5 } }, { word: "no_code" }, { word: "no_notices" }, { word: "no_placeholder" }, { word: "no_bad_words", arguments: { list: "w.txt" } }] });
  });

  test("a list with arguments; lists of words are relative to the file that names them", () => {
    const files = { "lib/data.pt": 'data shelf { files: "x"  clean: [min_words(3), no_bad_words("bad.txt"), near_duplicates(90%)] }\n' };
    expect(dataOf(`import { shelf } from "lib/data.pt"\n${rest}${run("shelf")}`, files)).toMatchObject({
      files: ["lib/x"],
      clean: [{ word: "min_words", arguments: { words: 3 } }, { word: "no_bad_words", arguments: { list: "lib/bad.txt" } }, { word: "near_duplicates", arguments: { similarity: 0.9, words: 5, hashes: 64 } }],
    });
  });

  test("an extension turns rules off, one or all", () => {
    const sources = 'data a { files: "x"  clean: c4(without: [english]) }\ndata b extends a { clean: [] }\ndata c extends a { clean.without: [no_code] }\ndata e extends a { remove clean }\n';
    expect(dataOf(whole(sources, "b"))).toMatchObject({ clean: [] });
    expect(dataOf(whole(sources, "e"))).toMatchObject({ clean: [] });
    const words = (dataOf(whole(sources, "c")) as PlanFiles).clean.map(({ word }) => word);
    expect(words).toContain("english");
    expect(words).not.toContain("no_code");
    expect(messages("data d { files: \"x\"  clean: [c5] }")).toEqual([expect.stringMatching(/PT2002 .*c5/)]);
  });
});

const three = 'data a { files: "a"  split { train: 90%  valid: 10% } }\ndata b { files: "b"  split { train: 80%  valid: 20% } }\ndata c { files: "c" }\n';

describe("mixtures", () => {
  test("have shares of examples, nested ones multiplied out", () => {
    const data = dataOf(whole(`${three}data ab = mixture(70% * a, 30% * b)\ndata all = mixture(3 * ab, c)\n`, "all"));
    expect(data).toMatchObject({ kind: "mixture", entries: [{ name: "a", source: { files: ["a"], part: "train" } }, { name: "b", source: { part: "train" } }, { name: "c", source: { part: null } }] });
    expect(data?.kind === "mixture" && data.entries.map(({ share }) => share)).toEqual([0.7 * 3 / 4, 0.3 * 3 / 4, 0.25].map((share) => expect.closeTo(share, 12)));
  });

  test("may stand in the run, name parts, and have parts of their own", () => {
    expect(dataOf(whole(three, "mixture(a.valid, a.train, c)"))).toMatchObject({ entries: [{ name: "a", source: { part: "valid" } }, { name: "a_2", source: { part: "train" } }, { name: "c" }] });
    const plan = planOf(whole(`${three}data ab = mixture(a, b)\n`, "ab", "evaluate { data: ab.valid }"));
    expect(plan.evaluation?.data).toMatchObject({ entries: [{ source: { part: "valid" } }, { source: { part: "valid" } }] });
    expect(planOf(plan.spec, { file: "spec.pt" }).hash).toBe(plan.hash);
    expect(dataOf(whole(`${three}data other = b\n`, "other"))).toMatchObject({ kind: "files", files: ["b"], part: "train" });
  });

  const refused: Record<string, [string, string, RegExp]> = {
    "shares that are not 100 %": ["data m = mixture(70% * a, 20% * b)", "m", /PT3031 .*90%/],
    "percents beside weights": ["data m = mixture(70% * a, b)", "m", /PT3031/],
    "nothing": ["data m = mixture()", "m", /PT3009/],
    "itself": ["data m = mixture(a, m)", "m", /PT2016/],
    "no data": ["data m = mixture(a, letters)", "m", /PT2015/],
    "a part that not all have": ["data m = mixture(a, c)", "m.valid", /PT3016/],
    "a weight of 0": ["data m = mixture(0 * a, b)", "m", /PT3005/],
    "the same part to train and to measure": ["data m = mixture(a, b)", "m  evaluate { data: a }", /PT5010/],
  };
  for (const [title, [declaration, data, wanted]] of Object.entries(refused)) {
    test(`refused: ${title}`, () => {
      const found = messages(whole(`${three}${declaration}\n`, data));
      expect(found, found.join("\n")).toHaveLength(1);
      expect(found[0]).toMatch(wanted);
    });
  }

  test("have parts to explain", () => {
    const parts = partsOfFile(checkText(whole(`${three}data ab = mixture(70% * a, 30% * b)\n`, "ab")));
    expect([...parts.get("small")!.parts().get("data")!.parts().keys()]).toEqual(["a", "b"]);
    expect([...parts.get("small")!.parts().get("data")!.parts().get("b")!.parts().keys()]).toContain("split");
  });
});

describe("synthetic data", () => {
  const drawn = (data: string, more = ""): string => `data n { ${data} }${rest.replace(/tokenizer.*\n/, "")}${run("n", more).replace("tokenizer: letters", "")}`;

  test("needs no tokenizer: its ids are those of the model", () => {
    expect(dataOf(drawn("synthetic: uniform(vocab: 4_096)  split { train: 90%  valid: 10% }"))).toEqual({
      kind: "synthetic", generator: { word: "uniform", arguments: { vocab: 4096, length: 512, examples: 10_000 } }, split: { by: "document", parts: { train: 0.9, valid: 0.1 } }, part: "train",
    });
    expect(planOf(drawn("synthetic: addition")).tokenizer).toEqual({ kind: { word: "ids", arguments: { vocab: 12 } }, file: null, trained_on: null, special: [], sentinels: 0, vocab: 12 });
  });

  test("takes one of kind ids, with room", () => {
    const with_ = (vocab: number): string => `data n { synthetic: copy }\n${rest.replace("kind: bytes", `kind: ids(vocab: ${vocab})`)}${run("n")}`;
    expect(messages(with_(18))).toEqual([]);
    expect(messages(with_(17))).toEqual([expect.stringMatching(/PT7054 `copy` draws 17 different ids, and `letters` has room for 16/)]);
    expect(messages(`data n { synthetic: copy }\n${rest}${run("n")}`)).toEqual([expect.stringMatching(/PT7054/)]);
  });

  test("is no file", () => {
    expect(messages('data n { synthetic: copy  files: "x" }')).toEqual([expect.stringMatching(/PT3015/)]);
    expect(messages("data n { synthetic: copy  clean: c4  format: csv }").map((one) => one.slice(0, 6))).toEqual(["PT3022", "PT3022"]);
    expect(messages('data n { format: csv }')).toEqual([expect.stringMatching(/PT3015/)]);
    expect(messages(whole('data n { files: "x" }', "n").replace("tokenizer: letters", ""))).toEqual([expect.stringMatching(/PT3003 .*tokenizer/)]);
  });
});
