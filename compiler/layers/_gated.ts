// The activation of a layer of two or three products, and whether it is gated.

import { activations } from "../activations/index.ts";
import type { ActivationDefinition, GatedAlias } from "../activations/define.ts";
import type { Call } from "../plan/schema.ts";
import { isOn, type LayerArguments } from "./define.ts";

/** The activation's own word; `swiglu` and its like are gated by name. */
export function activationOf(args: LayerArguments): { activation: string; gated: boolean } {
  const { word } = args.activation as Call;
  const definition = (activations as Readonly<Record<string, ActivationDefinition | GatedAlias>>)[word];
  return definition.gated ? { activation: definition.of, gated: true } : { activation: word, gated: isOn(args, "gated") };
}
