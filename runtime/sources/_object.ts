// What the formats of JSON objects share.

/** A field by its name, or a field of a field: `target.span1_text`. */
export function fieldOf(row: object, name: string): unknown {
  if (Object.hasOwn(row, name)) return (row as Record<string, unknown>)[name];
  const [first, ...rest] = name.split(".");
  const inner: unknown = rest.length && Object.hasOwn(row, first) ? (row as Record<string, unknown>)[first] : undefined;
  return typeof inner === "object" && inner !== null ? fieldOf(inner, rest.join(".")) : undefined;
}
