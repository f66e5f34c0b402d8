// How the native kernels come to a machine: from the release, compiled, or not at all; files that do not fit are passed over.

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadBinding } from "../../../runtime/backends/native/_binding.ts";
import { prebuiltName } from "../../../runtime/backends/native/prebuilt.mjs";
import { sourcesHash } from "../../../runtime/backends/native/sources.mjs";
import { newFolder } from "../../harness/cli.ts";
import { root } from "../../harness/compiling.ts";

const own = loadBinding();
const kernels = typeof own === "string" ? null : own.file;
const skipped = kernels === null ? ` (skipped: ${own as string})` : "";
const version = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version as string;

/** A package as npm lays it out, with nothing compiled. */
let folder: string;
const [built, prebuilt] = [() => join(folder, "build/Release/ptarmigan.node"), () => join(folder, prebuiltName())];
const old = new Date("1985-10-26T08:15:00Z"); // npm's own date of every file in a package

beforeAll(() => {
  folder = newFolder({ "package.json": JSON.stringify({ type: "module", version }) });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  mkdirSync(join(folder, "runtime/backends"), { recursive: true });
  symlinkSync(join(root, "runtime/backends/native"), join(folder, "runtime/backends/native"));
  buildSync({ entryPoints: [join(root, "tests/backends/native/which.ts")], outfile: join(folder, "which.mjs"), bundle: true, platform: "node", format: "esm", target: "node20", external: ["@tensorflow/*"], logLevel: "error" });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function place(file: string, date?: Date): void {
  mkdirSync(join(file, ".."), { recursive: true });
  copyFileSync(kernels!, file);
  if (date) utimesSync(file, date, date);
}
const release = (of = version): void => {
  place(prebuilt(), old);
  writeFileSync(`${prebuilt()}.json`, JSON.stringify({ version: of, glibc: null }));
};
const clear = (): void => ["build", "prebuilds", "cache"].forEach((name) => rmSync(join(folder, name), { recursive: true, force: true }));

function which(env: Record<string, string> = {}): { file: string | null; reason: string | null; backend: string; said: string } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(folder, "which.mjs")], { encoding: "utf8", env: { ...process.env, PT_NATIVE_FILE: "", PT_BACKENDS: join(folder, "cache"), XDG_CACHE_HOME: join(folder, "cache"), ...env } });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

describe.skipIf(kernels === null)(`which file${skipped}`, () => {
  test("the release's, unless one was compiled after it", () => {
    clear();
    release();
    expect(which()).toMatchObject({ file: prebuilt(), backend: "native", said: "" });
    place(built());
    expect(which().file).toBe(built());
    utimesSync(built(), old, new Date(old.getTime() - 1000));
    expect(which().file).toBe(prebuilt());
  });

  test.each([
    ["cut short", (file: string) => truncateSync(file, 5000), /is cut short/],
    ["not even a header", (file: string) => truncateSync(file, 10), /is no library/],
    ["of another processor", (file: string) => patch(file, 0x12, 0xb7 ^ (process.arch === "arm64" ? 0xff : 0)), /is for another processor/],
    ["text", (file: string) => writeFileSync(file, "#!/bin/sh\n".repeat(20)), /is no library/],
    ["of other sources", (file: string) => patch(file, readFileSync(file).indexOf(sourcesHash(root)!), "-".charCodeAt(0)), /was compiled from other sources/],
    ["another program's addon", (file: string) => copyFileSync(join(root, "node_modules/@rollup/rollup-linux-x64-gnu/rollup.linux-x64-gnu.node"), file), /self test/],
  ])("one that is %s is passed over, and said to be", (_, damage, reason) => {
    if (process.platform !== "linux") return;
    clear();
    release();
    if (String(damage).includes("rollup") && !existsSync(join(root, "node_modules/@rollup/rollup-linux-x64-gnu"))) return;
    damage(prebuilt());
    const alone = which();
    expect(alone).toMatchObject({ file: null, backend: "wasm" });
    expect(alone.reason).toMatch(reason);
    expect(alone.reason).toContain("`pt backends add native`");
    place(built(), new Date(old.getTime() - 1000));
    expect(which()).toMatchObject({ file: built(), backend: "native" });
  });

  test("one of another version is none", () => {
    clear();
    release("0.0.0");
    expect(which()).toMatchObject({ file: null, backend: "wasm" });
  });

  test("wrong numbers fail the self test", async () => {
    const { selfTest } = await import("../../../runtime/backends/native/_self-test.ts");
    const { binding } = own as Exclude<typeof own, string>;
    expect(selfTest(binding, ["baseline"])).toBeNull();
    expect(selfTest({ ...binding, run: () => 0 }, ["baseline"])).toMatch(/a product came out wrong: 77 instead of/);
    expect(selfTest({ ...binding, kernels: binding.kernels.filter((name) => name !== "product") }, [])).toMatch(/of another version: it lacks product/);
    binding.choose((own as Exclude<typeof own, string>).set);
  });
});

test("without kernels wasm is used; what that costs and what helps is said once", () => {
  clear();
  const first = which();
  expect(first).toMatchObject({ file: null, backend: "wasm" });
  expect(first.said).toMatch(/runs on `wasm`, about 4 times slower than on `native`: .*`pt backends add native`[\s\S]*C\+\+ compiler/);
  expect(which().said).toBe("");
  // Another reason is said too.
  if (process.platform !== "linux") return;
  mkdirSync(join(built(), ".."), { recursive: true });
  writeFileSync(built(), "#!/bin/sh\n".repeat(20));
  expect(which().said).toMatch(/is no library; `pt backends add native` builds them/);
  expect(which().said).toBe("");
});

/** Runs build.mjs as `npm ci` does. */
function install(env: Record<string, string>, ...flags: string[]): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, ["--preserve-symlinks", "--preserve-symlinks-main", join(folder, "runtime/backends/native/build.mjs"), ...flags], { encoding: "utf8", cwd: folder, env: { ...process.env, CXX: "", ...env } });
}

test("npm ci without a compiler succeeds and says what it means; `--strict` does not", () => {
  clear();
  const bare = install({ PATH: join(folder, "nothing") });
  expect(bare).toMatchObject({ status: 0, stderr: expect.stringMatching(/no C\+\+ compiler[\s\S]*wasm backend, about 4 times slower[\s\S]*pt backends add native/) });
  expect(install({ PATH: join(folder, "nothing") }, "--strict").status).toBe(1);
});

test.skipIf(kernels === null)(`npm ci compiles nothing where the release's file works, and tries to where it does not${skipped}`, () => {
  clear();
  release();
  expect(install({ PATH: join(folder, "nothing") })).toMatchObject({ status: 0, stderr: "" });
  truncateSync(prebuilt(), 10);
  expect(install({ PATH: join(folder, "nothing") })).toMatchObject({ status: 0, stderr: expect.stringContaining("no C++ compiler") });
});

test("a compiler that fails is no failure of npm ci", () => {
  clear();
  const { status, stderr } = install({ CXX: "true" });
  // `true` compiles to nothing: linking leaves no file.
  expect([status, /wasm backend/.test(stderr), existsSync(built())]).toEqual([0, true, false]);
});

function patch(file: string, at: number, byte: number): void {
  const bytes = readFileSync(file);
  bytes[at] = byte;
  writeFileSync(file, bytes);
}
