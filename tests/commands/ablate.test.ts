// `pt ablate` with worker processes: killed in the middle and resumed with another number of workers, failures as rows, edits, collecting.

import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AblationResult } from "../../runtime/reports/_result.ts";
import { lockRun } from "../../runtime/checkpoints/lock.ts";
import { newFolder, pt } from "../harness/cli.ts";
import { root } from "../harness/compiling.ts";
import { ablationSpec, line, measured, measuredFiles } from "../ablations/specs.ts";

// Beside the sources, so that packages and kernels are found.
const built = mkdtempSync(join(root, ".ablate-"));
const program = join(built, "pt.mjs");
const folders: string[] = [];
const spec = ablationSpec({ after: measured, rows: "vary model.width in [8, 16]", more: 'seeds: 2\n  measure: [loss, sorted.accuracy, named.edit_distance, "named.0_shot.exact_match"]', steps: "300 steps", run: "checkpoint { every: 20 steps }" });

beforeAll(async () => {
  writeFileSync(join(built, "start.ts"), `import { start } from ${JSON.stringify(join(root, "runtime/cli.ts"))};\nawait start();\n`);
  await build({ entryPoints: [join(built, "start.ts")], outfile: program, bundle: true, format: "esm", platform: "node", target: "node20", external: ["@tensorflow/*", "prettier", "prettier/*"], banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" }, logLevel: "error" });
});
afterAll(() => [built, ...folders].forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function project(text = spec): string {
  const folder = newFolder({ "main.pt": text, "texts/a.txt": line.repeat(40), ...measuredFiles });
  folders.push(folder);
  return folder;
}

const ablate = (cwd: string, ...flags: string[]) => pt(["ablate", "main.pt", "sizes", "--backend", "wasm", ...flags], cwd, { program: [process.execPath, program] });
const folderOf = (cwd: string): string => join(cwd, "runs", readdirSync(join(cwd, "runs")).filter((name) => name.startsWith("sizes-")).sort()[0]);
const resultOf = (cwd: string): AblationResult => JSON.parse(readFileSync(join(folderOf(cwd), "result.json"), "utf8")) as AblationResult;

/** All of a result but when and how long. */
function table(cwd: string): string {
  const result = resultOf(cwd);
  return JSON.stringify({ ...result, started: null, seconds: 0, rows: result.rows.map((row) => ({ ...row, jobs: row.jobs.map((job) => ({ ...job, seconds: null })) })) });
}

/** Starts it, and ends it with all of its workers, by a signal that nothing can answer, once its events say so. */
async function killedWhen(cwd: string, workers: string, enough: (events: readonly { event: string; run?: string; status?: string; step?: number }[]) => boolean): Promise<void> {
  const child = spawn(process.execPath, [program, "ablate", "main.pt", "sizes", "--backend", "wasm", "--workers", workers, "--json"], { cwd, stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    if (child.killed || !enough(text.split("\n").slice(0, -1).map((one) => JSON.parse(one)))) return;
    const started = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n").map((one) => one.trim().split(/\s+/).map(Number));
    child.kill("SIGKILL");
    for (const [pid, parent] of started) if (parent === child.pid) process.kill(pid, "SIGKILL");
  });
  await ended;
}

test("all of it killed in the middle, twice, and resumed with another number of workers, it gives the bytes of one that was not", { timeout: 400_000 }, async () => {
  const [whole, killed] = [project(), project()];
  const first = await ablate(whole, "--workers", "2");
  expect(first.code, first.stderr).toBe(0);
  // In the middle of a run that follows a finished one.
  await killedWhen(killed, "2", (events) => {
    const done = events.findIndex(({ run, status }) => run === "base" && status === "done");
    return done >= 0 && events.slice(done).some(({ event, step = 0 }) => event === "progress" && step >= 100 && step < 250);
  });
  expect(existsSync(join(folderOf(killed), "result.json"))).toBe(false);
  // In the middle of an evaluation.
  await killedWhen(killed, "1", (events) => events.some(({ run, status, step = 0 }) => run === "named" && status === "running" && step > 0));
  expect(existsSync(join(folderOf(killed), "result.json"))).toBe(false);
  const resumed = await ablate(killed, "--workers", "3");
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(table(killed)).toBe(table(whole));
  expect(resumed.stdout).toBe(first.stdout);
  const csvOf = async (cwd: string): Promise<string> => (await pt(["report", folderOf(cwd), "--format", "csv"], cwd)).stdout;
  expect(await csvOf(killed)).toBe(await csvOf(whole));
  const lines = (cwd: string, run: string, kind: string): string => readFileSync(join(cwd, "runs", run, kind === "evaluate" ? "predictions.jsonl" : "metrics.jsonl"), "utf8");
  for (const { jobs } of resultOf(whole).rows) for (const job of jobs) expect(lines(killed, job.folder.slice(3), job.kind)).toBe(lines(whole, job.folder.slice(3), job.kind));

  // Again: nothing is trained or asked. With a row more, only that row is.
  const again = await ablate(whole, "--json");
  expect(again.stdout.trim().split("\n").map((text) => JSON.parse(text).event)).toEqual(["done"]);
  writeFileSync(join(whole, "main.pt"), spec.replace("[8, 16]", "[8, 16, 24]"));
  const edited = await ablate(whole, "--json");
  const trained = new Set(edited.stdout.trim().split("\n").map((text) => JSON.parse(text)).filter(({ event }) => event === "job").map(({ row }) => row as string));
  expect([...trained]).toEqual(["24"]);

  const { rows, measures } = resultOf(killed);
  expect(measures.map((one) => one.higher_is_better)).toEqual([false, true, false, true]);
  expect(rows.map((row) => [row.label, row.baseline, row.results.loss.map(({ seed }) => seed), row.jobs.map(({ run, kind, status, seed }) => `${run} ${kind} ${seed} ${status}`)])).toEqual(["8", "16"].map((label, i) => [label, i === 0, [7, 8], [7, 8].flatMap((seed) => [`base pretrain ${seed} done`, `sorted finetune ${seed} done`, `named evaluate ${seed} done`])]));
  for (const { results, jobs } of rows) {
    expect(results["sorted.accuracy"][1].value).toBe(jobs[4].metrics.accuracy);
    expect(results["named.edit_distance"][1].value).toBe(jobs[5].metrics["1_shot.edit_distance"]);
    expect(results["named.0_shot.exact_match"][1].value).toBe(jobs[5].metrics["0_shot.exact_match"]);
  }
  expect(readFileSync(join(folderOf(killed), "report.html"), "utf8")).toContain("sorted.accuracy");
});

test("a failure is a row that says why; the others go on, and the next call tries it again", { timeout: 120_000 }, async () => {
  const text = ablationSpec({ rows: 'vary { "diverges": { optimizer: sgd(lr: 1e30)  train: 20 steps }  "wide": { model.width: 16 } }', more: "measure: [loss, longer.loss]" });
  const folder = project(text);
  const ran = await ablate(folder);
  expect(ran.code).toBe(1);
  const { rows } = resultOf(folder);
  expect(rows.map((row) => row.jobs.map(({ status }) => status))).toEqual([["done", "done"], ["failed", "failed"], ["done", "done"]]);
  expect(rows[1].jobs[0].why).toMatch(/^PT8003 /);
  expect(rows[1].jobs[1].why).toMatch(/^`base`, which it starts from, failed: PT8003 /);
  expect(rows[1].results).toEqual({ loss: [], "longer.loss": [] });
  expect(ran.stdout).toContain("PT8003");
});

test("two processes do not run one ablation; interrupted, it saves; --collect trains nothing", { timeout: 120_000 }, async () => {
  const folder = project();
  const before = await ablate(folder, "--collect");
  expect([before.code, resultOf(folder).rows[0].jobs[0].status]).toEqual([3, "waiting"]);
  const lock = lockRun(folderOf(folder));
  const refused = await ablate(folder);
  lock.release();
  expect([refused.code, refused.codes]).toEqual([3, ["PT8105"]]);
  const abort = new AbortController();
  const stopped = pt(["ablate", "main.pt", "sizes", "--backend", "wasm", "--json"], folder, { program: [process.execPath, program], signal: abort.signal, stdout: { write: (text) => void (text.includes('"progress"') && abort.abort()) } });
  expect((await stopped).code).toBe(3);
  const { rows } = resultOf(folder);
  expect(rows.flatMap((row) => row.jobs.map((job) => job.status)).filter((status) => status !== "waiting" && status !== "done")).toEqual([]);
  expect(readdirSync(join(folder, "runs", rows[0].jobs[0].folder.slice(3), "checkpoints")).length).toBeGreaterThan(0);
});
