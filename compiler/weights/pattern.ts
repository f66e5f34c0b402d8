// Patterns of tensor names: `decoder.layers.{i}.{t}`. A hole matches one segment without dots; the same hole twice matches the same text.

export type Holes = { readonly [hole: string]: string };

const hole = /\{([a-z_][a-z0-9_]*)\}/g;
const compiled = new Map<string, RegExp>();

/** What the holes stand for, or null when the name does not fit. */
export function matchPattern(pattern: string, name: string): Holes | null {
  let expression = compiled.get(pattern);
  if (!expression) compiled.set(pattern, (expression = compile(pattern)));
  const found = expression.exec(name);
  return found && { ...found.groups };
}

/** The name that the holes give; null when one of the pattern's holes has no value. */
export function fillPattern(pattern: string, holes: Holes): string | null {
  let complete = true;
  const name = pattern.replace(hole, (_, key: string) => {
    if (Object.hasOwn(holes, key)) return holes[key];
    complete = false;
    return "";
  });
  return complete ? name : null;
}

/** The part before the first dot, unless a hole is in it. */
export function firstSegment(pattern: string): string | null {
  const segment = pattern.split(".")[0];
  return segment.includes("{") ? null : segment;
}

function compile(pattern: string): RegExp {
  const seen = new Set<string>();
  let source = "";
  let end = 0;
  for (const found of pattern.matchAll(hole)) {
    source += escape(pattern.slice(end, found.index)) + (seen.has(found[1]) ? `\\k<${found[1]}>` : `(?<${found[1]}>[^.]+)`);
    seen.add(found[1]);
    end = found.index + found[0].length;
  }
  return new RegExp(`^${source}${escape(pattern.slice(end))}$`, "u");
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
