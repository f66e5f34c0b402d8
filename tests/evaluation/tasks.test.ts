// specs/tasks.pt over tiny files laid out as GLUE and SuperGLUE publish theirs.

import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { questionOf, choicesOfRows } from "../../runtime/evaluation/ask.ts";
import { readRows } from "../../runtime/evaluation/rows.ts";
import { smallRun } from "../../grammar/diagnostics/_run-example.ts";
import { emitEvaluation } from "../../compiler/phases/emit-evaluation.ts";
import { checkSpec } from "../../runtime/runs/open.ts";
import { openInputs } from "../../runtime/training/inputs.ts";
import { newFolder, pt } from "../harness/cli.ts";
import { planOf, root } from "../harness/compiling.ts";

const tsv = (header: string | null, ...rows: string[]): string => `${[...(header === null ? [] : [header]), ...rows].map((row) => row.replaceAll(" | ", "\t")).join("\n")}\n`;
const jsonl = (...rows: object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const mnli = "index | promptID | pairID | sentence1_binary_parse | sentence2_binary_parse | sentence1_parse | sentence2_parse | sentence1 | sentence2";
const mnliRow = (a: string, b: string, label: string): string => `0 | 1 | 1e | ( x ) | ( y ) | (X) | (Y) | ${a} | ${b} | ${label}`;
const wsc = (text: string, name: string, pronoun: string, label: boolean): object => ({ text, target: { span1_index: 0, span1_text: name, span2_index: 5, span2_text: pronoun }, idx: 0, label });

/** Two rows for each file, of different classes. */
const files: Readonly<Record<string, string>> = {
  "glue/CoLA/dev.tsv": tsv(null, "gj04 | 1 |  | They sang.", "gj04 | 0 | * | Sang they the."),
  "glue/SST-2/dev.tsv": tsv("sentence | label", "a great film \t1", "dull | 0"),
  "glue/MRPC/dev.tsv": `\ufeff${tsv("Quality | #1 ID | #2 ID | #1 String | #2 String", "1 | 7 | 8 | He said \"no\". | No, he said.", "0 | 7 | 8 | A. | B.")}`,
  "glue/STS-B/dev.tsv": tsv("index | genre | filename | year | old_index | source1 | source2 | sentence1 | sentence2 | score", "0 | n | f | 2012 | 1 | none | none | A man rides. | A man rides a horse. | 2.500", "1 | n | f | 2012 | 1 | none | none | A. | A. | 5.000"),
  "glue/QQP/dev.tsv": tsv("id | qid1 | qid2 | question1 | question2 | is_duplicate", "1 | 2 | 3 | Why? | How come? | 1", "1 | 2 | 3 | Why? | Who? | 0"),
  "glue/MNLI/train.tsv": tsv(`${mnli} | label1 | gold_label`, `${mnliRow("It rains.", "It is wet.", "entailment")} | entailment`, `${mnliRow("It rains.", "It is dry.", "contradiction")} | contradiction`),
  "glue/MNLI/dev_matched.tsv": tsv(`${mnli} | label1 | label2 | label3 | label4 | label5 | gold_label`, `${mnliRow("It rains.", "It is wet.", "entailment")} | neutral | neutral | entailment | entailment | entailment`, `${mnliRow("It rains.", "It is dry.", "neutral")} | neutral | neutral | neutral | neutral | contradiction`),
  "glue/QNLI/dev.tsv": tsv("index | question | sentence | label", "0 | Who came? | Ann came. | entailment", "1 | Who came? | It rained. | not_entailment"),
  "glue/RTE/dev.tsv": tsv("index | sentence1 | sentence2 | label", "0 | Ann came. | Someone came. | entailment", "1 | Ann came. | Bob came. | not_entailment"),
  "glue/WNLI/dev.tsv": tsv("index | sentence1 | sentence2 | label", "0 | The cup fell off the shelf as it was wet. | The shelf was wet. | 1", "1 | A. | B. | 0"),
  "super_glue/BoolQ/val.jsonl": jsonl({ question: "is it wet", title: "Rain", passage: "Rain -- It is wet.", idx: 0, label: true }, { question: "is it dry", passage: "It is wet.", idx: 1, label: false }),
  "super_glue/CB/val.jsonl": jsonl({ premise: "I know it rains.", hypothesis: "it rains", label: "entailment", idx: 0 }, { premise: "Does it rain?", hypothesis: "it rains", label: "neutral", idx: 1 }),
  "super_glue/COPA/val.jsonl": jsonl({ premise: "The street was wet.", choice1: "It rained.", choice2: "It was hot.", question: "cause", label: 0, idx: 0 }, { premise: "It rained.", choice1: "It was dry.", choice2: "It was wet.", question: "effect", label: 1, idx: 1 }),
  "super_glue/RTE/val.jsonl": jsonl({ premise: "Ann came.", hypothesis: "Someone came.", label: "entailment", idx: 0 }, { premise: "Ann came.", hypothesis: "Bob came.", label: "not_entailment", idx: 1 }),
  "super_glue/WiC/val.jsonl": jsonl({ word: "place", sentence1: "Know your place.", sentence2: "A place by the sea.", idx: 0, label: false, start1: 10, start2: 2, end1: 15, end2: 7, version: 1.1 }, { word: "sea", sentence1: "The sea.", sentence2: "A sea.", idx: 1, label: true }),
  "super_glue/WSC/val.jsonl": jsonl(wsc("Mark told Pete lies, which he believed.", "Pete", "he", true), wsc("Mark told Pete lies, which he regretted.", "Pete", "he", false)),
  "super_glue/AX-b/AX-b.jsonl": jsonl({ sentence1: "The cat sat.", sentence2: "The cat did not sit.", idx: 0, label: "not_entailment", logic: "Negation" }, { sentence1: "A.", sentence2: "A.", idx: 1, label: "entailment" }),
  "super_glue/AX-g/AX-g.jsonl": jsonl({ premise: "Ann met Bob; she won.", hypothesis: "Ann won.", idx: 0, pair_id: 1, label: "entailment" }, { premise: "Ann met Bob; he won.", hypothesis: "Ann won.", idx: 1, pair_id: 1, label: "not_entailment" }),
};
/** As published: questions and answers nested in a row, a pronoun by its number. */
const nested: Readonly<Record<string, object>> = {
  MultiRC: { idx: 0, version: 1.1, passage: { text: "<b>Sent 1: </b>Once upon a time.<br>", questions: [{ idx: 0, question: "Who \"came\"?", answers: [{ idx: 0, text: "Ann", label: 1 }, { idx: 1, text: "Bob", label: 0 }] }] } },
  ReCoRD: { source: "x", idx: 0, passage: { text: "Ann met Bob.\n@highlight\nAnn won\n@highlight\nBob lost", entities: [{ start: 0, end: 2 }, { start: 8, end: 10 }, { start: 24, end: 26 }] }, qas: [{ idx: 0, query: "@placeholder won", answers: [{ start: 0, end: 2, text: "Ann" }, { start: 24, end: 26, text: "Ann" }] }, { idx: 1, query: "@placeholder lost", answers: [{ start: 8, end: 10, text: "Bob" }] }] },
};
const rowsOfFiles: Readonly<Record<string, string>> = {
  "super_glue/MultiRC/val.rows.jsonl": jsonl(...["Ann", "Bob"].map((answer, i) => ({ paragraph: "<b>Sent 1: </b>Once upon a time.<br>", question: 'Who "came"?', answer, label: 1 - i }))),
  "super_glue/ReCoRD/val.rows.jsonl": jsonl(...[["won", "Ann"], ["lost", "Bob"]].map(([verb, answer]) => ({ query: `@placeholder ${verb}`, entities: "Ann, Bob", passage: "Ann met Bob. Ann won. Bob lost", answer }))),
  "super_glue/WSC/val.rows.jsonl": jsonl({ text: "Mark told Pete lies, which *he*, being kind, believed.", name: "Pete" }, { text: "*It* was wet.", name: "the street" }),
};
const training = Object.fromEntries(Object.entries(files).flatMap(([name, text]): [string, string][] => (/\/(dev\.tsv|val\.jsonl)$/.test(name) ? [[name.replace(/\/(dev|val)/, "/train"), text]] : [])));
const rowsToTrainOn = Object.fromEntries(Object.entries(rowsOfFiles).map(([name, text]) => [name.replace("/val", "/train"), text]));

/** What T5 reads and writes for the first row (Raffel et al. 2020, appendix D). */
const texts: Readonly<Record<string, readonly [string, string]>> = {
  cola: ["cola sentence: They sang.", "acceptable"],
  sst2: ["sst2 sentence: a great film ", "positive"],
  mrpc: ['mrpc sentence1: He said "no". sentence2: No, he said.', "equivalent"],
  stsb: ["stsb sentence1: A man rides. sentence2: A man rides a horse.", "2.4"],
  qqp: ["qqp question1: Why? question2: How come?", "duplicate"],
  mnli: ["mnli hypothesis: It is wet. premise: It rains.", "entailment"],
  mnli_mismatched: ["mnli hypothesis: It is wet. premise: It rains.", "entailment"],
  qnli: ["qnli question: Who came? sentence: Ann came.", "entailment"],
  rte: ["rte sentence1: Ann came. sentence2: Someone came.", "entailment"],
  wnli: ["wnli sentence1: The cup fell off the shelf as it was wet. sentence2: The shelf was wet.", "entailment"],
  boolq: ["boolq passage: Rain -- It is wet. question: is it wet", "True"],
  cb: ["cb hypothesis: it rains premise: I know it rains.", "entailment"],
  copa: ["copa choice1: It rained. choice2: It was hot. premise: The street was wet. question: cause", "choice1"],
  super_rte: ["rte hypothesis: Someone came. premise: Ann came.", "entailment"],
  wic: ["wic sentence1: Know your place. sentence2: A place by the sea. word: place", "False"],
  multirc: ['multirc question: Who "came"? answer: Ann paragraph: <b>Sent 1: </b>Once upon a time.<br>', "True"],
  record: ["record query: @placeholder won entities: Ann, Bob passage: Ann met Bob. Ann won. Bob lost", "Ann"],
  wsc_marked: ["wsc: Mark told Pete lies, which *he*, being kind, believed.", "Pete"],
  axb: ["rte hypothesis: The cat did not sit. premise: The cat sat.", "not_entailment"],
  axg: ["rte hypothesis: Ann won. premise: Ann met Bob; she won.", "entailment"],
};
/** The right choice of the first row of `NAME_prompted`. */
const answers: Readonly<Record<string, string>> = { cola: "yes", sst2: "positive", mrpc: "yes", qqp: "yes", mnli: "true", qnli: "yes", rte: "True", wnli: "True", boolq: "yes", cb: "true", copa: "It rained.", super_rte: "True", wic: "no", wsc: "yes", multirc: "yes", axb: "False", axg: "True" };

const names = [...readFileSync(`${root}specs/tasks.pt`, "utf8").matchAll(/^evaluate (\w+)/gm)].map((match) => match[1]);
const run = smallRun.replace("texts/*.txt", "novel.txt").replace("train: 90%  valid: 10%", "by: position  train: 90%  valid: 10%").replace("length: 16", "length: 256").replace("batch: 4", "batch: 1").replace("train: 10 steps", "train: 1 steps");
const spec = `import * as tasks from "ptarmigan/tasks.pt"\n${run}${names.map((name) => `evaluate ${name} extends tasks.${name} of small { shots: [${name.endsWith("prompted") && !name.startsWith("ax") ? "0, 1" : "0"}] }\n`).join("")}`;

let folder: string;
beforeAll(async () => {
  folder = newFolder({ "main.pt": spec, "novel.txt": "Call me Ishmael. Some years ago, never mind how long precisely.\n".repeat(60), ...training, ...files, ...rowsToTrainOn, ...rowsOfFiles, "glue/MNLI/dev_mismatched.tsv": files["glue/MNLI/dev_matched.tsv"] });
  expect((await pt(["train", "main.pt", "small"], folder)).code).toBe(0);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("tasks of GLUE and SuperGLUE", () => {
  test("the file checks, and every evaluation is here", () => {
    expect(names.filter((name) => name.endsWith("_t5")).map((name) => name.slice(0, -3)).sort()).toEqual(Object.keys(texts).sort());
    expect(names.filter((name) => name.endsWith("_prompted")).map((name) => name.slice(0, -9)).sort()).toEqual(Object.keys(answers).sort());
    expect(checkSpec(`${root}specs/tasks.pt`, "/").diagnostics).toEqual([]);
  });

  test("prompts of the published rows", async () => {
    const result = checkSpec("main.pt", folder);
    expect(result.diagnostics).toEqual([]);
    for (const [name, evaluation] of result.evaluations) {
      const { data, prompt } = evaluation.settings;
      const { rows } = await readRows(data, prompt, { base: folder });
      expect(rows, name).toHaveLength(2);
      const task = name.replace(/_(t5|prompted)$/, "");
      if (name.endsWith("_t5")) expect([rows[0].inputs, rows[0].targets]).toEqual(texts[task]);
      else {
        const plan = emitEvaluation(evaluation, result.context)!.plan;
        const questions = rows.map((row, i) => questionOf(plan, row, { number: i, place: i }, choicesOfRows(plan, plan.data)));
        expect(questions[0].reference, name).toBe(answers[task]);
        expect(questions[1].reference, name).not.toBe(answers[task]);
      }
    }
  }, 60_000);

  for (const name of ["stsb_t5", "cb_t5", "mrpc_prompted", "copa_prompted", "wsc_prompted"]) {
    test(`${name} runs`, async () => {
      const { code, stderr } = await pt(["evaluate", "main.pt", name], folder);
      expect(code, stderr).toBe(0);
      const at = join(folder, "runs", readdirSync(join(folder, "runs")).find((one) => one.startsWith(`${name}-`))!);
      const lines = readFileSync(join(at, "predictions.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line));
      if (name === "copa_prompted") expect(lines.find(({ shots, example }) => shots === 1 && example === 0).prompt).toBe("It rained. so It was wet.\n\nThe street was wet. because");
      expect(Object.keys(JSON.parse(readFileSync(join(at, "result.json"), "utf8")).metrics).length).toBeGreaterThan(0);
    }, 30_000);
  }
});

/** The commands above the declarations, on rows as they are published. */
describe.skipIf(spawnSync("jq", ["--version"]).status !== 0)("rows that jq makes", () => {
  const commands = [...readFileSync(`${root}specs/tasks.pt`, "utf8").matchAll(/^\/\/\/\s+jq -c '(.*)' train\.jsonl > train\.rows\.jsonl$/gm)].map((match) => match[1]);
  const made = (command: string, rows: string): unknown[] => {
    const ran = spawnSync("jq", ["-c", command], { input: rows, encoding: "utf8" });
    expect(ran.stderr).toBe("");
    return ran.stdout.trim().split("\n").map((line) => JSON.parse(line));
  };
  const wanted = (name: string): unknown[] => rowsOfFiles[`super_glue/${name}/val.rows.jsonl`].trim().split("\n").map((line) => JSON.parse(line));

  test("MultiRC, ReCoRD, WSC", () => {
    expect(commands).toHaveLength(3);
    expect(made(commands[0], jsonl(nested.MultiRC))).toEqual(wanted("MultiRC"));
    expect(made(commands[1], jsonl(nested.ReCoRD))).toEqual(wanted("ReCoRD"));
    const marked = (text: string, name: string, pronoun: string, place: number, label: boolean): object => ({ text, target: { span1_index: 2, span1_text: name, span2_index: place, span2_text: pronoun }, idx: 0, label });
    const published = [marked("Mark told Pete lies, which he, being kind, believed.", "Pete", "he", 5, true), marked("Mark told Pete lies, which he regretted.", "Pete", "he", 5, false), marked("It was wet.", "the street", "It", 0, true)];
    expect(made(commands[2], jsonl(...published))).toEqual(wanted("WSC"));
  });
});

describe("T5's mixtures", () => {
  const examples = { cola: 8_551, sst2: 67_349, mrpc: 3_668, stsb: 5_749, qqp: 363_849, mnli: 392_702, qnli: 104_743, rte: 2_490 };
  const published = { boolq: 9_427, cb: 250, copa: 400, super_rte: 2_490, wic: 5_428 };
  test.each([["glue_t5", examples], ["super_glue_t5_published", published], ["super_glue_t5", { ...published, multirc: 27_243, record: 138_854, wsc_marked: 259 }]] as const)("%s draws each task by its number of examples, and reads it", async (name, weights) => {
    const plan = planOf(`import { t5 } from "ptarmigan/t5.pt"
import { ${name} } from "ptarmigan/tasks.pt"
tokenizer t { kind: bytes  special: [<pad>, <eos>]  sentinels: 4 }
finetune mixed { model: t5(layers: 1, width: 8, heads: 2, hidden: 8)  tokenizer: t  task: ${name}  length: 128  batch: 4 examples  train: 2 steps  optimizer: sgd(lr: 1)  metrics: [exact_match, accuracy] }
`, { run: "mixed" });
    const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
    expect(plan.objective.entries.map((entry) => [entry.name, Number((entry.share * total).toFixed(6))])).toEqual(Object.entries(weights).map(([task, weight]) => [`${task}_train`, weight]));
    expect(planOf(plan.spec).hash).toBe(plan.hash);
    const { data, evaluation, tokenizer } = await openInputs(plan, { base: folder });
    expect(evaluation!.entries.map(({ count }) => count)).toEqual(Object.keys(weights).map(() => 2));
    const seen = new Set<string>();
    for (let number = 0; number < 3_000; number++) {
      const entry = data.drawn(number);
      if (seen.has(entry)) continue;
      seen.add(entry);
      expect(tokenizer.decode(data.text(number)), entry).toMatch(new RegExp(`^${entry.replace(/^super_|_train$|_marked_train$/g, "").replace(/_train$/, "")}[ :]`));
    }
    expect(seen.size).toBeGreaterThan(Object.keys(weights).length - 3);
  });
});
