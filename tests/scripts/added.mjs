// The suites of a backend that `pt backends add` fetches: `npm run test:tensorflow`, `npm run test:webgpu`. Skipped with a word where it is not added.
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const word = process.argv[2];
const { backends } = JSON.parse(execFileSync(process.execPath, [join(root, "bin/pt.mjs"), "backends", "--quick", "--json"], { encoding: "utf8" }));
const found = backends.find(({ backend }) => backend === word);
if (!found) throw new Error(`there is no backend ${word}`);
if (!found.available) {
  console.log(`skipped: ${word}: ${found.unavailable}`);
  process.exit(0);
}
const suites = ["tests/conformance/backends.test.ts", "tests/parity/models.test.ts", "tests/backends/added"];
const run = spawnSync(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), "run", ...suites, ...process.argv.slice(3)], { stdio: "inherit", cwd: root, env: { ...process.env, PT_TEST_BACKENDS: word } });
process.exit(run.status ?? 1);
