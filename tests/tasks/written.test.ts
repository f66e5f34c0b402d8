// What tasks that write texts read and learn: places, cuts, mixtures, metrics by entry, and the whole way on files.

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openInputs } from "../../runtime/training/inputs.ts";
import { trainPlan } from "../../runtime/training/loop.ts";
import { rowOf, type Batch } from "../../runtime/data/fields.ts";
import type { Tokenizer } from "../../runtime/tokenizers/define.ts";
import { checkText, planOf } from "../harness/compiling.ts";
import { folderWith, pt, read } from "../harness/cli.ts";
import { endOf } from "../training/folders.ts";
import { folderOf, type TaskCase } from "./specs.ts";
import { textCases, textSpec, tokenizer as letters, writers, type Writer } from "./texts.ts";

async function opened(writer: Writer, one: TaskCase, length = 40) {
  const plan = planOf(textSpec(writer, one, "", { length }), { run: "small" });
  const warnings: string[] = [];
  const inputs = await openInputs(plan, { base: folderOf(one), warn: ({ code, message }) => warnings.push(`${code}: ${message}`) });
  return { plan, ...inputs, warnings };
}

const text = (tokenizer: Tokenizer, ids: Iterable<number>): string => tokenizer.decode([...ids], { special: true });
/** What a stack reads, padding left out. */
function readBy(batch: Batch, prefix: string, example: number, tokenizer: Tokenizer): string {
  const real = rowOf(batch, `${prefix}real`, example)!;
  return text(tokenizer, [...rowOf(batch, `${prefix}tokens`, example)!].filter((_, i) => real[i] === 1));
}
function learnedIn(batch: Batch, example: number, tokenizer: Tokenizer): string {
  const weights = rowOf(batch, "lm.weights", example)!;
  return text(tokenizer, [...rowOf(batch, "lm.targets", example)!].filter((_, i) => weights[i] > 0));
}

describe("text_to_text", () => {
  const task = { ...textCases.spelled, rows: [{ word: "sea", sound: "S IY" }] };

  test("beside an encoder both texts end with <eos>", async () => {
    const { plan, data, tokenizer } = await opened("encoder_decoder", task);
    const batch = data.batch(0, 1);
    expect(readBy(batch, "encoder.", 0, tokenizer)).toBe("say sea:<eos>");
    expect(readBy(batch, "decoder.", 0, tokenizer)).toBe("<bos>S IY");
    expect(learnedIn(batch, 0, tokenizer)).toBe("S IY<eos>");
    expect(plan.lengths).toEqual({ raw: 39, inputs: 40, targets: 12 });
    expect(plan.objective.losses).toEqual([{ head: "lm", weight: 1, kind: "tokens", places: null }]);
  });

  test("in one sequence the prompt is a prefix without loss", async () => {
    const { data, tokenizer } = await opened("decoder", task);
    const batch = data.batch(0, 1);
    expect(readBy(batch, "", 0, tokenizer)).toBe("<bos>say sea:S IY");
    expect(learnedIn(batch, 0, tokenizer)).toBe("S IY<eos>");
    expect(rowOf(batch, "prefix", 0)![0]).toBe(9);
    // The place of `:` predicts the first letter.
    expect([...rowOf(batch, "lm.places", 0)!].slice(0, 5)).toEqual([8, 9, 10, 11, 12]);
    expect(batch.counts).toEqual({ lm: 5 });
    expect(batch.bytes).toEqual({ lm: 4 });
  });

  test("a prompt that ends with a column is closed by <eos>", async () => {
    const { data, tokenizer } = await opened("decoder", { ...task, task: 'text_to_text("say {word}" -> "{sound}")' });
    expect(readBy(data.batch(0, 1), "", 0, tokenizer)).toBe("<bos>say sea<eos>S IY");
  });

  test.each([["decoder", "<bos>say seasea:S IY P"], ["encoder_decoder", "say seasea:<eos>"]] as const)("%s: what is too long loses the end of its column, and keeps its words and <eos>; it is counted", async (writer, shown) => {
    const long = { ...task, task: `text_to_text("say {word}:" -> "{sound}", targets: 7)`, rows: [{ word: "sea".repeat(20), sound: "S IY P T K" }] };
    const room = writer === "decoder" ? 18 : 12;
    const { data, tokenizer, warnings } = await opened(writer, long, room);
    const batch = data.batch(0, 1);
    expect(readBy(batch, writer === "decoder" ? "" : "encoder.", 0, tokenizer)).toBe(shown);
    expect(learnedIn(batch, 0, tokenizer)).toBe("S IY P<eos>");
    expect(warnings.join()).toMatch(/PT7061: 1 of 1 examples are longer than \d+ positions: \d+ of 75 tokens are left out/);
  });

  test("numbers and labels are scored as what they name; an encoder is refused, and a decoder without <eos>", async () => {
    const columns = "text: string  score: number";
    const spec = textSpec("decoder", { task: 'text_to_text("{text}" -> "{score}")', columns, rows: [] }, "metrics: [pearson, spearman, exact_match]");
    expect(checkText(spec).diagnostics).toEqual([]);
    const codes = (one: string): string[] => checkText(one).diagnostics.map(({ code }) => code);
    expect(codes(spec.replace("pearson", "accuracy"))).toEqual(["PT5063"]);
    expect(codes(spec.replace("<bos>, <eos>", "<bos>"))).toEqual(["PT5003"]);
    expect(codes(spec.replace("{text}", "{txt}"))).toEqual(["PT2040"]);
    expect(codes(spec.replace("decoder {", "encoder {").replace("mask: causal", "mask: full"))).toContain("PT5012");
    expect(codes(spec.replace("data: d ", ""))).toEqual(["PT3003"]);
    expect(codes(spec.replace("length: 40", "length: 2"))).toContain("PT5018");
  });
});

describe("chat", () => {
  test("the loss is on the assistant's answers and what ends them, and nowhere else", async () => {
    const { data, tokenizer } = await opened("decoder", textCases.chat);
    const all = Array.from({ length: 4 }, (_, i) => data.ordered(i, 1));
    expect(all.map((batch) => readBy(batch, "", 0, tokenizer))).toEqual(["<bos>Uhi\nAyo;Uwho\nAme", "<bos>Sbe kind\nUsea\nAdeep", "<bos>Ugo\nAno", "<bos>Uup\nAand down"]);
    expect(all.map((batch) => learnedIn(batch, 0, tokenizer))).toEqual(["yo;me;", "deep;", "no;", "and down;"]);
    const [first] = all;
    const weights = rowOf(first, "lm.weights", 0)!;
    expect([...weights.keys()].filter((i) => weights[i] > 0)).toEqual([5, 6, 7, 14, 15, 16]);
    expect(rowOf(first, "prefix", 0)![0]).toBe(6);
  });

  test("too long, it loses its first turns but not the system message; a last turn that is too long loses its end", async () => {
    const turns = [{ role: "system", content: "ok" }, ...["once", "two", "three"].flatMap((word) => [{ role: "user", content: word }, { role: "assistant", content: `${word.toUpperCase()}!` }])];
    const rows = [{ messages: turns }, { messages: [{ role: "user", content: "x" }, { role: "assistant", content: "y".repeat(60) }] }];
    const { data, tokenizer, warnings } = await opened("decoder", { ...textCases.chat, rows });
    expect(readBy(data.ordered(0, 1), "", 0, tokenizer)).toBe("<bos>Sok\nUtwo\nATWO!;Uthree\nATHREE!");
    expect(learnedIn(data.ordered(0, 1), 0, tokenizer)).toBe("TWO!;THREE!;");
    expect(readBy(data.ordered(1, 1), "", 0, tokenizer)).toBe(`<bos>Ux\nA${"y".repeat(35)}`);
    expect(warnings.join()).toContain("PT7061: 2 of 2 examples");
  });

  test("a conversation that cannot be written leaves its row out; without words to end an answer <eos> does", async () => {
    const rows = [...textCases.chat.rows, { messages: [{ role: "user", content: "hm" }] }];
    const one = { ...textCases.chat, columns: "messages: messages }  malformed: 50%  split { train: 100%", rows };
    const plan = planOf(textSpec("decoder", one).replace("A{content};", "A{content}").replace("evaluate { data: again }", ""), { run: "small" });
    const warnings: string[] = [];
    const { data, tokenizer } = await openInputs(plan, { base: folderOf({ rows }), warn: ({ message }) => warnings.push(message) });
    expect(warnings.join()).toContain("1 of 5 rows");
    expect(data.examples).toBe(4);
    expect(Array.from({ length: 4 }, (_, i) => learnedIn(data.ordered(i, 1), 0, tokenizer))).toContain("yo<eos>me<eos>");
    expect(checkText(textSpec("encoder_decoder", textCases.chat)).diagnostics.map(({ code }) => code)).toEqual(["PT5012"]);
  });
});

const mixed = (weights: string, more = ""): string => `${writers.encoder_decoder}
data spelling { files: "spelling.jsonl"  format: jsonl  columns { word: string  sound: string }  split { train: 50%  valid: 50% } }
data reading { files: "reading.jsonl"  format: jsonl  columns { word: string  kind: class(labels: ["a", "b"]) }  split { train: 50%  valid: 50% } }
${letters}
finetune both {
  model: writer()  tokenizer: t
  task: mixture(${weights})
  length: 24  batch: 4 examples  train: 6 steps  optimizer: adamw(lr: 1e-3)  ${more}
}
`;
const [spell, label] = ['text_to_text("spell {word}:" -> "{sound}", data: spelling, targets: 10)', 'text_to_text("kind {word}:" -> "{kind}", data: reading, targets: 4)'];
const rows = (make: (i: number) => object): string => Array.from({ length: 12 }, (_, i) => `${JSON.stringify(make(i))}\n`).join("");
const files = { "spelling.jsonl": rows((i) => ({ word: `w${i}`, sound: `s${i}` })), "reading.jsonl": rows((i) => ({ word: `r${i}`, kind: i % 2 ? "a" : "b" })) };

describe("a mixture of tasks", () => {
  test("draws each task by its weight, from its own data; percents and weights come to the same", async () => {
    const folder = folderWith(files);
    for (const weights of [`${spell}, 3 * ${label}`, `25% * ${spell}, 75% * ${label}`]) {
      const plan = planOf(mixed(weights));
      expect(plan.objective.entries.map(({ name, share }) => [name, share])).toEqual([["spelling", 0.25], ["reading", 0.75]]);
      expect(plan.data).toMatchObject({ kind: "mixture", entries: [{ name: "spelling", share: 0.25 }, { name: "reading", share: 0.75 }] });
      expect(planOf(plan.spec).hash).toBe(plan.hash);
      const { data, tokenizer } = await openInputs(plan, { base: folder });
      const drawn = Array.from({ length: 40 }, (_, i) => data.drawn(i));
      expect(drawn.filter((name) => name === "spelling")).toHaveLength(10);
      const batch = data.batch(0, 40);
      drawn.forEach((name, i) => expect(readBy(batch, "encoder.", i, tokenizer)).toMatch(name === "spelling" ? /^spell w\d+:<eos>$/ : /^kind r\d+:<eos>$/));
    }
  });

  test("is measured by entry on the held-out part of each; a metric of labels where there are labels", async () => {
    const folder = folderWith({ ...files, "main.pt": mixed(`${spell}, ${label}`, 'metrics: [exact_match, accuracy, f1(positive: "nothing")]') });
    const ran = await pt(["train", "main.pt", "both"], folder);
    expect(ran.codes, ran.stderr).toEqual([]);
    const again = await pt(["evaluate", "main.pt", "both", "--json"], folder);
    const { metrics, examples } = JSON.parse(again.stdout) as { metrics: Record<string, number>; examples: number };
    expect(Object.keys(metrics).sort()).toEqual(["exact_match", "loss", "reading.accuracy", "reading.exact_match", "reading.loss", "spelling.exact_match", "spelling.loss"]);
    expect(examples).toBe(12);
  });

  test("can be a `let`, with prompts that are, and be measured on files of its own", async () => {
    const whole = mixed("GLUE").replace("mixture(GLUE)", "glue").replaceAll("  split { train: 50%  valid: 50% }", "").replace("finetune both", `data later extends spelling { files: "later.jsonl" }
let spelt = "spell {word}:" -> "{sound}"
let glue = mixture(8_551 * text_to_text(spelt, data: spelling, held_out: later), 67_349 * ${label.replace(")", ", held_out: reading)")})
finetune both`).replace("held_out: reading)", "held_out: reads)").replace("data spelling", 'data reads extends reading { files: "reads.jsonl" }\ndata spelling');
    const plan = planOf(whole);
    expect(plan.objective.entries[1].share).toBeCloseTo(67_349 / 75_900, 12);
    expect(plan.evaluation).toMatchObject({ data: { kind: "mixture", entries: [{ name: "spelling", source: { files: ["later.jsonl"] } }, { name: "reading", source: { files: ["reads.jsonl"] } }] } });
    expect(planOf(plan.spec).hash).toBe(plan.hash);
    const { evaluation } = await openInputs(plan, { base: folderWith({ ...files, "later.jsonl": files["spelling.jsonl"], "reads.jsonl": files["reading.jsonl"] }) });
    expect(evaluation!.entries.map(({ name, count }) => [name, count])).toEqual([["spelling", 12], ["reading", 12]]);
  });

  test("says what does not go together", () => {
    const codes = (weights: string, more?: string): string[] => checkText(mixed(weights, more)).diagnostics.map(({ code }) => code);
    expect(codes(`40% * ${spell}, 50% * ${label}`)).toEqual(["PT3031"]);
    expect(codes(`${spell}, 0 * ${label}`)).toEqual(["PT3005"]);
    expect(codes(`${spell}, text_to_text("{word}" -> "{kind}")`)).toEqual(["PT3003"]);
    expect(codes(`${spell}, ${label}`, "evaluate { data: reading.valid }")).toEqual(["PT3022"]);
    expect(codes("")).toEqual(["PT3009"]);
    expect(codes(`mixture(${spell}, ${label}), 2 * ${spell}`)).toEqual([]);
  });
});

test("the text of a plan is that of its run, template and decoding included", () => {
  for (const name of Object.keys(textCases)) {
    const plan = planOf(textSpec("decoder", textCases[name]), { run: "small" });
    expect(planOf(plan.spec, { run: "small" }).hash, name).toBe(plan.hash);
  }
});

test("from files to answers: train, inspect, evaluate, generate", { timeout: 120_000 }, async () => {
  const data = textCases.chat.rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  const folder = folderWith({ "main.pt": textSpec("decoder", textCases.chat, "metrics: [exact_match]"), "data.jsonl": data, "again.jsonl": data });
  const trained = await pt(["train", "main.pt", "small"], folder);
  expect(trained.codes, trained.stderr).toEqual([]);
  expect(trained.stderr).toMatch(/held out: exact match 1\.000/);
  const shown = await pt(["inspect", "main.pt", "small"], folder);
  expect(shown.code, shown.stderr).toBe(0);
  const made = await pt(["generate", "main.pt", "small", "--prompt", "Ugo\nA"], folder);
  expect(made.stdout, made.stderr).toContain("no;");
  expect(read(folder, "data.jsonl")).toBe(data);
});

test.each(["chat", "spelled"])("%s: an interrupted run resumes bit for bit, its written answers included", { timeout: 60_000 }, async (name) => {
  const base = folderOf(textCases[name]);
  const plan = planOf(textSpec("decoder", textCases[name], "metrics: [exact_match]  checkpoint { every: 4 steps }").replace("train: 60 steps", "train: 12 steps").replace("evaluate {", "evaluate { every: 5 steps "), { run: "small" });
  const [whole, stopped, controller] = [join(base, "whole"), join(base, "stopped"), new AbortController()];
  await trainPlan(plan, { folder: whole, base, backend: "native" });
  await trainPlan(plan, { folder: stopped, base, backend: "native", signal: controller.signal, emit: (event) => event.event === "step" && event.step === 6 && controller.abort() });
  expect((await trainPlan(plan, { folder: stopped, base, backend: "native" })).status).toBe("done");
  expect(endOf(stopped)).toEqual(endOf(whole));
});

describe("a mixture whose tasks share the run's data", () => {
  const many = (tasks: readonly string[]): TaskCase => ({ ...textCases.spelled, task: `mixture(${tasks.map((task) => `text_to_text(${task}, targets: 6)`).join(", ")})` });

  const opened = async (one: TaskCase, length = 40) => {
    const plan = planOf(textSpec("encoder_decoder", one, "", { length }).replace(/evaluate \{[^}]*\}/, ""), { run: "small" });
    const warnings: string[] = [];
    await openInputs(plan, { base: folderOf(one), warn: ({ code, message }) => warnings.push(`${code}: ${message}`) });
    return { plan, warnings };
  };

  test("its entries are called by their prompts", async () => {
    const tasks = ['"cola sentence: {word}" -> "{sound}"', '"Say it, now and here: {word}" -> "{sound}"', '"{word}" -> "loud {sound}"', '"{word}" -> "{sound}"', '"2 words: {word}" -> "{sound}"', '"cola sentence {sound}" -> "{word}"', '"{word}?" -> "?{sound}"'];
    const { plan } = await opened(many(tasks));
    expect(plan.objective.entries.map(({ name }) => name)).toEqual(["cola_sentence", "say_it_now", "loud", "word_to_sound", "_2_words", "cola_sentence_2", "word_to_sound_2"]);
  });

  test("warnings say which of them they are about", async () => {
    const { warnings } = await opened(many(['"cola sentence: {word}" -> "{sound}"', '"a prompt that is longer than all of it: {word}" -> "{sound}"']), 20);
    expect(warnings.map((text) => text.split(" examples are")[0])).toEqual(["PT7061: of the task `cola_sentence` 2 of 4", "PT7061: of the task `a_prompt_that` 4 of 4"]);
  });
});
