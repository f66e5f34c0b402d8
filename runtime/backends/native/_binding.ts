// Finds and loads the compiled kernels: a prebuilt file of the release for this platform, or what `npm ci` built. The first that passes the self test.

import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { prebuiltFiles } from "./prebuilt.mjs";
import { sourcesHash } from "./sources.mjs";
import { selfTest } from "./_self-test.ts";

export interface Binding {
  /** Arguments of the next kernel. */
  readonly arguments: Float64Array;
  /** Names of kernels by number. */
  readonly kernels: readonly string[];
  /** 0 when done, 1 when there was no memory for scratch, 2 when an index was out of range. */
  run(kernel: number): number;
  /** Aligned, content arbitrary; undefined when there is no memory. */
  allocate(bytes: number): ArrayBuffer | undefined;
  address(data: Float32Array | Float64Array | Int32Array | Uint8Array): number;
  set_threads(threads: number): number;
  /** Uses this instruction set if the CPU has it. */
  choose(set: string): boolean;
  /** The second SIGINT or SIGTERM from now on prints this and ends the process, also in the middle of a step. */
  end_at_second(word: string): void;
  /** Of the files that it was compiled from (sources.mjs). */
  readonly sources: string;
}

/** Best first. `avx512_bf16` and `amx` are `avx512` with products of bfloat16 by the CPU's own instructions. */
export const instructionSets = ["amx", "avx512_bf16", "avx512", "avx2", "baseline"] as const;
/** For tests also AMX's tiles in plain code. */
export const testedSets = [...instructionSets, "amx_in_software"] as const;

export interface Loaded {
  readonly binding: Binding;
  /** The file that it came from. */
  readonly file: string;
  readonly set: string;
  readonly threads: number;
}

let loaded: Loaded | string | null = null;

/** What the second SIGINT or SIGTERM prints before it ends the process at once; nothing happens where no kernels run. */
export function endAtSecondSignal(word: string): void {
  if (loaded !== null && typeof loaded !== "string") loaded.binding.end_at_second(word);
}

/** The kernels, or in words why there are none. */
export function loadBinding(): Loaded | string {
  return (loaded ??= load());
}

function load(): Loaded | string {
  if (process.env["PT_NATIVE"] === "0") return "PT_NATIVE=0 switches it off";
  const reasons: string[] = [];
  let found: { readonly binding: Binding; readonly file: string } | null = null;
  for (const file of candidates()) {
    const binding = tryFile(file);
    if (typeof binding !== "string") {
      found = { binding, file };
      break;
    }
    reasons.push(`${file} ${binding}`);
  }
  if (found === null) return `${reasons.length ? reasons.join("; ") : "its kernels are not built (no C++ compiler when Ptarmigan was installed?)"}; \`pt backends add native\` builds them`;
  const { binding, file } = found;
  const wanted = process.env["PT_INSTRUCTIONS"];
  const set = (wanted === "amx_in_software" ? testedSets : instructionSets).find((word) => (wanted === undefined || wanted === word) && binding.choose(word));
  if (set === undefined) return `PT_INSTRUCTIONS=${wanted}: this CPU has no such instruction set; there are ${instructionSets.join(", ")}`;
  const asked = process.env["PT_THREADS"];
  const threads = asked === undefined || asked === "" ? availableParallelism() : Number(asked);
  if (!Number.isInteger(threads) || threads < 1) return `PT_THREADS=${asked} is no number of threads`;
  return { binding, file, set, threads: binding.set_threads(threads) };
}

function tryFile(file: string): Binding | string {
  let binding: Binding;
  try {
    const wrong = wrongFile(file);
    if (wrong !== null) return wrong;
    binding = createRequire(import.meta.url)(file) as Binding;
  } catch (error) {
    return `does not load (${error instanceof Error ? error.message.split("\n")[0].replace(`${file}: `, "") : String(error)})`;
  }
  const folder = process.env["PT_NATIVE_FILE"] ? null : packageFolder();
  const sources = folder === null ? null : sourcesHash(folder);
  if (sources !== null && binding.sources !== sources) return "was compiled from other sources";
  const wrong = selfTest(binding, instructionSets);
  return wrong === null ? binding : `fails its self test (${wrong})`;
}

/** ELF's own word for processors. */
const processors: { readonly [arch: string]: number } = { x64: 62, arm64: 183, arm: 40, ia32: 3, riscv64: 243 };

/** Loading a file that was cut short would end the process, and that of another processor says only that it was not found: the ELF header tells (elf(5)). */
function wrongFile(file: string): string | null {
  const header = Buffer.alloc(64);
  const handle = openSync(file, "r");
  try {
    const read = readSync(handle, header, 0, 64, 0);
    if (process.platform !== "linux") return null;
    if (read < 64 || header.readUInt32BE(0) !== 0x7f454c46) return "is no library";
    if (header[4] === 2) {
      // Section headers are written last.
      const end = Number(header.readBigUInt64LE(0x28)) + header.readUInt16LE(0x3a) * header.readUInt16LE(0x3c);
      if (fstatSync(handle).size < end) return "is cut short";
    }
    return header.readUInt16LE(0x12) === (processors[process.arch] ?? header.readUInt16LE(0x12)) ? null : "is for another processor";
  } finally {
    closeSync(handle);
  }
}

/** The package's folder, from a source or from the bundle. */
export function packageFolder(): string | null {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const above = dirname(folder);
    if (above === folder) return null;
    folder = above;
  }
  return folder;
}

/**
 * `PT_NATIVE_FILE`, or in the package's folder what the release brought and what was compiled. Compiling happens where the release's file
 * does not work, or by hand: whatever is compiled after it comes first. (Files of an npm package are older than anything.)
 */
function candidates(): string[] {
  const given = process.env["PT_NATIVE_FILE"];
  if (given) return [given];
  const folder = packageFolder();
  if (folder === null) return [];
  const built = join(folder, "build/Release/ptarmigan.node");
  return [...prebuiltFiles(folder), ...(existsSync(built) ? [built] : [])].sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
}
