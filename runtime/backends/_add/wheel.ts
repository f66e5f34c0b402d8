// Python wheels: fetched with pip for the platform, whatever Python runs here, and taken apart with Python's own zipfile.

import { lstatSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { StepContext } from "./define.ts";
import { AddProblem } from "./define.ts";
import { call, type Called } from "./programs.ts";

const missingPython = (): AddProblem => new AddProblem("no Python 3 with pip was found", "install python3 and python3-pip (PT_PYTHON names another Python); only pip is used, to fetch TensorFlow's libraries");

async function python(args: readonly string[], { folder, signal }: StepContext, env: Readonly<Record<string, string>> = {}): Promise<Called> {
  const program = process.env["PT_PYTHON"] || "python3";
  return call(program, args, {
    cwd: folder, signal, env, missing: missingPython,
    explain: (output) => (/No module named (pip|zipfile)/.test(output) ? missingPython() : /Could not find a version|No matching distribution/.test(output) ? new AddProblem(`pip found no fitting ${args.at(-1)}`, "a newer pip may (`python3 -m pip install --upgrade pip`); without a connection pip says the same, so check that too") : null),
  });
}

/** As pip names platforms: the oldest glibc that the wheels ask for. */
const platforms: Readonly<Record<string, readonly string[]>> = {
  "linux-x64": ["manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_27_x86_64"],
  "linux-arm64": ["manylinux2014_aarch64", "manylinux_2_17_aarch64", "manylinux_2_27_aarch64"],
};

/** Fetches wheels into a folder and says how much has come. */
export async function fetchWheels(requirements: readonly string[], to: string, context: StepContext): Promise<void> {
  // pip writes what comes into a folder of its own first: inside ours, it is on the disk that was chosen, and can be measured.
  const temporary = join(to, "incoming");
  mkdirSync(temporary, { recursive: true });
  const watch = setInterval(() => context.show(`${Math.round(sizeOf(to) / 1e6)} MB`), 500);
  try {
    const which = platforms[`${process.platform}-${process.arch}`].flatMap((platform) => ["--platform", platform]);
    await python(["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--implementation", "cp", "--python-version", "3.11", "--abi", "cp311", "--abi", "none", ...which,
      "--no-cache-dir", "--disable-pip-version-check", "--progress-bar", "off", "--retries", "2", "--timeout", "20", "--dest", to, ...requirements], context, { TMPDIR: temporary });
  } finally {
    clearInterval(watch);
  }
}

function sizeOf(folder: string): number {
  let bytes = 0;
  try {
    for (const name of readdirSync(folder, { recursive: true })) bytes += lstatSync(join(folder, String(name)), { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    // pip moves files while they are counted.
  }
  return bytes;
}

/** Takes files out of a wheel: argument 3 is JSON, a list of `[prefix, folder]`; what follows the prefix is kept below the folder. */
const extract = `
import json, os, shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    for name in wheel.namelist():
        for prefix, folder in json.loads(sys.argv[2]):
            if name.startswith(prefix) and not name.endswith("/"):
                path = os.path.join(folder, os.path.relpath(name, os.path.dirname(prefix)))
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with wheel.open(name) as source, open(path, "wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
                break
`;

/** Files that begin with a prefix, below a folder: `["tensorflow/include/tsl/", "deps/include/tsl"]`. */
export async function extractWheel(wheel: string, parts: readonly (readonly [prefix: string, folder: string])[], context: StepContext): Promise<void> {
  await python(["-c", extract, wheel, JSON.stringify(parts)], context);
}

/** What a wheel asks for under one of its extras, without the markers. */
export async function requirementsOf(wheel: string, extra: string, context: StepContext): Promise<string[]> {
  const read = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    sys.stdout.write(wheel.read(name).decode("utf-8"))
`;
  const { stdout } = await python(["-c", read, wheel], context);
  return [...stdout.matchAll(/^Requires-Dist: ([^;\n]+);.*extra == ["']([^"']+)["']/gm)].filter(([, , name]) => name === extra).map(([, requirement]) => requirement.replace(/\s/g, ""));
}
