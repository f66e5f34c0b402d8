// Finds and loads the compiled kernels: what `npm ci` built, or a prebuilt file of the release for this platform.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Binding {
  /** Arguments of the next kernel. */
  readonly arguments: Float64Array;
  /** Names of kernels by number. */
  readonly kernels: readonly string[];
  /** 0 when done, 1 when there was no memory for scratch, 2 when an index was out of range. */
  run(kernel: number): number;
  /** Aligned, content arbitrary; undefined when there is no memory. */
  allocate(bytes: number): ArrayBuffer | undefined;
  address(data: Float32Array | Int32Array | Uint8Array): number;
  set_threads(threads: number): number;
  /** Uses this instruction set if the CPU has it. */
  choose(set: string): boolean;
}

/** Best first. `avx512_bf16` and `amx` are `avx512` with products of bfloat16 by the CPU's own instructions. */
export const instructionSets = ["amx", "avx512_bf16", "avx512", "avx2", "baseline"] as const;
/** For tests also AMX's tiles in plain code. */
export const testedSets = [...instructionSets, "amx_in_software"] as const;

let loaded: { binding: Binding; set: string; threads: number } | string | null = null;

/** The kernels, or in words why there are none. */
export function loadBinding(): { binding: Binding; set: string; threads: number } | string {
  return (loaded ??= load());
}

function load(): { binding: Binding; set: string; threads: number } | string {
  const file = findFile();
  if (file === null) return "the kernels are not built (no C++ compiler when it was installed?); `npm rebuild ptarmigan` builds them";
  let binding: Binding;
  try {
    binding = createRequire(import.meta.url)(file) as Binding;
  } catch (error) {
    return `${file} does not load (${error instanceof Error ? error.message.split("\n")[0] : String(error)}); \`npm rebuild ptarmigan\` builds it anew`;
  }
  const wanted = process.env["PT_INSTRUCTIONS"];
  const set = (wanted === "amx_in_software" ? testedSets : instructionSets).find((word) => (wanted === undefined || wanted === word) && binding.choose(word));
  if (set === undefined) return `PT_INSTRUCTIONS=${wanted}: this CPU has no such instruction set; there are ${instructionSets.join(", ")}`;
  const asked = process.env["PT_THREADS"];
  const threads = asked === undefined || asked === "" ? availableParallelism() : Number(asked);
  if (!Number.isInteger(threads) || threads < 1) return `PT_THREADS=${asked} is no number of threads`;
  return { binding, set, threads: binding.set_threads(threads) };
}

/** `PT_NATIVE_FILE`, or in the package's folder `build/Release`, or `prebuilds` as node-gyp-build names them. */
function findFile(): string | null {
  const given = process.env["PT_NATIVE_FILE"];
  if (given) return existsSync(given) ? given : null;
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const above = dirname(folder);
    if (above === folder) return null;
    folder = above;
  }
  return [join(folder, "build/Release/ptarmigan.node"), join(folder, `prebuilds/${process.platform}-${process.arch}/ptarmigan.node`)].find((file) => existsSync(file)) ?? null;
}
