// The commands that run things, in this process, on a run of a few steps.

import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderWith, newFolder, pt } from "../harness/cli.ts";

const line = "Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in my purse.\n";
const spec = `model tiny(vocab, width = 16, context = 24, drop = 10%) {
  decoder {
    embed: tokens(vocab, width) + learned_positions(context)
    repeat 2 { residual { rmsnorm attention(2, mask: causal, positions: rope) } residual { rmsnorm mlp(2 * width, swiglu, dropout: drop) } }
  }
  head lm { tied }
}
data texts { files: "texts/*.txt"  split { by: position  train: 80%  valid: 20% } }
tokenizer letters { kind: bytes  special: [<pad>, <eos>] }
pretrain small {
  model: tiny()
  tokenizer: letters
  data: texts
  objective: causal_lm
  batch: 4 examples
  train: 6 steps
  optimizer: adamw(lr: 1e-2)
  schedule: cosine(warmup: 2 steps)
  evaluate { every: 3 steps  data: texts.valid  metrics: [loss, bits_per_byte] }
  checkpoint { every: 2 steps }
  sample { every: 3 steps  prompt: "Call"  tokens: 5 }
}
pretrain longer from small(checkpoint: best) { data: texts  objective: causal_lm  batch: 2 examples  train: 2 steps  optimizer: sgd(lr: 1e-2) }
pretrain packed extends small { pack: on  memory: 20 MB }
pretrain timed extends small { checkpoint.every: 1 s  remove evaluate  train: 2 steps }
pretrain wild extends small { optimizer: sgd(lr: 1e30)  schedule: constant  guard: skip  train: 40 steps  remove evaluate  remove sample }
pretrain wider extends small { model.width: 32 }
`;

let folder: string;
let run: string;

beforeAll(async () => {
  folder = newFolder({ "main.pt": spec, "texts/a.txt": line.repeat(30), "texts/b.txt": line.toUpperCase().repeat(30) });
  const { code, stdout, stderr } = await pt(["train", "main.pt", "small", "--json"], folder);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  const events = stdout.trim().split("\n").map((text) => JSON.parse(text));
  run = events.at(-1).folder;
  expect(events.map(({ event }) => event)).toEqual(expect.arrayContaining(["start", "step", "evaluate", "sample", "checkpoint", "done"]));
  expect(events.filter(({ event }) => event === "step").map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
  for (const event of events.filter((one) => one.event === "step")) expect(event).toMatchObject({ loss: expect.any(Number), tokens: expect.any(Number), tokens_per_second: expect.any(Number) });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("pt train", () => {
  test("leaves a folder with everything that the run is", () => {
    expect(readdirSync(run).sort()).toEqual(["checkpoints", "data.json", "location.json", "metrics.jsonl", "plan.json", "report.html", "result.json", "spec.pt", "tokenizer.json"]);
    expect(readFileSync(join(run, "metrics.jsonl"), "utf8").trim().split("\n").length).toBe(6 + 2 + 2);
  });

  test("a complete run says so", async () => {
    const { code, stderr } = await pt(["train", "main.pt", "small"], folder);
    expect(code).toBe(0);
    expect(stderr).toMatch(/small is complete: 6 steps/);
  });

  test("the resolved spec beside the run trains to the same plan", async () => {
    const again = folderWith({ "spec.pt": readFileSync(join(run, "spec.pt"), "utf8") });
    const compiled = JSON.parse((await pt(["compile", "spec.pt", "small"], again)).stdout);
    expect(compiled.hash).toBe(JSON.parse(readFileSync(join(run, "plan.json"), "utf8")).hash);
  });

  test("what a run starts from is trained first, or found", async () => {
    const { code, stdout } = await pt(["train", "main.pt", "longer", "--json"], folder);
    expect(code).toBe(0);
    const done = stdout.trim().split("\n").map((text) => JSON.parse(text)).filter(({ event }) => event === "done");
    expect(done.map(({ already }) => already)).toEqual([true, false]);
  });

  test("a compiled plan does not find weights that were never trained", async () => {
    await pt(["compile", "main.pt", "longer", "--out", "longer.json"], folder);
    const { code, stderr } = await pt(["train", "longer.json", "--out", "elsewhere"], folder);
    expect([code, stderr.includes("PT8011")]).toEqual([1, true]);
  });

  test("packed documents and a memory limit train too", async () => {
    const { code, stdout } = await pt(["train", "main.pt", "packed", "--json"], folder);
    expect(code).toBe(0);
    expect(JSON.parse(stdout.trim().split("\n").at(-1)!)).toMatchObject({ event: "done", step: 6 });
  });

  test("a compiled plan trains like its spec", async () => {
    expect((await pt(["compile", "main.pt", "small", "--out", "plan.json"], folder)).code).toBe(0);
    const { code, stderr } = await pt(["train", "plan.json"], folder);
    expect([code, stderr.match(/is complete/)?.[0]]).toEqual([0, "is complete"]);
  });

  test("changed data is refused, and the run stays", async () => {
    const other = folderWith({ "main.pt": spec, "texts/a.txt": line.repeat(30) });
    await pt(["train", "main.pt", "small"], other);
    writeFileSync(join(other, "texts/a.txt"), line.repeat(31));
    const folders = readdirSync(join(other, "runs")).filter((name) => name.startsWith("small"));
    const checkpoints = join(other, "runs", folders[0], "checkpoints");
    // As if the last checkpoint had not been reached.
    renameSync(join(checkpoints, "step-000006"), join(other, "gone"));
    const { code, stdout, stderr } = await pt(["train", "main.pt", "small"], other);
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(/PT8005/);
    expect(existsSync(join(checkpoints, "step-000004", "weights.safetensors"))).toBe(true);
  });

  test("a missing file, a missing package, an unknown run and an unknown backend are diagnostics", async () => {
    const empty = folderWith({ "main.pt": spec, "npm.pt": spec.replace("texts/*.txt", "npm:@nobody/nothing/*.txt") });
    for (const [args, code] of [[["train", "main.pt", "small"], "PT7002"], [["train", "npm.pt", "small"], "PT7001"], [["train", "main.pt", "smal"], "PT6102"], [["train", "nowhere.pt"], "PT7020"]] as const) {
      const ran = await pt([...args], empty);
      expect(ran.stdout + ran.stderr).toContain(code);
      expect(ran.code).toBe(1);
    }
    const { code, stderr, stdout } = await pt(["train", "main.pt", "small", "--backend", "wasn"], folder);
    expect([code, (stdout + stderr).includes("PT8001")]).toEqual([3, true]);
  });
});

describe("elapsed time and held-out parts", () => {
  test("checkpoints by elapsed time", async () => {
    const { code } = await pt(["train", "main.pt", "timed", "--json"], folder);
    expect(code).toBe(0);
  });

  test("a run without `evaluate` is measured on the held-out part", async () => {
    const { stdout } = await pt(["evaluate", "main.pt", "timed", "--json"], folder);
    expect(JSON.parse(stdout).part).toBe("valid");
  });

  test("a diverged run that skips gives up", async () => {
    const { code, stderr } = await pt(["train", "main.pt", "wild"], folder);
    expect([code, stderr.includes("PT8004")]).toEqual([1, true]);
  });

  test("an interruption is no success", async () => {
    const abort = new AbortController();
    abort.abort();
    const { code } = await pt(["train", "main.pt", "wider"], folder, { signal: abort.signal });
    expect(code).toBe(3);
  });
});

describe("pt evaluate, generate, inspect, bench, backends", () => {
  test("evaluate repeats the run's own held-out metrics", async () => {
    const { code, stdout } = await pt(["evaluate", run, "--json"], folder);
    expect(code).toBe(0);
    const { metrics, step } = JSON.parse(stdout);
    const lines = readFileSync(join(run, "metrics.jsonl"), "utf8").trim().split("\n").map((text) => JSON.parse(text));
    const own = lines.find((one) => one.evaluation && one.step === step).evaluation;
    expect(metrics.loss).toBeCloseTo(own.loss, 6);
    expect(metrics.perplexity).toBeCloseTo(Math.exp(own.loss), 3);
    expect((await pt(["evaluate", "main.pt", "small", "--part", "train"], folder)).stdout).toMatch(/on train of texts/);
    expect((await pt(["evaluate", run, "--part", "test"], folder)).code).toBe(1);
  });

  test("generate: the same seed, the same text; greedy needs none; ids come without a tokenizer", async () => {
    const text = async (...flags: string[]): Promise<{ sequences: { ids: number[]; text: string | null }[] }> => JSON.parse((await pt(["generate", run, "--prompt", "Call me", "--tokens", "12", "--json", ...flags], folder)).stdout);
    const [a, b, c] = [await text("--seed", "3"), await text("--seed", "3"), await text("--seed", "4")];
    expect(a).toEqual(b);
    expect(c).not.toEqual(a);
    expect(await text("--temperature", "0", "--seed", "1")).toEqual(await text("--decode", "greedy", "--seed", "2"));
    writeFileSync(join(folder, "ids.json"), "[[67, 97, 108]]");
    const ids = JSON.parse((await pt(["generate", run, "--inputs", "ids.json", "--tokens", "40", "--json"], folder)).stdout);
    expect(ids.sequences[0].ids.length).toBeGreaterThan(0);
    const wrong = await pt(["generate", run, "--prompt", "x", "--decode", "beem(4)"], folder);
    expect([wrong.code, wrong.codes]).toEqual([1, ["PT2002"]]);
    expect((await pt(["generate", run], folder)).code).toBe(2);
  });

  test("inspect shows what a step trains on", async () => {
    const { code, stdout } = await pt(["inspect", "main.pt", "small", "--json", "--batch", "2"], folder);
    expect(code).toBe(0);
    const { rows, examples, lengths } = JSON.parse(stdout);
    const [stream] = rows[0].streams;
    expect([rows.length, stream.ids.length]).toEqual([examples, lengths.inputs]);
    expect(stream.ids.slice(1)).toEqual(stream.losses.lm.targets.slice(0, -1).map((token: string) => token.codePointAt(0)));
    expect(stream.mask[3].slice(0, 6)).toBe("111100");
    expect((await pt(["inspect", "main.pt", "packed"], folder)).stdout).toMatch(/document/);
  });

  test("bench and backends measure", async () => {
    const bench = JSON.parse((await pt(["bench", "main.pt", "small", "--steps", "2", "--json"], folder)).stdout);
    expect(bench).toMatchObject({ tokens_per_second: expect.any(Number), step_seconds: { median: expect.any(Number), min: expect.any(Number) }, peak_memory: expect.any(Number) });
    const { backends } = JSON.parse((await pt(["backends", "--json"], folder)).stdout);
    expect(backends.map(({ backend }: { backend: string }) => backend)).toEqual(expect.arrayContaining(["cpu", "wasm"]));
  });
});

test("a run can be moved with its project", async () => {
  const moved = folderWith({});
  mkdirSync(join(moved, "project"));
  cpSync(folder, join(moved, "project", "here"), { recursive: true });
  const { code } = await pt(["evaluate", run.replace(folder, join(moved, "project", "here"))], moved);
  expect(code).toBe(0);
});
