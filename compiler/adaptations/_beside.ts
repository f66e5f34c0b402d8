// Low-rank updates beside the linear maps of a layer, whatever layer it is: its products are told apart by their weights.
// The update is (x Aᵀ) Bᵀ scaled while it is narrow, so neither B A nor a gradient of the frozen weight is ever computed.

import type { Instance } from "../architecture.ts";
import type { Builder } from "../graph/builder-types.ts";
import type { ValueId } from "../graph/node.ts";
import { siteOf } from "../layers/define.ts";
import { wordOf } from "../random.ts";

type Linear = Builder["linear"];
type GroupedLinear = Builder["grouped_linear"];

/** A builder for one use of a layer, whose products with these weights carry their updates. */
export function besideMaps(b: Builder, { lowRank = {} }: Instance, path: string, own: { readonly [leaf: string]: ValueId }, random: ValueId | null): Builder {
  const updates = new Map(Object.entries(lowRank).map(([leaf, update]) => [own[leaf], { ...update, leaf, a: own[update.a], b: own[update.b] }]));
  const dropped = (x: ValueId, leaf: string, rate: number): ValueId => (rate && random !== null ? b.dropout(x, random, { rate, site: siteOf(wordOf(`${path} ${leaf} lora`)) }) : x);

  const linear: Linear = (x, weight, bias) => {
    const y = b.linear(x, weight, bias);
    const update = updates.get(weight);
    if (!update) return y;
    const narrow = b.linear(dropped(x, update.leaf, update.dropout), update.a, null);
    return b.add(y, b.linear(b.scale(narrow, { factor: update.scale }), update.b, null));
  };

  // Of experts all have an update, or none: targets are named without the expert's number.
  const grouped_linear: GroupedLinear = (x, offsets, ...rest) => {
    const [attributes, weights] = [rest[8], rest.slice(0, 8) as [ValueId, ...(ValueId | null)[]]];
    const y = b.grouped_linear(x, offsets, ...rest);
    const first = updates.get(weights[0]);
    if (!first) return y;
    const each = (of: (update: { readonly a: ValueId; readonly b: ValueId }) => ValueId) => weights.map((weight) => (weight === null ? null : of(updates.get(weight)!))) as never as Weights;
    const narrow = b.grouped_linear(dropped(x, first.leaf, first.dropout), offsets, ...each((update) => update.a), attributes);
    return b.add(y, b.grouped_linear(b.scale(narrow, { factor: first.scale }), offsets, ...each((update) => update.b), attributes));
  };
  return Object.assign(Object.create(b) as Builder, { linear, grouped_linear });
}

type Weights = Parameters<GroupedLinear> extends [ValueId, ValueId, ...infer W, unknown] ? W : never;
