// pt generate: on runs, imports and Hugging Face folders, with and without a tokenizer; every mistake in words.

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modelExample } from "../../grammar/diagnostics/_model-example.ts";
import { newFolder, pt } from "../harness/cli.ts";

const attention = (more: string): string => `residual { rmsnorm attention(2, ${more}) }`;
const common = "tokenizer: letters  data: texts  batch: 2 examples  train: 3 steps  optimizer: adamw(lr: 1e-2)  length: 24";
const spec = `model left(vocab, width = 16) {
  decoder { embed: tokens(vocab, width) + learned_positions(24)  repeat 2 { ${attention("mask: causal")} residual { rmsnorm mlp(32, relu) } } rmsnorm }
  head lm { tied }
}
model both(vocab, width = 16) {
  encoder { embed: tokens(vocab, width) + learned_positions(24)  ${attention("mask: full")} }
  decoder { embed: tokens(vocab, width) + learned_positions(24)  start: <pad>  ${attention("mask: causal")} residual { rmsnorm cross_attention(encoder, 2) } rmsnorm }
  head lm { tied }
}
model masked_only(vocab, width = 16) {
  encoder { embed: tokens(vocab, width) + learned_positions(24)  ${attention("mask: full")} }
  head mlm { tied }
}
data texts { files: "a.txt" format: lines }
tokenizer letters { kind: bytes  special: [<pad>, <eos>, <mask>]  sentinels: 20 }
pretrain writer { model: left()  objective: causal_lm  ${common}  sample { every: 2 steps  prompt: "Call"  tokens: 4  decode: beam(2, end: <eos>) } }
pretrain answerer { model: both()  objective: span_corruption  ${common} }
pretrain guesser { model: masked_only()  objective: masked  ${common} }
`;

let folder: string;
const run: Record<string, string> = {};

beforeAll(async () => {
  const { files } = modelExample() as { files: Record<string, string> };
  folder = newFolder({ ...files, "main.pt": spec, "a.txt": "Call me Ishmael, some years ago.\n".repeat(40), "ids.json": "[[1, 2, 3], [4]]" });
  for (const name of ["writer", "answerer", "guesser"]) {
    const { code, stdout, stderr } = await pt(["train", "main.pt", name, "--json"], folder);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const events = stdout.trim().split("\n").map((text) => JSON.parse(text));
    run[name] = events.at(-1).folder;
    // Samples by beams run on the plan's own graphs.
    if (name === "writer") expect(events.find(({ event }) => event === "sample").text.length).toBeGreaterThan(0);
  }
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Sequence { readonly prompt: number; readonly ids: readonly number[]; readonly text: string | null; readonly score: number; readonly token_logprobs: readonly number[]; readonly alternatives?: readonly { readonly ids: readonly number[] }[] }

async function sequences(model: string, ...flags: string[]): Promise<Sequence[]> {
  const { code, stdout, stderr } = await pt(["generate", model, "--json", ...flags], folder);
  expect(stderr).toBe("");
  expect(code, stdout).toBe(0);
  return JSON.parse(stdout).sequences;
}

describe("what is printed", () => {
  test("prompts of several lengths in a batch give what each gives alone, in order, as text and as JSON", async () => {
    const prompts = ["Call me", "I", "Some years"];
    const how = ["--decode", "greedy(end: off)", "--tokens", "8"];
    const together = await sequences(run.writer, "--prompt", ...prompts, ...how);
    expect(together.map(({ prompt }) => prompt)).toEqual([0, 1, 2]);
    for (const [i, prompt] of prompts.entries()) expect((await sequences(run.writer, "--prompt", prompt, ...how))[0].ids).toEqual(together[i].ids);
    const { stdout } = await pt(["generate", run.writer, "--prompt", ...prompts, ...how], folder);
    expect(stdout).toBe(prompts.map((prompt, i) => `${prompt}${together[i].text}\n`).join("\n"));
  });

  test("a window that is full goes on with its later half", async () => {
    const [{ ids }] = await sequences(run.writer, "--prompt", "Call me", "--decode", "greedy(end: off)", "--tokens", "60");
    expect(ids).toHaveLength(60);
  });

  test("beams: scores fall, several sequences a prompt, alternatives of each place", async () => {
    const made = await sequences(run.writer, "--prompt", "Call", "I", "--decode", "beam(3, sequences: 2, tokens: 5, end: off)", "--alternatives", "2");
    expect(made.map(({ prompt }) => prompt)).toEqual([0, 0, 1, 1]);
    expect(made[0].score).toBeGreaterThanOrEqual(made[1].score);
    for (const { ids, score, token_logprobs, alternatives } of made) {
      expect(score).toBeCloseTo(token_logprobs.reduce((a, b) => a + b, 0) / ids.length, 9);
      expect(alternatives?.map((one) => one.ids.length)).toEqual(ids.map(() => 2));
    }
  });

  test("beside an encoder the answer alone; its end is that of the decoder's places", async () => {
    const made = await sequences(run.answerer, "--prompt", "Call me", "Some", "--decode", "greedy(end: off)", "--tokens", "50");
    const { stdout } = await pt(["generate", run.answerer, "--prompt", "Call me", "Some", "--decode", "greedy(end: off)", "--tokens", "50"], folder);
    expect(stdout).toBe(made.map(({ text }) => `${text}\n`).join("\n"));
    expect(made[0].ids.length).toBeLessThanOrEqual(24);
  });

  test("Hugging Face folders and imports, without a tokenizer: ids", async () => {
    writeFileSync(join(folder, "masked.json"), JSON.stringify({ input_ids: [[0, 0, 4], [1, 2, 3]], attention_mask: [[0, 0, 1], [1, 1, 1]] }));
    expect((await pt(["generate", "model", "--inputs", "ids.json", "--decode", "greedy", "--tokens", "3"], folder)).stdout).toBe("0 0 0\n0 0 0\n");
    expect((await pt(["import", "model", "--out", "imported"], folder)).code).toBe(0);
    expect((await sequences("imported", "--inputs", "masked.json", "--decode", "greedy", "--tokens", "2")).map(({ ids, text }) => ({ ids, text }))).toEqual([{ ids: [0, 0], text: null }, { ids: [0, 0], text: null }]);
    // All logits are 0: an end token among the first beams ends the text.
    writeFileSync(join(folder, "model/generation_config.json"), '{ "eos_token_id": [0, 5] }');
    expect((await sequences("model", "--inputs", "ids.json", "--decode", "greedy"))[0].ids).toEqual([0]);
    rmSync(join(folder, "model/generation_config.json"));
  });

  test("an interruption prints what there is", async () => {
    const stop = new AbortController();
    let text = "";
    const out = { write: (piece: string) => {
      text += piece;
      if (text.length > 12) stop.abort();
    } };
    const { code } = await pt(["generate", run.writer, "--prompt", "Call me", "--tokens", "4000", "--decode", "greedy(end: off)"], folder, { stdout: out, signal: stop.signal });
    expect(code).toBe(0);
    expect(text.startsWith("Call me")).toBe(true);
    expect(text.endsWith("\n")).toBe(true);
    expect(text.length).toBeLessThan(40);
  });
});

describe("mistakes", () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["a word that is no decoding", ["--decode", "beem(4)"], ["PT2002"]],
    ["a parameter that there is not", ["--decode", "sample(temprature: 1)"], ["PT3007"]],
    ["a number out of range", ["--decode", "sample(top_p: 2)"], ["PT3005"]],
    ["no number of beams", ["--decode", "beam"], ["PT3009"]],
    ["more sequences than beams", ["--decode", "beam(2, sequences: 3)"], ["PT3023"]],
    ["text that is no call", ["--decode", "beam(4"], ["PT1101"]],
    ["a token that the tokenizer lacks", ["--decode", "greedy(end: <stop>)"], ["PT5003"]],
    ["a flag of another decoding", ["--decode", "greedy", "--top-k", "3"], ["PT8012"]],
    ["no number", ["--tokens", "some"], ["PT8012"]],
    ["a prompt longer than the window", ["--prompt", "Call me Ishmael, some years ago."], ["PT8031"]],
    ["a file that is not there", ["--inputs", "nothing.json"], ["PT7004"]],
    ["a file that is no list", ["--inputs", "main.pt"], ["PT8012"]],
  ];
  test.each(cases)("%s", async (_, flags, codes) => {
    const ran = await pt(["generate", run.writer, ...(flags.includes("--prompt") || flags.includes("--inputs") ? [] : ["--prompt", "Call"]), ...flags], folder);
    expect([ran.code, ran.codes], ran.stdout + ran.stderr).toEqual([1, codes]);
  });

  test("a model that predicts no next token; a folder that is none; nothing to go on from", async () => {
    expect((await pt(["generate", run.guesser, "--prompt", "Call"], folder)).codes).toEqual(["PT8030"]);
    expect((await pt(["generate", "nowhere", "--prompt", "Call"], folder)).code).toBe(1);
    expect((await pt(["generate", run.writer], folder)).code).toBe(2);
    expect((await pt(["generate", "model", "--prompt", "Call"], folder)).codes).toEqual(["PT8012"]);
  });

  test("in a spec: fields beside `decode`, a token that the tokenizer lacks, beams that are too few", async () => {
    const check = async (sample: string): Promise<readonly string[]> => {
      writeFileSync(join(folder, "other.pt"), spec.replace("decode: beam(2, end: <eos>)", sample));
      return (await pt(["check", "other.pt"], folder)).codes;
    };
    expect(await check("decode: greedy  top_k: 3")).toEqual(["PT3015"]);
    expect(await check("decode: greedy(end: <stop>)")).toEqual(["PT5003"]);
    expect(await check("decode: beam(2, sequences: 3)")).toEqual(["PT3023"]);
    expect(await check("decode: sample(min_p: 0.1, repetition_penalty: 1.2)")).toEqual([]);
  });
});
