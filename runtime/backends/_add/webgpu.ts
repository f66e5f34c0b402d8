// webgpu: Dawn, Chromium's WebGPU, as a package for Node with its binaries inside, and TensorFlow.js's backend for it.

import { join } from "node:path";
import { machine } from "../_added.ts";
import type { Recipe, StepContext } from "./define.ts";
import { AddProblem } from "./define.ts";
import { npmStep, tryStep } from "./packages.ts";

const [dawn, tfjs] = ["0.6.2", "4.22.0"];

export const noAdapter = "Dawn found no adapter: on Linux it takes a graphics card with a Vulkan driver and libvulkan1";

/** Dawn's own reasons go to stderr; a program that finds no adapter says so itself. */
const program = ({ folder }: StepContext): string => `
const { create, globals } = await import(${JSON.stringify(join(folder, "node_modules/webgpu/index.js"))});
Object.assign(globalThis, globals);
const adapter = await create([]).requestAdapter();
if (!adapter) { console.error("${noAdapter}"); process.exit(1); }
const device = await adapter.requestDevice();
const [size, data] = [16, device.createBuffer({ size: 16, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC })];
const module = device.createShaderModule({ code: "@group(0) @binding(0) var<storage, read_write> d: array<f32>; @compute @workgroup_size(4) fn main(@builtin(local_invocation_index) i: u32) { d[i] = f32(i * i); }" });
const pipeline = device.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
const encoder = device.createCommandEncoder();
const pass = encoder.beginComputePass();
pass.setPipeline(pipeline);
pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries: [{ binding: 0, resource: { buffer: data } }] }));
pass.dispatchWorkgroups(1);
pass.end();
const copy = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
encoder.copyBufferToBuffer(data, 0, copy, 0, size);
device.queue.submit([encoder.finish()]);
await copy.mapAsync(GPUMapMode.READ);
console.log(JSON.stringify([...new Float32Array(copy.getMappedRange().slice(0))]));
process.exit(0);
`;

export const webgpuRecipe: Recipe = {
  word: "webgpu",
  version: `dawn ${dawn}, tfjs ${tfjs}, layout 1`,
  cost: "fetches 60 MB and takes 0.2 GB of disk",
  space: () => 4e8,
  gpu: false,
  impossible: () => (/^(linux|darwin|win32)-(x64|arm64)$/.test(machine) ? null : `Dawn has no binaries for ${machine}`),
  steps: () => [
    npmStep([`webgpu@${dawn}`, `@tensorflow/tfjs-backend-webgpu@${tfjs}`, `@tensorflow/tfjs-core@${tfjs}`]),
    tryStep(program, (answer) => (JSON.stringify(answer) === "[0,1,4,9]" ? null : `squares came out as ${JSON.stringify(answer)}`), (output) => (output.includes(noAdapter) ? new AddProblem(noAdapter, "once there is one, the same command goes on from here") : null)),
  ],
};
