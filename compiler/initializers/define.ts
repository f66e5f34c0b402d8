// The contract of an initializer: fills a parameter before the first step.

import type { Fields } from "../../grammar/fields.ts";
import type { Shape } from "../graph/node.ts";
import type { InitializerSpec } from "../plan/schema.ts";
import { randomStream } from "../random.ts";
import type { RandomStream } from "../random.ts";

export interface InitializerDefinition {
  readonly word: string;
  readonly doc: string;
  readonly parameters: Fields;
  /** Fills every element of `out`, row-major, from a stream of this parameter's own. */
  readonly fill: (out: Float32Array, random: RandomStream, shape: Shape, args: InitializerSpec["arguments"]) => void;
}

export function defineInitializer(definition: InitializerDefinition): InitializerDefinition {
  return definition;
}

/**
 * The stream of a parameter. Keyed by its name, so neither the order of parameters nor the presence of others matters;
 * the name goes into both words of the key that a text can reach, so that no two names share a stream by accident.
 */
export function initializerStream(seed: number, name: string): RandomStream {
  return randomStream(seed, `initialize ${name}`, 0, name);
}
