// Scopes of nodes as paths: `decoder.layers.3.attention`, marked when a node repeats a forward node for the backward pass.

const again = "@again";

/** The scope of a node that recomputes what a node of `scope` computed: same path, other value number. */
export function againScope(scope: string): string {
  return isAgain(scope) ? scope : scope + again;
}

export function isAgain(scope: string): boolean {
  return scope.endsWith(again);
}

/** The path without the mark. */
export function pathOf(scope: string): string {
  return isAgain(scope) ? scope.slice(0, -again.length) : scope;
}

/** `a.b.c` → `a`, `a.b`, `a.b.c`; the empty scope has no path. */
export function enclosingScopes(scope: string): string[] {
  const path = pathOf(scope);
  const all: string[] = [];
  for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", dot + 1)) all.push(path.slice(0, dot));
  if (path) all.push(path);
  return all;
}

/** For `recompute` of `differentiate`: each layer of a `repeat` is a segment, `decoder.layers.3.mlp` → `decoder.layers.3`. */
export function layerOf(scope: string): string | null {
  return /^(?:.*?\.)?layers(?:_\d+)?\.\d+(?=\.|$)/.exec(pathOf(scope))?.[0] ?? null;
}
