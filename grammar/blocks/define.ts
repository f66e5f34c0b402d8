// The contract of a declaration kind: `pretrain`, `model`, `data`, … One record a kind.

import type { Fields } from "../fields.ts";

export interface BlockDefinition {
  readonly word: string;
  readonly doc: string;
  /** `fields`: a block of fields; `value`: `name = expression`; `either`: both; `model`: stacks, heads and layers. */
  readonly form: "fields" | "value" | "either" | "model";
  readonly relations: readonly ("extends" | "from" | "of")[];
  readonly fields: Fields;
  /** Of these groups exactly one field must be given. */
  readonly exactly_one?: readonly (readonly string[])[];
  /** Has `vary` statements: rows that change what it is `of`. */
  readonly rows?: boolean;
  /** Runs can be planned, compiled and trained by name. */
  readonly run?: boolean;
  readonly example: string;
}

export function defineBlock(definition: BlockDefinition): BlockDefinition {
  return definition;
}
