// tensorflow: TensorFlow's own library behind `tfjs-node`, from the folder that `pt backends add tensorflow` made. Every op runs as its `lower`.

import { createRequire } from "node:module";
import { join } from "node:path";
import util from "node:util";
import { backendUnavailable } from "../../grammar/diagnostics/PT8001-backend-unavailable.ts";
import { fileError } from "../files/user-error.ts";
import { packagePath, tensorflowRecipe } from "./_add/tensorflow.ts";
import { addedFolder, readAdded } from "./_added.ts";
import { defineBackend } from "./define.ts";
import type { LoadedBackend } from "./define.ts";
import { loadTensorflow } from "./_tensorflow.ts";

let loaded: Promise<LoadedBackend> | null = null;

const added = () => tensorflowRecipe.impossible() ?? readAdded("tensorflow", tensorflowRecipe.version, tensorflowRecipe.cost);

export const tensorflow = defineBackend({
  word: "tensorflow",
  doc: "TensorFlow's own library on all cores (`PT_THREADS`), or on a CUDA graphics card when added with `--gpu`; ops one by one, none fused",
  available: async () => {
    const found = added();
    return typeof found === "string" ? found : null;
  },
  load: () => (loaded ??= load()),
  tolerance: 2e-5,
  kernels: [],
  missing: [],
});

async function load(): Promise<LoadedBackend> {
  const found = added();
  if (typeof found === "string") throw new Error(found);
  // Before its own copy of TensorFlow.js, which then finds our engine: there is one to a process, whichever copy made it.
  const { tf } = await loadTensorflow();
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2"; // its notes about the processor would mix with what `pt` prints
  const threads = process.env["PT_THREADS"];
  if (threads) process.env["TF_NUM_INTRAOP_THREADS"] ??= threads;
  // Node 23 took it away; tfjs-node 4.22 calls it.
  (util as { isNullOrUndefined?: (value: unknown) => boolean }).isNullOrUndefined ??= (value) => value === null || value === undefined;
  const folder = addedFolder("tensorflow");
  try {
    createRequire(join(folder, "package.json"))(join(folder, packagePath(found.gpu)));
  } catch (error) {
    const reason = `${folder} does not load (${error instanceof Error ? error.message.split("\n")[0] : String(error)}); \`pt backends add tensorflow${found.gpu ? " --gpu" : ""}\` mends it`;
    throw fileError(backendUnavailable, folder, { backend: "tensorflow", reason, words: ["native", "wasm", "cpu"], nearest: null });
  }
  return { tf, name: "tensorflow", memory: null, kernels: {} };
}
