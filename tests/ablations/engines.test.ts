// Files for larger machines: their form, by what is at hand here, and that they name the jobs in the right order.

import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { engines } from "../../runtime/ablations/engines/index.ts";
import { folderWith, pt } from "../harness/cli.ts";
import { ablationSpec, line } from "./specs.ts";

const spec = ablationSpec({ rows: 'vary { "wide one": { model.width: 16 } }', more: "seeds: 2\n  measure: [longer.loss]" });

async function emitted(word: string): Promise<{ folder: string; names: string[]; keys: string[] }> {
  const cwd = folderWith({ "main.pt": spec, "texts/a.txt": line.repeat(20) });
  const { code, stdout } = await pt(["ablate", "main.pt", "sizes", "--emit", word, "--out", "jobs", "--json"], cwd);
  expect(code).toBe(0);
  const { folder, files, jobs } = JSON.parse(stdout);
  const keys = readdirSync(join(folder, "plans")).map((name) => name.replace(/\.json$/, ""));
  expect([keys.length, jobs]).toEqual([8, 8]);
  return { folder, names: files, keys };
}

const has = (program: string): boolean => spawnSync(program, ["--version"]).status === 0;

describe.each(Object.values(engines))("$word", (engine) => {
  test("names every job, and leaves plans that train", async () => {
    const { folder, names, keys } = await emitted(engine.word);
    const all = names.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
    for (const key of keys) expect(all).toContain(key);
    expect(engine.start.split(" ").some((word) => names.includes(word))).toBe(true);
    const base = keys.find((key) => key.startsWith("base-"))!;
    const ran = await pt(["train", `plans/${base}.json`, "--json", "--out", "runs", "--base", "..", "--backend", "cpu"], folder);
    expect(ran.code, ran.stdout).toBe(0);
  });
});

test("slurm: scripts that bash reads; a level is an array after the one before", async () => {
  const { folder, names } = await emitted("slurm");
  for (const name of names) execFileSync("bash", ["-n", join(folder, name)]);
  // With an `sbatch` that prints what it got.
  const submitted = execFileSync("bash", ["-c", `sbatch() { echo "$*" >> calls; echo 7; }; export -f sbatch; bash submit.sh`], { cwd: folder, encoding: "utf8" });
  expect(submitted).toMatch(/level 0: job 7, 4 tasks\nlevel 1: job 7, 4 tasks/);
  expect(readFileSync(join(folder, "calls"), "utf8").trim().split("\n")).toEqual(["--parsable --array=0-3 level-0.sbatch", "--parsable --array=0-3 --dependency=afterany:7 level-1.sbatch", "--dependency=afterany:7 collect.sbatch"]);
  // With a `pt` that does the same.
  const called = execFileSync("bash", ["-c", `mkdir -p bin; printf '#!/bin/sh\\necho "$@"\\n' > bin/pt; chmod +x bin/pt; PATH="$PWD/bin:$PATH" SLURM_ARRAY_TASK_ID=2 bash level-1.sbatch`], { cwd: folder, encoding: "utf8" });
  expect(called.trim()).toMatch(/^train plans\/longer-[0-9a-f]{8}\.json --json --out runs --base \.\.$/);
});

test("kubernetes: Jobs with names that are allowed, waiting for what they need", async () => {
  const { folder } = await emitted("kubernetes");
  const { kind, items } = JSON.parse(readFileSync(join(folder, "jobs.json"), "utf8"));
  expect([kind, items.length]).toEqual(["List", 9]);
  for (const { metadata, spec: { template } } of items) {
    expect(metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
    expect(template.spec.containers[0].command[0]).toMatch(/^(pt|sh)$/);
  }
  const waiting = items.filter((item: { metadata: { name: string } }) => item.metadata.name.startsWith("longer-"));
  for (const { spec: { template } } of waiting) expect(template.spec.initContainers[0].command[2]).toMatch(/runs\/base-[0-9a-f]{8}\/result\.json/);
});

test.skipIf(!has("python3"))("ray: a program that Python compiles, each job after those that it needs", async () => {
  const { folder } = await emitted("ray");
  execFileSync("python3", ["-m", "py_compile", "ablation.py"], { cwd: folder });
  const jobs = [...readFileSync(join(folder, "ablation.py"), "utf8").matchAll(/^ {4}\("(?:train|evaluate)", "([\w-]+)", \d+, \[(.*)\]\),$/gm)].map(([, key, needs]) => ({ key, needs: [...needs.matchAll(/"([\w-]+)"/g)].map((match) => match[1]) }));
  expect(jobs.length).toBe(8);
  jobs.forEach(({ needs }, i) => expect(jobs.slice(0, i).map(({ key }) => key)).toEqual(expect.arrayContaining(needs)));
});

test("an engine that is none, and an ablation that is none", async () => {
  const cwd = folderWith({ "main.pt": spec });
  expect((await pt(["ablate", "main.pt", "sizes", "--emit", "slrum"], cwd)).stderr).toMatch(/did you mean `slurm`/);
  expect((await pt(["ablate", "main.pt", "size", "--emit", "slurm"], cwd)).codes).toEqual(["PT6121"]);
});
