// `pt backends add`: steps are done once, an interruption or a failure loses nothing that was finished, and every failure is said in words.

import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addBackend } from "../../runtime/backends/_add/add.ts";
import { AddProblem } from "../../runtime/backends/_add/define.ts";
import type { Recipe, Step } from "../../runtime/backends/_add/define.ts";
import { npmStep, tryStep } from "../../runtime/backends/_add/packages.ts";
import { tensorflowRecipe } from "../../runtime/backends/_add/tensorflow.ts";
import { fetchWheels } from "../../runtime/backends/_add/wheel.ts";
import { readAdded } from "../../runtime/backends/_added.ts";
import { lockRun } from "../../runtime/checkpoints/lock.ts";
import { folderWith, pt } from "../harness/cli.ts";

const before = { ...process.env };
let base: string;
beforeEach(() => {
  base = folderWith({});
  process.env["PT_BACKENDS"] = base;
});
afterEach(() => {
  for (const name of ["PT_BACKENDS", "PATH", "PT_PYTHON", "CXX"]) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});

/** A recipe of three steps that note what they did; `fail` breaks one of them. */
function recipe(log: string[], fail: (title: string) => Error | null = () => null, version = "1"): Recipe {
  const step = (title: string, makes: string, temporary = false): Step => ({
    title, makes: [makes], temporary,
    async run({ folder }) {
      expect(existsSync(join(folder, makes))).toBe(false);
      mkdirSync(join(folder, makes));
      const error = fail(title);
      if (error) throw error;
      log.push(title);
    },
  });
  return { word: "sample", version, cost: "nothing", space: () => 1, gpu: false, impossible: () => null, steps: () => [step("one", "a"), step("two", "b", true), step("three", "c"), { title: "try", makes: [], run: async () => void log.push("try") }] };
}

const options = (signal = new AbortController().signal) => ({ gpu: false, signal, progress: () => {} });
const reasonOf = async (body: Promise<unknown>): Promise<string> => body.then(() => "", (error: Error) => error.message);

describe.skipIf(process.platform === "win32")("adding", () => {
  test("what failed is done again, what was done is not; then only the last step is", async () => {
    const log: string[] = [];
    let broken = true;
    expect(await reasonOf(addBackend(recipe(log, (title) => (broken && title === "three" ? new AddProblem("no luck", "try again") : null)), options()))).toBe("PT8020: backend `sample` was not added: no luck");
    expect(log).toEqual(["one", "two"]);
    expect(readAdded("sample", "1", "nothing")).toMatch(/is not complete; `pt backends add sample` goes on/);
    broken = false;
    const folder = await addBackend(recipe(log), options());
    expect(log).toEqual(["one", "two", "three", "try"]);
    expect(readdirSync(folder).filter((name) => name.length === 1).sort()).toEqual(["a", "c"]);
    expect(readAdded("sample", "1", "nothing")).toMatchObject({ recipe: "1", gpu: false });
    await addBackend(recipe(log), options());
    expect(log.slice(4)).toEqual(["try"]);
  });

  test("another version of the recipe begins anew, and what somebody removed is made again", async () => {
    const log: string[] = [];
    const folder = await addBackend(recipe(log), options());
    expect(readAdded("sample", "2", "nothing")).toMatch(/another version/);
    await addBackend(recipe(log, undefined, "2"), options());
    expect(log.slice(4)).toEqual(["one", "two", "three", "try"]);
    const { rmSync } = await import("node:fs");
    rmSync(join(folder, "c"), { recursive: true });
    await addBackend(recipe(log, undefined, "2"), options());
    expect(log.slice(8)).toEqual(["one", "two", "three", "try"].slice(-log.slice(8).length));
    expect(log.slice(8)).toContain("three");
    expect(readAdded("sample", "2", "nothing")).toMatchObject({ recipe: "2" });
  });

  test("interrupted, a full disk, another process, another machine", async () => {
    const log: string[] = [];
    const controller = new AbortController();
    controller.abort();
    await expect(addBackend(recipe(log), options(controller.signal))).rejects.toMatchObject({ name: "AbortError" });
    expect(log).toEqual([]);
    expect(await reasonOf(addBackend(recipe(log, () => Object.assign(new Error("full"), { code: "ENOSPC" })), options()))).toMatch(/PT8020.*the disk of `.*` is full/);
    expect(await reasonOf(addBackend({ ...recipe(log), word: "large", space: () => 1e18 }, options()))).toMatch(/it needs 1000000000.0 GB/);
    const lock = lockRun(join(base, "sample"));
    expect(await reasonOf(addBackend(recipe(log), options()))).toMatch(/PT8020.*another process is adding it/);
    lock.release();
    const folder = await addBackend(recipe(log), options());
    writeFileSync(join(folder, "added.json"), JSON.stringify({ recipe: "1", machine: "plan9-mips", gpu: false }));
    expect(readAdded("sample", "1", "nothing")).toMatch(/made for plan9-mips/);
    expect(readAdded("nothing", "1", "a bit")).toBe("not added; `pt backends add nothing` does it (a bit)");
  });

  test("the command knows its backends", async () => {
    for (const [args, code, says] of [[["add", "tensorflo"], 3, "did you mean `tensorflow`"], [["add", "wasm"], 3, "it comes with Ptarmigan"], [["add"], 2, "which backend"], [["drop", "cpu"], 2, "no `pt backends drop`"], [["--gpu"], 2, "belongs to"], [["add", "webgpu", "--gpu"], 3, "no variant"]] as const) {
      const ran = await pt(["backends", ...args], base);
      expect([ran.code, ran.stderr.includes(says)], ran.stderr).toEqual([code, true]);
    }
    const listed = JSON.parse((await pt(["backends", "--quick", "--json"], base)).stdout).backends as { backend: string; available: boolean; unavailable: string }[];
    expect(listed.find(({ backend }) => backend === "tensorflow")).toMatchObject({ available: false, unavailable: expect.stringMatching(/`pt backends add tensorflow`|for Linux/) });
    expect(await reasonOf((await import("../../runtime/session.ts")).openSession("tensorflow"))).toMatch(/PT8001.*tensorflow/);
  });
});

/** A program that prints a text and fails, first on the PATH. */
function fake(name: string, text: string, status = 1): string {
  const folder = join(base, "programs");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\ncat >&2 <<'END'\n${text}\nEND\nexit ${status}\n`);
  chmodSync(file, 0o755);
  process.env["PATH"] = `${folder}:${before["PATH"]}`;
  return file;
}

describe.skipIf(process.platform === "win32")("what other programs say", () => {
  const context = () => ({ folder: base, gpu: false, signal: new AbortController().signal, show: () => {} });

  test.each([
    ["npm error code ENOTFOUND", /reached no package registry \(its name was not found\)/],
    ["npm error code ETIMEDOUT", /no answer came in time/],
    ["npm error code ENOSPC\nnpm error nospc", /the disk of .* is full/],
    ["npm error code E404\nnpm error 404 Not Found", /`npm` failed: npm error 404 Not Found/],
  ])("npm: %s", async (text, problem) => {
    fake("npm", text);
    await expect(npmStep(["x@1.0.0"]).run(context())).rejects.toThrow(problem);
  });

  test.each([
    ["/usr/bin/python3: No module named pip", /no Python 3 with pip/],
    ["ERROR: Could not find a version that satisfies the requirement", /pip found no fitting nothing==1/],
    ["OSError: [Errno 28] No space left on device", /the disk of .* is full/],
    ["WARNING: Retrying after connection broken by 'NewConnectionError(Temporary failure in name resolution)'", /reached no package registry/],
  ])("pip: %s", async (text, problem) => {
    process.env["PT_PYTHON"] = fake("python3", text);
    if (!/^linux-(x64|arm64)$/.test(`${process.platform}-${process.arch}`)) return;
    await expect(fetchWheels(["nothing==1"], join(base, "wheels"), context())).rejects.toThrow(problem);
  });

  test("programs that are not there", async () => {
    process.env["PATH"] = join(base, "nothing");
    await expect(npmStep(["x@1.0.0"]).run(context())).rejects.toThrow(/`npm` was not found/);
    process.env["PT_PYTHON"] = join(base, "no-python");
    if (/^linux-(x64|arm64)$/.test(`${process.platform}-${process.arch}`)) await expect(fetchWheels(["nothing==1"], join(base, "wheels"), context())).rejects.toThrow(/no Python 3 with pip/);
    process.env["CXX"] = "";
    const compile = tensorflowRecipe.steps(false).find(({ title }) => /compiled/.test(title))!;
    await expect(compile.run(context())).rejects.toThrow(/no C\+\+ compiler/);
  });

  test("a backend that computes wrongly or crashes was not added", async () => {
    const check = (answer: unknown): string | null => (answer === 4 ? null : `2 + 2 is ${JSON.stringify(answer)}`);
    await tryStep(() => "console.log(2 + 2)", check).run(context());
    await expect(tryStep(() => "console.log(5)", check).run(context())).rejects.toThrow(/does not work here: 2 \+ 2 is 5/);
    await expect(tryStep(() => "console.log('no JSON')", check).run(context())).rejects.toThrow(/it answered `no JSON`/);
    await expect(tryStep(() => "throw new Error('cannot open shared object file')", check).run(context())).rejects.toThrow(/cannot open shared object file/);
    await expect(tryStep(() => "process.kill(process.pid, 'SIGSEGV')", check).run(context())).rejects.toThrow(/it crashed/);
  });
});

test("a half-removed folder is found out when the backend is used", async () => {
  if (tensorflowRecipe.impossible() !== null) return;
  mkdirSync(join(base, "tensorflow"));
  writeFileSync(join(base, "tensorflow/added.json"), JSON.stringify({ recipe: tensorflowRecipe.version, machine: `${process.platform}-${process.arch}`, gpu: false }));
  expect(readFileSync(join(base, "tensorflow/added.json"), "utf8")).toContain("TensorFlow");
  expect(await reasonOf((await import("../../runtime/session.ts")).openSession("tensorflow"))).toMatch(/PT8001.*does not load.*`pt backends add tensorflow` mends it/);
});
