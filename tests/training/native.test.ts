// Interruptions on the native backend: processes of their own, ended by Ctrl-C in the middle of a step and by kill -9 at any moment.

import { spawn } from "node:child_process";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomStream } from "../../compiler/random.ts";
import { native } from "../../runtime/backends/native/native.ts";
import { root } from "../harness/compiling.ts";
import { endOf, makeBase } from "./folders.ts";

const reason = await native.available();
const folder = join(root, "node_modules/.cache/ptarmigan-tests", `native-${process.pid}`);
const bundle = (entry: string, name: string): string => {
  const outfile = join(folder, `${name}.mjs`);
  buildSync({ entryPoints: [join(root, entry)], bundle: true, platform: "node", format: "esm", target: "node20", external: ["@tensorflow/*", "prettier", "prettier/*"], outfile, logLevel: "error", banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" } });
  return outfile;
};
let child: string;
beforeAll(() => void (child = bundle("tests/training/child.ts", "child")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended { readonly code: number | null; readonly signal: string | null; readonly output: string; readonly errors: string }

/** Runs a program; `act` sees the child and what it has printed at each piece of output. */
function runProgram(argv: readonly string[], act: (kill: (signal: NodeJS.Signals) => void, output: string) => void = () => {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const running = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, PT_THREADS: "1" } }); // other tests use the other cores
    let [output, errors] = ["", ""];
    running.stdout.on("data", (data) => act((signal) => running.kill(signal), (output += data)));
    running.stderr.on("data", (data) => (errors += data));
    running.on("error", reject);
    running.on("close", (code, signal) => resolve({ code, signal, output, errors }));
  });
}

describe.skipIf(reason !== null)(`native${reason === null ? "" : ` (skipped: ${reason})`}`, () => {
  test("killed at random moments, a run ends with the bytes of one that never stopped", { timeout: 120_000 }, async () => {
    const steps = "40";
    const base = makeBase();
    const whole = join(base, "runs", "whole");
    expect((await runProgram([child, whole, base, steps, "native"])).output).toContain(`done ${steps}`);
    const seed = Date.now() % 100_000;
    const random = randomStream(seed, "kill");
    const run = join(base, "runs", "killed");
    let kills = 0;
    for (let attempt = 0; attempt < 40; attempt++) {
      // After six kills it is left alone; each comes at some moment after the first event.
      let timer: NodeJS.Timeout | null = null;
      const ended = await runProgram([child, run, base, steps, "native"], (kill) => void (attempt < 6 && (timer ??= setTimeout(() => kill("SIGKILL"), random.below(60)))));
      if (timer) clearTimeout(timer);
      if (ended.signal === "SIGKILL") kills++;
      else {
        expect(ended.code, ended.errors).toBe(0);
        break;
      }
    }
    expect(kills, `seed ${seed}`).toBeGreaterThan(2);
    expect(endOf(run), `seed ${seed}`).toEqual(endOf(whole));
  });

  test("Ctrl-C in the middle of a step finishes it, saves it and exits with 3; the same command goes on to the same bytes", { timeout: 120_000 }, async () => {
    const pt = join(folder, "pt.mjs");
    writeFileSync(join(folder, "pt.ts"), `import { start } from ${JSON.stringify(join(root, "runtime/cli.ts"))};\nawait start();\n`);
    bundle(join("node_modules/.cache/ptarmigan-tests", `native-${process.pid}`, "pt.ts"), "pt");
    const base = makeBase(200);
    // Steps of a tenth of a second and more: a signal some milliseconds after the first one's event falls inside the second.
    writeFileSync(join(base, "main.pt"), `model small(vocab) {
  decoder {
    embed: tokens(vocab, 192) + learned_positions(128)
    repeat 2 { residual { layernorm attention(4, mask: causal) } residual { layernorm mlp(768, gelu, dropout: 10%) } }
  }
  head lm { tied }
}
data words { files: "data.txt"  format: lines }
tokenizer letters { kind: bytes  special: [<pad>, <eos>] }
pretrain long {
  model: small()
  tokenizer: letters
  data: words
  objective: causal_lm
  length: 128
  pack: on
  batch: 4 examples
  train: 4 steps
  optimizer: adamw(lr: 1e-3)
  schedule: constant
  checkpoint { every: 100 steps }
}
`);
    writeFileSync(join(base, "slow.pt"), readFileSync(join(base, "main.pt"), "utf8").replace("batch: 4 examples", "batch: 512 examples"));
    const train = (out: string): string[] => [pt, "train", join(base, "main.pt"), "--backend", "native", "--json", "--out", join(base, out)];
    let sent = false;
    const interrupted = await runProgram(train("a"), (kill, output) => {
      if (sent || !output.includes('"event":"step","step":1,')) return;
      sent = true;
      setTimeout(() => kill("SIGINT"), 10);
    });
    const events = interrupted.output.trim().split("\n").map((line) => JSON.parse(line) as { event: string; step: number });
    expect([interrupted.code, interrupted.signal], interrupted.output + interrupted.errors).toEqual([3, null]);
    const last = events.at(-1)!;
    expect(last).toMatchObject({ event: "interrupted" });
    // The step that the signal fell into was finished and saved, and no other was begun. (On a busy machine the signal may come later.)
    const { step } = last;
    expect(step).toBeGreaterThanOrEqual(2);
    expect(step).toBeLessThan(4);
    const [run] = readdirSync(join(base, "a")).filter((name) => name.startsWith("long")).filter((name) => !name.startsWith("."));
    expect(readdirSync(join(base, "a", run, "checkpoints"))).toEqual([`step-00000${step}`]);
    expect(readFileSync(join(base, "a", run, "metrics.jsonl"), "utf8").trim().split("\n").length).toBe(step);
    expect((await runProgram(train("a"))).code).toBe(0);
    expect((await runProgram(train("b"))).code).toBe(0);
    expect(endOf(join(base, "a", run))).toEqual(endOf(join(base, "b", run)));

    // A step of many seconds: the second signal does not wait for its end.
    let signals = 0;
    const ended = await runProgram([pt, "train", join(base, "slow.pt"), "--backend", "native", "--json", "--out", join(base, "c")], (kill, output) => {
      if (signals++ || !output.includes('"event":"start"')) return;
      for (const delay of [200, 400]) setTimeout(() => kill("SIGINT"), delay);
    });
    expect(ended.code, ended.output + ended.errors).toBe(130);
    expect(ended.output).not.toContain('"event":"step"');
    expect(ended.errors).toMatch(/ended at once: nothing was saved yet/);
  });
});
