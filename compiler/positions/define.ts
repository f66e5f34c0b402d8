// Position schemes that work inside attention: they turn queries and keys, or bias the scores.

import type { Report } from "../layers/define.ts";
import type { Fields } from "../../grammar/fields.ts";
import type { Builder } from "../graph/builder-types.ts";
import type { ValueId } from "../graph/node.ts";
import type { Call } from "../plan/schema.ts";

export interface PositionDefinition {
  readonly word: string;
  readonly doc: string;
  readonly parameters: Fields;
  readonly check?: (args: Call["arguments"], heads: { readonly heads: number; readonly headWidth: number }, report: Report) => void;
  /** Queries or keys [B, T, heads * W] at int32 positions [B, T]. */
  readonly turn?: (b: Builder, x: ValueId, positions: ValueId, heads: number, args: Call["arguments"]) => ValueId;
}

export function definePosition(definition: PositionDefinition): PositionDefinition {
  return definition;
}
