// Runs the native kernels' tests under AddressSanitizer and UndefinedBehaviorSanitizer: `npm run test:sanitize`.
// Builds the kernels with both beside the usual ones; needs g++ with its sanitizer libraries, and says so where they are missing.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const cxx = process.env.CXX ?? "g++";
const libraries = ["libasan.so", "libubsan.so"].map((name) => {
  try {
    return execFileSync(cxx, [`-print-file-name=${name}`], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
});
if (!libraries.every((file) => existsSync(file))) {
  console.log(`skipped: ${cxx} has no sanitizer libraries here`);
  process.exit(0);
}
const built = spawnSync(process.execPath, [join(root, "runtime/backends/native/build.mjs"), "--sanitize", "--strict"], { stdio: "inherit", cwd: root });
if (built.status !== 0) process.exit(1);
const env = {
  ...process.env,
  PT_NATIVE_FILE: join(root, "build/Sanitize/ptarmigan.node"),
  PT_FUZZ: process.env.PT_FUZZ ?? "40",
  // Node itself keeps memory until it ends.
  ASAN_OPTIONS: "detect_leaks=0:abort_on_error=0",
  UBSAN_OPTIONS: "print_stacktrace=1",
  LD_PRELOAD: libraries.join(" "),
};
const run = spawnSync(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), "run", "tests/backends/native", "tests/conformance/backends.test.ts", "tests/ops/precision.test.ts", "-t", "native|one, two| on "], { stdio: "inherit", cwd: root, env });
process.exit(run.status ?? 1);
