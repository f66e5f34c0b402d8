// Rates by layer (Clark et al. 2020, ELECTRA; Bao et al. 2022, BEiT): what each parameter's rate is multiplied by, from the names alone.

/** The outermost copy of a `repeat` that a parameter is in: `decoder.layers.3` of `decoder.layers.3.mlp.up.weight`. */
function layerOf(name: string): string | null {
  return /^.*?(?:^|\.)layers(?:_\d+)?\.\d+(?=\.)/.exec(name)?.[0] ?? null;
}

const stackOf = (name: string): string => name.split(".", 1)[0];

/**
 * decay^(n − i) for layer i of the n of its stack, counted from 1; embeddings, and what else a stack has before its first layer, are i = 0;
 * what comes after the last layer, and heads, have the whole rate. Parameters outside all stacks that come before the first layer are shared
 * embeddings and count as below the deepest stack. The layers of an encoder and of a decoder count apart: both tops are next to the loss,
 * the encoder's through the cross-attention of the last decoder layer. `names` are in the order of first use, those that are not trained too.
 */
export function layerFactors(names: readonly string[], decay: number): Map<string, number> {
  const layers = new Map<string, string[]>();
  for (const name of names) {
    const layer = layerOf(name);
    if (layer === null) continue;
    const known = layers.get(stackOf(name)) ?? [];
    if (!known.includes(layer)) layers.set(stackOf(name), [...known, layer]);
  }
  const deepest = Math.max(0, ...[...layers.values()].map((known) => known.length));
  const begun = new Set<string>();
  return new Map(names.map((name) => {
    const layer = layerOf(name);
    const stack = stackOf(name);
    const known = layers.get(stack);
    if (known === undefined) return [name, begun.size ? 1 : decay ** deepest];
    if (layer !== null) begun.add(stack);
    const depth = layer !== null ? known.indexOf(layer) + 1 : begun.has(stack) ? known.length : 0;
    return [name, decay ** (known.length - depth)];
  }));
}
