// `pt evaluate FILE NAME` from training to the table: results, resuming, every mistake that needs a trained run.

import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomStream } from "../../compiler/random.ts";
import { exampleOf } from "../../compiler/reference.ts";
import { diagnostics } from "../../grammar/diagnostics/index.ts";
import { folderWith, newFolder, pt } from "../harness/cli.ts";

const pairs = [["one", "un"], ["two", "deux"], ["three", "trois"], ["four", "quatre"], ["five", "cinq"], ["six", "six"], ["seven", "sept"], ["eight", "huit"], ["nine", "neuf"], ["ten", "dix"]];
const line = ([english, french]: string[]): string => `Q: ${english}\nA: ${french}\n\n`;

const block = (attention: string): string => `residual { rmsnorm attention(4, positions: rope, ${attention}) }`;
const spec = `model left(vocab, width = 64) {
  decoder { embed: tokens(vocab, width)  repeat 2 { ${block("mask: causal")} residual { rmsnorm mlp(128, gelu) } } rmsnorm }
  head lm { tied }
}
model both(vocab, width = 32) {
  encoder { embed: tokens(vocab, width)  ${block("mask: full")} rmsnorm }
  decoder { embed: tokens(vocab, width)  start: <pad>  ${block("mask: causal")} residual { rmsnorm cross_attention(encoder, 4) } rmsnorm }
  head lm { tied }
}
data texts { files: "texts.txt" }
data pairs { files: "pairs.jsonl"  format: jsonl  columns { english: string  french: string  options: words  answer: class(labels: ["0", "1"])  why: string } }
data halves extends pairs { split { train: 50%  test: 50% } }
tokenizer letters { kind: bytes  special: [<pad>, <eos>]  sentinels: 4 }
pretrain small {
  model: left()  tokenizer: letters  data: texts  objective: causal_lm
  length: 96  batch: 16 examples  train: 160 steps  optimizer: adamw(lr: 3e-3)  checkpoint { every: 80 steps }
}
pretrain answerer { model: both()  tokenizer: letters  data: texts  objective: span_corruption  length: 64  batch: 4 examples  train: 2 steps  optimizer: adamw(lr: 1e-3) }
evaluate translate of small {
  data: pairs
  prompt: "Q: {english}\\nA:" -> " {french}"
  shots: [0, 1, 3]
  shots_from: pairs
  metrics: [exact_match, bleu, rouge(type: 1)]
  decode: greedy(tokens: 12)
}
evaluate drawn extends translate { decode: sample(temperature: 0.9, tokens: 6)  seed: 3  metrics: [edit_distance] }
evaluate rank of small(checkpoint: last) {
  data: pairs
  prompt: "Q: {english}\\nA:" -> " {french}"
  shots: [0, 2]
  shots_from: pairs
  choices: [${pairs.map(([, french]) => `"${french}"`).join(", ")}]
  metrics: [accuracy, exact_match]
}
evaluate column extends rank { prompt: "Q: {english}\\nA:" -> " {answer}"  choices: options  normalize: bytes  metrics: [accuracy]  shots: [0] }
evaluate first_or_second extends column { choices: ["{french}", "{english}"]  normalize: tokens }
evaluate early extends rank { choices: off  shots: [0]  limit: 4 examples  metrics: [exact_match] }
evaluate reasoned of small {
  data: pairs
  prompt: "Q: {english}\\nA:" -> " {why}"
  chain_of_thought { pattern: "it is (\\\\w+)" }
  shots: [0]
  metrics: [exact_match]
}
evaluate encoded of answerer { data: halves.test  prompt: "Q: {english} A: <X>" -> "{french}"  shots: [0, 1]  metrics: [exact_match]  decode: greedy(tokens: 6) }
evaluate encoded_rank extends encoded { choices: [${pairs.map(([, french]) => `"${french}"`).join(", ")}]  metrics: [accuracy]  remove decode }
template chat { user: "Q: {content}\\n"  assistant: "A: {content}\\n\\n" }
evaluate chatting of small { data: pairs  prompt: "{english}" -> "{french}"  template: chat  shots: [0, 2]  shots_from: pairs  metrics: [exact_match]  decode: greedy(tokens: 12) }
`;

const rows = pairs.map(([english, french], i) => ({ english, french, options: i % 2 ? ["zzz", french] : [french, "zzz"], answer: i % 2, why: `it means it is ${french}` }));
/** No order of the pairs can be learned. */
const order = randomStream(1, "pairs");
let folder: string;

beforeAll(async () => {
  folder = newFolder({ "main.pt": spec, "texts.txt": Array.from({ length: 400 }, () => line(pairs[order.below(10)])).join(""), "pairs.jsonl": rows.map((row) => `${JSON.stringify(row)}\n`).join("") });
  for (const name of ["small", "answerer"]) {
    const { code, stderr } = await pt(["train", "main.pt", name], folder);
    expect(code, stderr).toBe(0);
  }
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Line { readonly shots: number; readonly example: number; readonly prompt: string; readonly text?: string; readonly prediction: string; readonly reference: string; readonly choices?: readonly { readonly text: string; readonly logprob: number; readonly score: number; readonly tokens: number }[]; readonly dropped_shots: number; readonly cut_tokens: number }

const folderOf = (name: string): string => join(folder, "runs", readdirSync(join(folder, "runs")).find((one) => one.startsWith(`${name}-`))!);
const predictionsOf = (name: string): Line[] => readFileSync(join(folderOf(name), "predictions.jsonl"), "utf8").trim().split("\n").map((text) => JSON.parse(text));
const resultOf = (name: string): { metrics: Record<string, number>; [field: string]: unknown } => JSON.parse(readFileSync(join(folderOf(name), "result.json"), "utf8"));

async function evaluated(name: string): Promise<{ lines: Line[]; metrics: Record<string, number>; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await pt(["evaluate", "main.pt", name], folder);
  expect(code, stderr).toBe(0);
  return { lines: predictionsOf(name), metrics: resultOf(name).metrics, stdout, stderr };
}

describe("generated answers", () => {
  test("a model that has learned the pairs answers them, with and without shots", async () => {
    const { lines, metrics, stdout } = await evaluated("translate");
    expect(lines).toHaveLength(30);
    expect(metrics["0_shot.exact_match"]).toBeGreaterThan(0.8);
    expect(metrics["3_shot.exact_match"]).toBeGreaterThan(0.5);
    expect(metrics.exact_match).toBe(metrics["3_shot.exact_match"]);
    expect(Object.keys(metrics)).toContain("0_shot.rouge_1");
    expect(metrics["0_shot.exact_match"]).toBeCloseTo(lines.filter((one) => one.shots === 0 && one.prediction === one.reference).length / 10, 9);
    expect(stdout.split("\n")[0]).toMatch(/^shots +exact match +bleu +rouge 1$/);
    expect(stdout.trim().split("\n")).toHaveLength(4);
  });

  test("prompts hold their shots, never the question, and answers end at the separator", () => {
    for (const { shots, prompt, reference, text } of predictionsOf("translate")) {
      const parts = prompt.split("\n\n");
      expect(parts).toHaveLength(shots + 1);
      expect(new Set(parts.map((part) => part.split("\n")[0])).size).toBe(shots + 1);
      expect(parts.at(-1)).toMatch(/^Q: \w+\nA:$/);
      expect(text).not.toContain("\n\n");
      expect(reference).not.toMatch(/^\s|\s$/);
    }
  });

  test("result.json and evaluation.json are what others read", () => {
    const result = resultOf("translate");
    expect(result).toMatchObject({ name: "translate", kind: "evaluate", step: 160, examples: 10, flops: null, of: { run: "small", checkpoint: "last" } });
    expect(Object.keys(result)).toEqual(expect.arrayContaining(["hash", "seconds", "tokens", "parameters", "metrics"]));
    const plan = JSON.parse(readFileSync(join(folderOf("translate"), "evaluation.json"), "utf8"));
    expect(plan.hash).toBe(result.hash);
  });

  test("again it is not asked twice, and says the same", async () => {
    const { stdout, stderr } = await evaluated("translate");
    expect(stderr).toContain("measured before");
    expect(stdout.trim().split("\n")).toHaveLength(4);
  });

  test("a template makes messages of questions and answers", async () => {
    const { lines } = await evaluated("chatting");
    expect(lines.filter(({ shots }) => shots === 2)[0].prompt).toMatch(/^Q: \w+\nA: \w+\n\nQ: \w+\nA: \w+\n\nQ: one\nA: $/);
  });

  test("limit takes some rows", async () => expect((await evaluated("early")).lines).toHaveLength(4));

  test("an answer behind its reasoning", async () => {
    const { lines, stderr } = await evaluated("reasoned");
    expect(lines[0].reference).toBe("un");
    expect(lines.every((one) => one.prediction === (/it is (\w+)/.exec(one.text!)?.[1] ?? ""))).toBe(true);
    expect(stderr).toContain("10 of 10 texts have no answer");
  });

  test("an encoder reads the prompt", async () => {
    const { lines } = await evaluated("encoded");
    expect(lines.filter(({ shots }) => shots === 0)[0].prompt).toMatch(/^Q: \w+ A: <X>$/);
  });
});

describe("ranked choices", () => {
  test("the likeliest choice is the prediction", async () => {
    const { lines, metrics } = await evaluated("rank");
    expect(metrics["0_shot.accuracy"]).toBeGreaterThan(0.8);
    for (const { choices, prediction } of lines) {
      expect(choices).toHaveLength(10);
      expect(Math.max(...choices!.map(({ logprob }) => logprob))).toBe(choices!.find(({ text }) => text === prediction)!.logprob);
      for (const { text, tokens, logprob, score } of choices!) expect([tokens, score]).toEqual([text.length + 1, logprob]);
    }
  });

  test("a column of choices, by bytes; choices with holes, by tokens", async () => {
    const { lines, metrics } = await evaluated("column");
    expect(lines.map(({ reference }) => reference)).toEqual(pairs.map(([, french]) => french));
    expect(metrics.accuracy).toBeGreaterThan(0.8);
    for (const { choices } of lines) for (const { text, logprob, score } of choices!) expect(score).toBeCloseTo(logprob / text.length, 12);
    const holes = await evaluated("first_or_second");
    expect(holes.lines.map(({ reference }) => reference)).toEqual(pairs.map(([english, french], i) => (i % 2 ? english : french)));
    for (const { choices } of holes.lines) for (const { logprob, score, tokens } of choices!) expect(score).toBeCloseTo(logprob / tokens, 12);
  });

  test("beside an encoder", async () => {
    const { lines } = await evaluated("encoded_rank");
    for (const { choices } of lines) for (const { text, tokens } of choices!) expect(tokens).toBe(text.length);
  });
});

describe("interruptions and mistakes", () => {
  for (const name of ["drawn", "rank"]) {
    test(`${name}: interrupted at any answer it goes on to the same bytes`, async () => {
      await evaluated(name);
      const path = join(folderOf(name), "predictions.jsonl");
      const whole = readFileSync(path, "utf8");
      const { seconds: _, ...result } = resultOf(name);
      for (const cut of [0, whole.indexOf("\n") + 1, whole.indexOf("\n") + 40, Math.floor(whole.length * 0.7)]) {
        writeFileSync(path, whole.slice(0, cut));
        rmSync(join(folderOf(name), "result.json"));
        await evaluated(name);
        expect(readFileSync(path, "utf8")).toBe(whole);
        const { seconds, ...again } = resultOf(name);
        expect(again).toEqual(result);
      }
    });
  }

  test("a signal keeps what is answered, and the command says how to go on", async () => {
    rmSync(folderOf("translate"), { recursive: true });
    const stopper = new AbortController();
    let text = "";
    const { code } = await pt(["evaluate", "main.pt", "translate", "--json"], folder, { signal: stopper.signal, stdout: { write: (some) => {
      text += some;
      if (some.includes('"progress"')) stopper.abort();
    } } });
    const events = text.trim().split("\n").map((one) => JSON.parse(one));
    expect(code).toBe(3);
    expect(events.at(-1)).toMatchObject({ event: "interrupted", of: 30 });
    expect(predictionsOf("translate")).toHaveLength(events.at(-1).done);
    expect((await evaluated("translate")).lines).toHaveLength(30);
  });

  test("other data is asked anew", async () => {
    await evaluated("early");
    const before = readFileSync(join(folder, "pairs.jsonl"), "utf8");
    writeFileSync(join(folder, "pairs.jsonl"), `${before}${before.split("\n")[0].replace("one", "uno")}\n`);
    const { stderr } = await evaluated("early");
    writeFileSync(join(folder, "pairs.jsonl"), before);
    expect(stderr).not.toContain("measured before");
  });

  test("an `evaluate` takes no flags of runs; a name that is neither is refused", async () => {
    expect((await pt(["evaluate", "main.pt", "translate", "--part", "test"], folder)).code).toBe(2);
    expect((await pt(["evaluate", "main.pt", "translat"], folder)).codes).toEqual(["PT6102"]);
  });

  for (const record of Object.values(diagnostics).filter(({ code }) => /^PT805[1-4]$/.test(code))) {
    test(`${record.code} ${record.slug}: failing and mended`, async () => {
      for (const [example, codes] of [[exampleOf(record.failing as never), [record.code]], [exampleOf(record.fixed as never), []]] as const) {
        const at = folderWith(example.files);
        expect((await pt(["train", "main.pt", "small"], at)).code).toBe(0);
        const ran = await pt(example.command!, at);
        expect(ran.codes, ran.stdout + ran.stderr).toEqual(codes);
        expect(ran.code === 0).toBe(codes.length === 0 || record.severity === "warning");
      }
    }, 60_000);
  }
});
