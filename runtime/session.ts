// Session: runs graphs on one backend. Handles are explicit; a run leaves exactly its outputs behind, also when it fails.

import type { Graph, Node, Shape, ValueId, ValueInfo } from "../compiler/graph/node.ts";
import { sizeOf } from "../compiler/graph/node.ts";
import { namedInputs, opOf } from "../compiler/graph/builder.ts";
import { lastUses } from "../compiler/graph/liveness.ts";
import { bfloat16s, isBfloat16 } from "../compiler/ops/_precision.ts";
import type { Tensor, Tf } from "../compiler/ops/define.ts";
import { backends } from "./backends/index.ts";
import { OutOfMemory } from "./backends/define.ts";
import type { BackendDefinition, HostMemory, LoadedBackend, PreparedKernel, View } from "./backends/define.ts";
import { fileError, UserError } from "./files/user-error.ts";
import { schedule } from "./schedule.ts";
import { nearest } from "../grammar/nearest.ts";
import { backendUnavailable } from "../grammar/diagnostics/PT8001-backend-unavailable.ts";
import { outOfMemory } from "../grammar/diagnostics/PT8002-out-of-memory.ts";

export interface SessionOptions {
  /** `own` (default): the backend's kernels and `evaluate` on its memory. `plain`: every op through its `lower`, for comparison. */
  readonly kernels?: "own" | "plain";
  /** The file that diagnostics name. */
  readonly file?: string;
}

/** A tensor on the backend, owned by whoever holds it. */
export type Handle = Tensor;
export type Feed = Handle | Float32Array | Int32Array;

export interface Program {
  readonly graph: Graph;
  /**
   * Feeds by input name; arrays are copied in, handles stay the caller's. Gives one new handle per output.
   * Throws an Error on a missing or misfitting feed, a UserError when memory runs out.
   */
  run(feeds: ReadonlyMap<string, Feed>): Map<string, Handle>;
}

export interface Session {
  readonly backend: string;
  readonly tf: Tf;
  program(graph: Graph): Program;
  upload(data: View, shape: Shape): Handle;
  /** A copy of the data. */
  read(handle: Handle): Promise<View>;
  dispose(handles: Handle | Iterable<Handle>): void;
  /** Tensors and bytes alive on this process's backends. */
  memory(): { tensors: number; bytes: number };
}

/** Throws a UserError when there is no such backend or it is not available here. */
export async function openSession(word: string, options: SessionOptions = {}): Promise<Session> {
  const file = options.file ?? "";
  const known: { readonly [word: string]: BackendDefinition } = backends;
  if (!Object.hasOwn(known, word)) {
    throw fileError(backendUnavailable, file, { backend: word, reason: "there is no such backend", words: Object.keys(known), nearest: nearest(word, Object.keys(known))[0] ?? null });
  }
  const reason = await known[word].available();
  if (reason !== null) throw fileError(backendUnavailable, file, { backend: word, reason, words: Object.keys(known), nearest: null });
  const loaded = await known[word].load();
  const { tf } = loaded;
  const memory = options.kernels === "plain" ? null : loaded.memory;

  const guarded = <T>(body: () => T): T => {
    try {
      return body();
    } catch (error) {
      throw explained(error, word, file, tf);
    }
  };
  const upload = (data: View, shape: Shape): Handle => {
    if (data.length !== sizeOf(shape)) throw new Error(`${data.length} elements do not fill [${shape.join(", ")}]`);
    const dtype = data instanceof Int32Array ? "int32" : "float32";
    if (!loaded.memory) return tf.tensor(data.slice(), [...shape], dtype);
    const tensor = loaded.memory.allocate(shape, dtype);
    loaded.memory.view(tensor).set(data);
    return tensor;
  };
  return {
    backend: word,
    tf,
    program: (graph) => prepareProgram(graph, loaded, memory, upload, guarded),
    upload: (data, shape) => guarded(() => upload(data, shape)),
    read: async (handle) => (loaded.memory ? loaded.memory.view(handle).slice() : ((await handle.data()) as View).slice()),
    dispose(handles) {
      for (const handle of Symbol.iterator in handles ? handles : [handles]) if (!handle.isDisposed) release(loaded.memory, handle);
    },
    memory: () => ({ tensors: tf.memory().numTensors, bytes: tf.memory().numBytes }),
  };
}

function release(memory: HostMemory | null, tensor: Tensor): void {
  if (memory) memory.release(tensor);
  else tensor.dispose();
}

function explained(error: unknown, backend: string, file: string, tf: Tf): unknown {
  if (error instanceof UserError) return error;
  const full = error instanceof OutOfMemory || (error instanceof Error && /out of memory|cannot enlarge memory|Array buffer allocation failed/i.test(error.message));
  if (!full) return error;
  return fileError(outOfMemory, file, { backend, bytes: error instanceof OutOfMemory ? error.bytes : null, used: tf.memory().numBytes });
}

interface Step {
  readonly inputs: readonly (ValueId | null)[];
  readonly outputs: readonly ValueId[];
  readonly free: readonly ValueId[];
  readonly run: (inputs: readonly (Tensor | null)[]) => readonly Tensor[];
}

function prepareProgram(graph: Graph, loaded: LoadedBackend, memory: HostMemory | null, upload: (data: View, shape: Shape) => Tensor, guarded: <T>(body: () => T) => T): Program {
  const groups = schedule(graph.nodes, new Set(Object.keys((memory && loaded.joined) ?? {})));
  const free = lastUses({ ...graph, nodes: groups.flat() });
  let ran = 0;
  const steps: Step[] = groups.map((nodes) => ({
    inputs: nodes.flatMap((node) => node.inputs), outputs: nodes.flatMap((node) => node.outputs), free: free.slice(ran, (ran += nodes.length)).flat(),
    run: nodes.length === 1 ? prepareNode(nodes[0], graph.values, loaded, memory) : prepareJoined(nodes, graph.values, loaded, memory!),
  }));
  const inputs = Object.entries(graph.inputs);
  const outputs = Object.entries(graph.outputs);
  const used = new Set(graph.nodes.flatMap((node) => node.inputs.filter((value) => value !== null)));
  for (const [, value] of outputs) used.add(value);

  const run = (feeds: ReadonlyMap<string, Feed>): Map<string, Handle> => {
    const live: (Tensor | null)[] = new Array(graph.values.length).fill(null);
    /** Made by this run: uploads and results. Disposed here unless they become outputs. */
    const own: boolean[] = new Array(graph.values.length).fill(false);
    const drop = (value: ValueId): void => {
      const tensor = live[value];
      if (tensor && own[value]) release(loaded.memory, tensor);
      live[value] = null;
      own[value] = false;
    };
    const results = new Map<string, Handle>();
    try {
      if (!memory && loaded.tf.getBackend() !== loaded.name) void loaded.tf.setBackend(loaded.name);
      for (const [name, value] of inputs) {
        const feed = feeds.get(name);
        if (!used.has(value)) continue;
        if (!feed) throw new Error(`input \`${name}\` is not fed`);
        checkFeed(name, feed, graph.values[value]);
        if (feed instanceof Float32Array || feed instanceof Int32Array) {
          live[value] = upload(feed, graph.values[value].shape);
          own[value] = true;
        } else live[value] = feed;
      }
      for (const step of steps) {
        const tensors = step.run(step.inputs.map((value) => (value === null ? null : live[value])));
        step.outputs.forEach((value, k) => {
          live[value] = tensors[k];
          own[value] = true;
        });
        for (const value of step.free) drop(value);
      }
      for (const [name, value] of outputs) {
        const tensor = live[value]!;
        if (own[value]) {
          results.set(name, tensor);
          own[value] = false; // a second output of the same value gets a copy
        } else results.set(name, copyOf(tensor, loaded, upload));
      }
      return results;
    } catch (error) {
      for (const handle of results.values()) release(loaded.memory, handle);
      throw error;
    } finally {
      live.forEach((_, value) => drop(value));
    }
  };
  return { graph, run: (feeds) => guarded(() => run(feeds)) };
}

function checkFeed(name: string, feed: Feed, info: ValueInfo): void {
  const size = sizeOf(info.shape);
  const [length, dtype] = "dataId" in feed ? [feed.size, feed.dtype] : [feed.length, feed instanceof Int32Array ? "int32" : "float32"];
  if (length !== size || dtype !== info.dtype) throw new Error(`input \`${name}\` takes ${info.dtype} [${info.shape.join(", ")}], not ${length} of ${dtype}`);
}

function copyOf(tensor: Tensor, loaded: LoadedBackend, upload: (data: View, shape: Shape) => Tensor): Tensor {
  if (!loaded.memory) return loaded.tf.clone(tensor);
  return upload(loaded.memory.view(tensor).slice(), tensor.shape);
}

/** How a node runs: a view, the backend's kernel, `evaluate` on host memory, or `lower`. */
function prepareNode(node: Node, values: readonly ValueInfo[], loaded: LoadedBackend, memory: HostMemory | null): Step["run"] {
  const definition = opOf(node.op);
  const inputInfos = node.inputs.map((value) => (value === null ? null : values[value]));
  const outputInfos = node.outputs.map((value) => values[value]);
  if (memory) {
    if (node.op === "reshape") return ([x]) => [memory.alias(x!, outputInfos[0].shape)];
    return allocating(outputInfos, ownKernel(node, inputInfos, outputInfos, loaded, memory) ?? evaluateKernel(node, inputInfos, outputInfos, memory), memory);
  }
  const { tf } = loaded;
  const { lower } = definition;
  if (lower === "evaluate") return (inputs) => evaluateOnHost(node, inputInfos, outputInfos, inputs, tf);
  return (inputs) => {
    const outputs = tf.tidy(() => [...lower(tf, namedInputs(definition, inputs) as never, node.attributes as never)]);
    // An op that has nothing to do may give its input back: the value needs a tensor of its own.
    return outputs.map((tensor, i) => (inputs.includes(tensor) || outputs.indexOf(tensor) < i ? tf.clone(tensor) : tensor));
  };
}

function prepareJoined(nodes: readonly Node[], values: readonly ValueInfo[], loaded: LoadedBackend, memory: HostMemory): Step["run"] {
  const infos = nodes.map(({ attributes, inputs, outputs }) => ({ attributes, inputs: inputs.map((value) => (value === null ? null : values[value])), outputs: outputs.map((value) => values[value]) }));
  return allocating(infos.flatMap(({ outputs }) => outputs), loaded.joined![nodes[0].op](infos), memory);
}

/** A kernel with the tensors that it fills. */
function allocating(infos: readonly ValueInfo[], kernel: PreparedKernel, memory: HostMemory): Step["run"] {
  return (inputs) => {
    const outputs: Tensor[] = [];
    try {
      for (const info of infos) outputs.push(memory.allocate(info.shape, info.dtype));
      kernel(inputs, outputs);
      return outputs;
    } catch (error) {
      for (const tensor of outputs) memory.release(tensor);
      throw error;
    }
  };
}

/** The backend's kernel; where it knows no precision, behind copies of the inputs that are rounded. Null where none serves. */
function ownKernel(node: Node, inputs: readonly (ValueInfo | null)[], outputs: readonly ValueInfo[], loaded: LoadedBackend, memory: HostMemory): PreparedKernel | null {
  const { products, rounds_inside, inputs: names } = opOf(node.op);
  const rounds = products !== undefined && isBfloat16(node.attributes) && !loaded.precise;
  if (!Object.hasOwn(loaded.kernels, node.op) || (rounds && rounds_inside)) return null;
  const kernel = loaded.kernels[node.op](node, inputs, outputs);
  if (!kernel || !rounds) return kernel;
  const rounded = names.map((name, i) => inputs[i] !== null && products.includes(name.replace("?", "")));
  return (tensors, results) => {
    const copies = tensors.map((tensor, i) => (tensor && rounded[i] ? memory.allocate(tensor.shape, "float32") : null));
    copies.forEach((copy, i) => copy && memory.view(copy).set(bfloat16s(memory.view(tensors[i]!))));
    try {
      kernel(tensors.map((tensor, i) => copies[i] ?? tensor), results);
    } finally {
      for (const copy of copies) if (copy) memory.release(copy);
    }
  };
}

function shapesOf(node: Node, inputs: readonly (ValueInfo | null)[], outputs: readonly ValueInfo[]): { inputs: never; outputs: Shape[] } {
  return { inputs: namedInputs(opOf(node.op), inputs.map((info) => info && info.shape)) as never, outputs: outputs.map((info) => info.shape) };
}

function evaluateKernel(node: Node, inputs: readonly (ValueInfo | null)[], outputs: readonly ValueInfo[], memory: HostMemory): PreparedKernel {
  const definition = opOf(node.op);
  const shapes = shapesOf(node, inputs, outputs);
  return (tensors, results) => {
    const views = namedInputs(definition, tensors.map((tensor) => tensor && memory.view(tensor)));
    definition.evaluate(views as never, results.map((tensor) => memory.view(tensor)), node.attributes as never, shapes);
  };
}

function evaluateOnHost(node: Node, inputs: readonly (ValueInfo | null)[], outputs: readonly ValueInfo[], tensors: readonly (Tensor | null)[], tf: Tf): Tensor[] {
  const definition = opOf(node.op);
  const data = outputs.map((info) => (info.dtype === "int32" ? new Int32Array(sizeOf(info.shape)) : new Float32Array(sizeOf(info.shape))));
  definition.evaluate(namedInputs(definition, tensors.map((tensor) => tensor && (tensor.dataSync() as View))) as never, data, node.attributes as never, shapesOf(node, inputs, outputs));
  return data.map((values, i) => tf.tensor(values, [...outputs[i].shape], outputs[i].dtype));
}
