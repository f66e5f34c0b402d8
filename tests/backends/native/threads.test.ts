// The same bits for every number of threads: each number in a process of its own.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadBinding } from "../../../runtime/backends/native/_binding.ts";
import { root } from "../../harness/compiling.ts";

const found = loadBinding();
// Beside the sources, so that packages and the kernels are found.
const folder = mkdtempSync(join(typeof found === "string" ? tmpdir() : root, ".threads-"));
const program = join(folder, "hash.mjs");

beforeAll(async () => {
  await build({ entryPoints: [join(root, "tests/backends/native/hash.ts")], outfile: program, bundle: true, format: "esm", platform: "node", target: "node20", external: ["@tensorflow/*"], logLevel: "error" });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(typeof found === "string")(`one, two and three threads give the same bytes${typeof found === "string" ? ` (skipped: ${found})` : ""}`, () => {
  const hashes = [1, 2, 3, 1].map((threads) => execFileSync(process.execPath, [program], { env: { ...process.env, PT_THREADS: String(threads) }, encoding: "utf8" }).trim());
  expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(hashes).toEqual(hashes.map(() => hashes[0]));
});
