// Compiles the kernels with the system's C++ compiler into build/Release/ptarmigan.node, one object file for each instruction set.
// Part of `npm ci`: it never fails, and needs no network. Where a prebuilt file of the release works it compiles nothing; without a compiler,
// or where one does not know an instruction set, it says what that means.
//   node runtime/backends/native/build.mjs [--force] [--strict] [--release] [--sanitize] [--verbose] [--output FILE]
// `--strict` exits with 1 on failure; `--release` makes a file for other machines of this kind: C++'s library inside, no symbols.
import { execFile, execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findCompiler, findHeaders } from "./compiler.mjs";
import { prebuiltFiles } from "./prebuilt.mjs";
import { sourcesHash } from "./sources.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const source = join(here, "source");
const [sanitize, release, force] = ["--sanitize", "--release", "--force"].map((flag) => process.argv.includes(flag));
const option = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined);
const usual = join(root, "build/Release/ptarmigan.node");
const output = option("--output") ?? (sanitize ? join(root, "build/Sanitize/ptarmigan.node") : usual);

/** Flags of each instruction set; the baseline is what every CPU of the architecture has. */
const sets = {
  baseline: [],
  ...(process.arch === "x64" ? { avx2: ["-mavx2", "-mfma", "-mbmi2"], avx512: ["-mavx512f", "-mavx512dq", "-mavx512vl", "-mavx512bw", "-mavx2", "-mfma", "-mbmi2"] } : {}),
};

function isFresh() {
  if (!existsSync(output)) return false;
  const built = statSync(output).mtimeMs;
  return [fileURLToPath(import.meta.url), ...readdirSync(source).map((file) => join(source, file))].every((file) => statSync(file).mtimeMs <= built);
}

/** Whether a file of the release computes on this machine. The program itself tries it, in a process that may crash; where it is not built, loading has to do. */
function prebuiltWorks() {
  const program = join(root, "bin/pt.mjs");
  const built = existsSync(join(root, "dist/runtime/cli.js"));
  return prebuiltFiles(root).some((file) => {
    try {
      if (!built) return execFileSync(process.execPath, ["--eval", "process.stdout.write(typeof require(process.argv[1]).run)", file], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }) === "function";
      const answer = execFileSync(process.execPath, [program, "backends", "--quick", "--json"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, PT_NATIVE_FILE: file } });
      return JSON.parse(answer).backends.find(({ backend }) => backend === "native").available;
    } catch {
      return false;
    }
  });
}

async function build() {
  if (process.env.PT_NATIVE === "0") return "PT_NATIVE=0: the native backend is not built";
  if (!force && (isFresh() || (output === usual && prebuiltWorks()))) return null;
  const cxx = findCompiler();
  if (!cxx) return "no C++ compiler (g++ or clang++) was found";
  const include = findHeaders();
  if (!include) return "node_api.h was not found: `npm install node-api-headers`";
  const folder = mkdtempSync(join(tmpdir(), "ptarmigan-"));
  const flags = ["-std=c++17", sanitize ? "-O1" : "-O3", "-fPIC", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast", "-fvisibility=hidden", "-Wall", "-Wno-psabi", "-Wno-unused-function", "-Wno-uninitialized", "-Wno-maybe-uninitialized", "-pthread", `-I${include}`,
    ...(sanitize ? ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-fno-omit-frame-pointer"] : [])];
  const run = promisify(execFile);
  const jobs = [
    ...Object.entries(sets).map(([set, own]) => ({ file: "kernels.cc", object: `kernels-${set}.o`, own: [...own, `-DPT_SET=${set}`] })),
    { file: "pool.cc", object: "pool.o", own: [] },
    { file: "addon.cc", object: "addon.o", own: [`-DPT_SOURCES="${sourcesHash(root)}"`] },
  ];
  try {
    const queue = [...jobs].reverse();
    await Promise.all(Array.from({ length: Math.min(queue.length, availableParallelism()) }, async () => {
      for (let job = queue.pop(); job; job = queue.pop()) {
        const { stderr } = await run(cxx, [...flags, ...job.own, "-c", join(source, job.file), "-o", join(folder, job.object)]);
        if (stderr && process.argv.includes("--verbose")) process.stderr.write(stderr);
      }
    }));
    const made = join(folder, "ptarmigan.node");
    await run(cxx, ["-shared", "-pthread", ...(process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : []), ...(sanitize ? ["-fsanitize=address,undefined"] : []), ...(release && process.platform === "linux" ? ["-static-libstdc++", "-static-libgcc", "-s"] : []), ...jobs.map((job) => join(folder, job.object)), "-o", made]);
    mkdirSync(dirname(output), { recursive: true });
    // A process that has the old file open keeps it.
    const beside = `${output}.${process.pid}`;
    copyFileSync(made, beside);
    renameSync(beside, output);
    return null;
  } catch (error) {
    return `the kernels did not compile with ${cxx}:\n${String(error.stderr ?? error.message).split("\n").slice(0, process.argv.includes("--verbose") ? 200 : 12).join("\n")}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const reason = await build();
if (reason) {
  console.error(`ptarmigan: ${reason}\nptarmigan: training will use the wasm backend, about 4 times slower; \`npx pt backends add native\` tries again once this is mended`);
  if (process.argv.includes("--strict")) process.exitCode = 1;
}
