// webgpu: graphics cards through Dawn and TensorFlow.js's backend for it, from the folder that `pt backends add webgpu` made. Every op runs as its `lower`.

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { noAdapter, webgpuRecipe } from "./_add/webgpu.ts";
import { addedFolder, readAdded } from "./_added.ts";
import { defineBackend } from "./define.ts";
import type { LoadedBackend } from "./define.ts";
import { loadTensorflow } from "./_tensorflow.ts";
import type { ProgramStore } from "./_webgpu-angles.ts";
import { registerAngles } from "./_webgpu-angles.ts";

let loaded: Promise<LoadedBackend> | null = null;
let found: Promise<Adapter | string> | null = null;
/** Dawn answers as long as somebody holds this. */
let gpu: ReturnType<Dawn["create"]> | null = null;

export const webgpu = defineBackend({
  word: "webgpu",
  doc: "graphics cards through Dawn (Vulkan, Metal, Direct3D 12); ops one by one, none fused",
  available: async () => {
    const adapter = await (found ??= findAdapter());
    return typeof adapter === "string" ? adapter : null;
  },
  load: () => (loaded ??= load()),
  // WGSL asks less of exp and division than IEEE does (its section 15.7.4).
  tolerance: 1e-4,
  kernels: [],
  missing: [],
});

/** The parts of WebGPU, of the package `webgpu` 0.6 and of tfjs-backend-webgpu 4.22 that are used. */
interface Adapter {
  readonly info: object;
  readonly features: { has(name: string): boolean };
  readonly limits: { readonly [name: string]: number };
  requestDevice(descriptor: object): Promise<object>;
}
interface Dawn {
  readonly globals: object;
  create(flags: readonly string[]): { requestAdapter(options: object): Promise<Adapter | null> };
}
interface Store extends ProgramStore {
  readonly tensorMap: { get(id: object): { dtype: string; values: unknown } };
  uploadToGPU(id: object): void;
}

const recipe = webgpuRecipe;

async function findAdapter(): Promise<Adapter | string> {
  const impossible = recipe.impossible();
  if (impossible !== null) return impossible;
  const added = readAdded("webgpu", recipe.version, recipe.cost);
  if (typeof added === "string") return added;
  try {
    const dawn = (await import(pathToFileURL(join(addedFolder("webgpu"), "node_modules/webgpu/index.js")).href)) as Dawn;
    Object.assign(globalThis, dawn.globals);
    gpu = dawn.create([]);
    return (await gpu.requestAdapter({ powerPreference: "high-performance" })) ?? noAdapter;
  } catch (error) {
    return `Dawn does not load (${error instanceof Error ? error.message.split("\n")[0] : String(error)}); \`pt backends add webgpu\` mends it`;
  }
}

/** What tfjs-backend-webgpu asks for itself in a browser. */
const limits = ["maxComputeWorkgroupStorageSize", "maxComputeWorkgroupsPerDimension", "maxStorageBufferBindingSize", "maxBufferSize", "maxComputeWorkgroupSizeX", "maxComputeInvocationsPerWorkgroup"];

async function load(): Promise<LoadedBackend> {
  const adapter = await (found ??= findAdapter());
  if (typeof adapter === "string") throw new Error(adapter);
  const { tf } = await loadTensorflow();
  const { WebGPUBackend } = createRequire(join(addedFolder("webgpu"), "package.json"))("@tensorflow/tfjs-backend-webgpu") as { WebGPUBackend: new (device: object, info: object) => Store };
  const device = await adapter.requestDevice({ requiredLimits: Object.fromEntries(limits.map((name) => [name, adapter.limits[name]])) });
  const store = withNavigator(gpu!, () => new WebGPUBackend(device, adapter.info));
  keepIntegers(store);
  registerAngles(tf, store);
  tf.registerBackend("webgpu", () => store as never, 0);
  await tf.setBackend("webgpu");
  await tf.ready();
  return { tf, name: "webgpu", memory: null, kernels: {} };
}

/** The backend asks `navigator.gpu`, which Node has not, whether there is WebGPU at all. */
function withNavigator<T>(own: object, body: () => T): T {
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { value: { gpu: own }, configurable: true });
  try {
    return body();
  } finally {
    if (before) Object.defineProperty(globalThis, "navigator", before);
    else delete (globalThis as { navigator?: object }).navigator;
  }
}

/** Some ops read integers that were fed (documents, random keys) on the host, and nothing can be read at once from a device: their values stay here too. */
function keepIntegers(store: Store): void {
  const upload = store.uploadToGPU.bind(store);
  store.uploadToGPU = (id) => {
    const entry = store.tensorMap.get(id);
    const { values } = entry;
    upload(id);
    if (entry.dtype === "int32") entry.values = values;
  };
}
