// Names of weights: siblings of one name in a container get `_2`, `_3`, ….

export interface Container {
  readonly path: string;
  /** The full path of a new member called `name`. */
  claim(name: string): string;
}

/** `path` is that of a stack, a repeat's copy or a head; empty for the model itself. */
export function container(path: string): Container {
  const counts = new Map<string, number>();
  return {
    path,
    claim(name) {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      const last = count === 1 ? name : `${name}_${count}`;
      return path ? `${path}.${last}` : last;
    },
  };
}
