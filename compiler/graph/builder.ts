// Builds a Graph node by node: one method per op (types in builder-types.ts), shapes inferred as nodes are added.

import type { Builder } from "./builder-types.ts";
import type { Attributes, Graph, Node, ValueId, ValueInfo } from "./node.ts";
import { ops } from "../ops/index.ts";
import type { OpDefinition } from "../ops/define.ts";

export interface BuilderBase {
  /** Declares a named input. A name can be declared once. */
  input(name: string, info: ValueInfo): ValueId;
  output(name: string, value: ValueId): void;
  info(value: ValueId): ValueInfo;
  /** Nodes added inside `body` carry this scope, appended to the enclosing one with a dot. */
  within<T>(scope: string, body: () => T): T;
  /** Sets the whole scope for `body`: gradients are filed under their forward node's scope. */
  at<T>(scope: string, body: () => T): T;
  /** Adds a node of any op by name. */
  add_node(op: string, inputs: readonly (ValueId | null)[], attributes: Attributes): readonly ValueId[];
  readonly nodes: readonly Node[];
  readonly scope: string;
  finish(): Graph;
}

const registry: { readonly [name: string]: OpDefinition } = ops as never;

/** Throws on an unknown op: a bug of the project. */
export function opOf(name: string): OpDefinition {
  const definition = Object.hasOwn(registry, name) ? registry[name] : undefined;
  if (!definition) throw new Error(`no op \`${name}\``);
  return definition;
}

export function namedInputs<T>(definition: OpDefinition, list: readonly (T | null)[]): Record<string, T> {
  const named: Record<string, T> = {};
  definition.inputs.forEach((key, i) => {
    const value = list[i];
    if (value !== null && value !== undefined) named[key.replace("?", "")] = value;
  });
  return named;
}

/** Starts empty, or from a graph's values, nodes and inputs (its outputs are dropped). */
export function createBuilder(from?: Graph): Builder {
  const values: ValueInfo[] = from ? [...from.values] : [];
  const nodes: Node[] = from ? [...from.nodes] : [];
  const inputs: Record<string, ValueId> = from ? { ...from.inputs } : {};
  const outputs: Record<string, ValueId> = {};
  let scope = "";

  const base: BuilderBase = {
    input(name, info) {
      if (Object.hasOwn(inputs, name)) throw new Error(`input \`${name}\` declared twice`);
      values.push(info);
      return (inputs[name] = values.length - 1);
    },
    output(name, value) {
      if (Object.hasOwn(outputs, name)) throw new Error(`output \`${name}\` declared twice`);
      outputs[name] = value;
    },
    info: (value) => values[value],
    within(inner, body) {
      return base.at(scope ? `${scope}.${inner}` : inner, body);
    },
    at(whole, body) {
      const outer = scope;
      scope = whole;
      try {
        return body();
      } finally {
        scope = outer;
      }
    },
    add_node(op, list, attributes) {
      const definition = opOf(op);
      const infos = list.map((value) => (value === null ? null : values[value]));
      const produced = definition.infer(namedInputs(definition, infos) as never, attributes as never).map((info) => values.push(info) - 1);
      nodes.push({ op, inputs: list, attributes, outputs: produced, scope });
      return produced;
    },
    nodes,
    get scope() {
      return scope;
    },
    finish: () => ({ values, nodes, inputs, outputs }),
  };

  const methods: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(registry)) {
    const arity = definition.inputs.length;
    methods[name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())] = (...rest: unknown[]) => {
      const produced = base.add_node(name, rest.slice(0, arity) as (ValueId | null)[], (rest[arity] ?? {}) as Attributes);
      return definition.outputs.length === 1 ? produced[0] : produced;
    };
  }
  return Object.assign(base, methods) as unknown as Builder;
}
