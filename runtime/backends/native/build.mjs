// Compiles the kernels with the system's C++ compiler into build/Release/ptarmigan.node, one object file for each instruction set.
// Part of `npm ci`: it never fails. Without a compiler, or where one does not know an instruction set, it says what that means.
//   node runtime/backends/native/build.mjs [--sanitize] [--output FILE]
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const source = join(here, "source");
const sanitize = process.argv.includes("--sanitize");
const option = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined);
const output = option("--output") ?? join(root, "build", sanitize ? "Sanitize" : "Release", "ptarmigan.node");

/** Flags of each instruction set; the baseline is what every CPU of the architecture has. */
const sets = {
  baseline: [],
  ...(process.arch === "x64" ? { avx2: ["-mavx2", "-mfma", "-mbmi2"], avx512: ["-mavx512f", "-mavx512dq", "-mavx512vl", "-mavx512bw", "-mavx2", "-mfma", "-mbmi2"] } : {}),
};

/** `node_api.h`: from the package, else beside Node itself. Nothing is downloaded. */
function headers() {
  const found = [];
  try {
    found.push(createRequire(import.meta.url)("node-api-headers").include_dir);
  } catch {
    // The package is optional.
  }
  found.push(join(dirname(process.execPath), "../include/node"), "/usr/include/node", "/usr/local/include/node");
  return found.find((folder) => existsSync(join(folder, "node_api.h")));
}

function compiler() {
  for (const name of [process.env.CXX, "c++", "g++", "clang++"]) {
    if (!name) continue;
    try {
      execFileSync(name, ["--version"], { stdio: "ignore" });
      return name;
    } catch {
      // The next one.
    }
  }
  return undefined;
}

function isFresh() {
  if (!existsSync(output)) return false;
  const built = statSync(output).mtimeMs;
  return [fileURLToPath(import.meta.url), ...readdirSync(source).map((file) => join(source, file))].every((file) => statSync(file).mtimeMs <= built);
}

async function build() {
  if (process.env.PT_NATIVE === "0") return "PT_NATIVE=0: the native backend is not built";
  if (isFresh() && !process.argv.includes("--force")) return null;
  const cxx = compiler();
  if (!cxx) return "no C++ compiler (g++ or clang++) was found";
  const include = headers();
  if (!include) return "node_api.h was not found: `npm install node-api-headers`";
  const folder = mkdtempSync(join(tmpdir(), "ptarmigan-"));
  const flags = ["-std=c++17", sanitize ? "-O1" : "-O3", "-fPIC", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast", "-fvisibility=hidden", "-Wall", "-Wno-psabi", "-Wno-unused-function", "-Wno-uninitialized", "-Wno-maybe-uninitialized", "-pthread", `-I${include}`,
    ...(sanitize ? ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-fno-omit-frame-pointer"] : [])];
  const run = promisify(execFile);
  const jobs = [
    ...Object.entries(sets).map(([set, own]) => ({ file: "kernels.cc", object: `kernels-${set}.o`, own: [...own, `-DPT_SET=${set}`] })),
    { file: "pool.cc", object: "pool.o", own: [] },
    { file: "addon.cc", object: "addon.o", own: [] },
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
    await run(cxx, ["-shared", "-pthread", ...(process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : []), ...(sanitize ? ["-fsanitize=address,undefined"] : []), ...jobs.map((job) => join(folder, job.object)), "-o", made]);
    mkdirSync(dirname(output), { recursive: true });
    // A process that has the old file open keeps it.
    const beside = `${output}.${process.pid}`;
    execFileSync("cp", [made, beside]);
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
  console.error(`ptarmigan: ${reason}\nptarmigan: training will use the wasm backend, several times slower; \`npm rebuild ptarmigan\` tries again once this is mended`);
  if (process.argv.includes("--strict")) process.exitCode = 1;
}
