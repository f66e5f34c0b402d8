// Position schemes that work inside attention: they turn queries and keys, or bias the scores.

import type { Report } from "../layers/define.ts";
import type { Fields } from "../../grammar/fields.ts";
import type { Builder } from "../graph/builder-types.ts";
import type { ValueId } from "../graph/node.ts";
import type { Call } from "../plan/schema.ts";
import type { WeightSpec } from "../layers/define.ts";

/** `offset` int32 [] is the position of the first query, null for 0. */
export interface BiasSizes { readonly heads: number; readonly queries: number; readonly keys: number; readonly offset: ValueId | null }

export interface PositionDefinition {
  readonly word: string;
  readonly doc: string;
  readonly parameters: Fields;
  readonly check?: (args: Call["arguments"], heads: { readonly heads: number; readonly headWidth: number }, report: Report) => void;
  /** Weights that a scheme learns, for so many heads. */
  readonly weights?: (args: Call["arguments"], heads: number) => { readonly [leaf: string]: WeightSpec };
  /** Added to the scores [heads, T, S] of queries at offset + t and keys at s. */
  readonly bias?: (b: Builder, sizes: BiasSizes, args: Call["arguments"], weights: { readonly [leaf: string]: ValueId }) => ValueId;
  /** Queries or keys [B, T, heads * W] at int32 positions [B, T]. */
  readonly turn?: (b: Builder, x: ValueId, positions: ValueId, heads: number, args: Call["arguments"]) => ValueId;
}

export function definePosition(definition: PositionDefinition): PositionDefinition {
  return definition;
}
