// tensorflow: `tfjs-node` from npm, without the library that its own install downloads; TensorFlow's current library and headers from the
// Python wheel on PyPI; the binding between them compiled here.

import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { machine } from "../_added.ts";
import { findCompiler, findHeaders } from "../native/compiler.mjs";
import type { Recipe, Step, StepContext } from "./define.ts";
import { AddProblem } from "./define.ts";
import { npmStep, tryStep } from "./packages.ts";
import { call } from "./programs.ts";
import { extractWheel, fetchWheels, requirementsOf } from "./wheel.ts";

const packageVersion = "4.22.0";
const libraryVersion = "2.20.0";

/** The package's folder, from the backend's. */
export const packagePath = (gpu: boolean): string => join("node_modules/@tensorflow", gpu ? "tfjs-node-gpu" : "tfjs-node");
const wheels = "wheels";

const fetchLibrary: Step = {
  title: `TensorFlow ${libraryVersion} from PyPI`,
  makes: [wheels],
  temporary: true,
  async run(context) {
    const to = join(context.folder, wheels);
    // The wheel for arm64 is for its CPU under either name.
    await fetchWheels([`${context.gpu || process.arch !== "x64" ? "tensorflow" : "tensorflow-cpu"}==${libraryVersion}`], to, context);
    if (context.gpu) await fetchWheels(await requirementsOf(wheelsIn(context)[0], "and-cuda", context), to, context);
  },
};

const wheelsIn = ({ folder }: StepContext): string[] => readdirSync(join(folder, wheels)).filter((name) => name.endsWith(".whl")).sort((a, b) => Number(b.startsWith("tensorflow")) - Number(a.startsWith("tensorflow"))).map((name) => join(folder, wheels, name));

const layOut = (gpu: boolean): Step => ({
  title: "libraries and headers",
  makes: [join(packagePath(gpu), "deps")],
  async run(context) {
    const deps = join(context.folder, packagePath(context.gpu), "deps");
    const [library, ...others] = wheelsIn(context);
    const header = (path: string): readonly [string, string] => [`tensorflow/include/${path}/`, join(deps, "include", path)];
    await extractWheel(library, [["tensorflow/libtensorflow", join(deps, "lib")], ...["tensorflow/c", "tensorflow/core/platform", "tsl", "xla/tsl"].map(header)], context);
    // The libraries look for CUDA's beside their own folder, as they lie in Python's.
    for (const other of others) await extractWheel(other, [["nvidia/", join(deps, "nvidia")]], context);
    const lib = join(deps, "lib");
    mkdirSync(lib, { recursive: true });
    for (const [link, target] of [["libtensorflow.so", "libtensorflow_cc.so.2"], ["libtensorflow_framework.so", "libtensorflow_framework.so.2"]]) {
      if (!existsSync(join(lib, target))) throw new AddProblem(`the wheel of TensorFlow ${libraryVersion} for ${machine} has no ${target}`, "this platform's wheel is laid out otherwise; please report it");
      symlinkSync(target, join(lib, link));
    }
  },
});

const compile = (gpu: boolean): Step => ({
  title: "the binding, compiled",
  makes: [join(packagePath(gpu), "lib")],
  async run(context) {
    const { signal } = context;
    const folder = join(context.folder, packagePath(gpu));
    const [compiler, headers] = [findCompiler(), findHeaders()];
    const noCompiler = (): AddProblem => new AddProblem("no C++ compiler (g++ or clang++) was found", "install g++ (the package build-essential of Debian and Ubuntu) and run the same command again: what was fetched is kept");
    if (!compiler) throw noCompiler();
    if (!headers) throw new AddProblem("`node_api.h` was not found", "`npm install node-api-headers` where Ptarmigan is installed");
    const output = join(folder, "lib/napi-v8");
    mkdirSync(output, { recursive: true });
    const flags = ["-std=c++17", "-O2", "-fPIC", "-shared", "-w", "-DNAPI_VERSION=8", `-I${headers}`, "-I.", "-Ideps/include"];
    await call(compiler, [...flags, "binding/tfjs_backend.cc", "binding/tfjs_binding.cc", "-Ldeps/lib", "-ltensorflow", "-ltensorflow_framework", "-Wl,-rpath,$ORIGIN/../../deps/lib", "-o", join(output, "tfjs_binding.node")], {
      cwd: folder, signal, missing: noCompiler,
    });
  },
});

/** As the backend loads it, in a process that may crash. */
const program = ({ folder, gpu }: StepContext): string => `
import { createRequire } from "node:module";
import util from "node:util";
process.env.TF_CPP_MIN_LOG_LEVEL = "3";
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
const tf = createRequire(${JSON.stringify(join(folder, "package.json"))})(${JSON.stringify(join(folder, packagePath(gpu)))});
const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
console.log(JSON.stringify([...tf.matMul(x, x, false, true).dataSync()]));
`;

export const tensorflowRecipe: Recipe = {
  word: "tensorflow",
  version: `tfjs-node ${packageVersion}, TensorFlow ${libraryVersion}, layout 1`,
  cost: "fetches 0.35 GB and takes 1.2 GB of disk; with --gpu 3 and 6 GB",
  // With the wheels, before they are removed.
  space: (gpu) => (gpu ? 9.5e9 : 1.7e9),
  gpu: true,
  impossible: () => (/^linux-(x64|arm64)$/.test(machine) ? null : `TensorFlow's libraries for ${machine} are not laid out so that a program can be built with them; only those for Linux are`),
  steps: (gpu) => [
    npmStep([`@tensorflow/tfjs-node${gpu ? "-gpu" : ""}@${packageVersion}`]),
    fetchLibrary,
    layOut(gpu),
    compile(gpu),
    tryStep(program, (answer) => (JSON.stringify(answer) === "[14,32,32,77]" ? null : `a product came out as ${JSON.stringify(answer)}`)),
  ],
};
