// The contract of a backend: how TensorFlow.js's tensors live on it, and which ops of the graph have a kernel of their own there.

import type { Node, Shape, ValueInfo, DType } from "../../compiler/graph/node.ts";
import type { Tensor, Tf } from "../../compiler/ops/define.ts";

/** Data of a tensor where it lies: writing changes the tensor. Valid until the next allocation. */
export type View = Float32Array | Int32Array;

/** Runs one prepared node: fills `outputs` (allocated, content arbitrary). Absent optional inputs are null. */
export type PreparedKernel = (inputs: readonly (Tensor | null)[], outputs: readonly Tensor[]) => void;

/** Prepares a node for its shapes and attributes; null where the kernel does not cover them and `evaluate` runs instead. */
export type Kernel = (node: Pick<Node, "attributes">, inputs: readonly (ValueInfo | null)[], outputs: readonly ValueInfo[]) => PreparedKernel | null;

/** What a kernel is prepared from. */
export interface NodeInfos extends Pick<Node, "attributes"> {
  readonly inputs: readonly (ValueInfo | null)[];
  readonly outputs: readonly ValueInfo[];
}

/** Prepares one call for several nodes of an op that need nothing of each other: it takes their inputs and outputs one node after the other. */
export type JoinedKernel = (nodes: readonly NodeInfos[]) => PreparedKernel;

/** Storage of tensors that JavaScript can see without a copy. */
export interface HostMemory {
  /** A tensor of arbitrary content. Throws `OutOfMemory`. */
  allocate(shape: Shape, dtype: DType): Tensor;
  /** Another tensor over the same data, which lives until both are disposed. */
  alias(tensor: Tensor, shape: Shape): Tensor;
  /** The data itself, never a copy. Take it after the last allocation: memory that grows moves. */
  view(tensor: Tensor): View;
  /** Disposes a tensor that only the session knows, so that its memory can be used again at once. */
  release(tensor: Tensor): void;
}

export interface LoadedBackend {
  readonly tf: Tf;
  /** The name under which TensorFlow.js knows the backend. */
  readonly name: string;
  /** Null where data lives on a device: then every op runs through its `lower`. */
  readonly memory: HostMemory | null;
  /** Whether the kernels heed the attribute `precision`; for those that do not, the session rounds what enters products. */
  readonly precise?: true;
  /** Kernels by op. What has none runs the op's `evaluate` on the tensors' memory, or its `lower` without host memory. */
  readonly kernels: { readonly [op: string]: Kernel };
  /** Of ops that come in many small nodes: kernels that run several at once. */
  readonly joined?: { readonly [op: string]: JoinedKernel };
}

export interface BackendDefinition {
  readonly word: string;
  /** One line: what runs where. */
  readonly doc: string;
  /** Why it does not run on this machine, in words and with the command that mends it; null when it does. */
  available(): Promise<string | null>;
  /** Loads once per process; later calls give the same. Prints nothing. */
  load(): Promise<LoadedBackend>;
  /** Largest relative error of one op against float64 that tests accept. */
  readonly tolerance: number;
  /** Ops with a kernel of their own, for `pt backends`. */
  readonly kernels: readonly string[];
  /** TensorFlow.js kernels that the backend lacks: no `lower` may use them. */
  readonly missing: readonly string[];
}

export function defineBackend(definition: BackendDefinition): BackendDefinition {
  return definition;
}

/** Thrown by `allocate`; the session turns it into PT8002. */
export class OutOfMemory extends Error {
  readonly bytes: number;
  constructor(bytes: number) {
    super(`no memory for ${bytes} bytes`);
    this.bytes = bytes;
  }
}
