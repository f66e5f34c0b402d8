// Canonical JSON, the form that is hashed: keys sorted by UTF-16 units, no whitespace, numbers in their shortest round-trip
// form (as RFC 8785). There is no -0: it is written 0.

/**
 * Text of a plain value; the same value gives the same text on every machine. Properties that are undefined are left out.
 * Throws on NaN, infinities and anything that JSON has no word for: a plan never holds them.
 */
export function canonical(value: unknown): string {
  // As bytes rather than strings: a string that was put together is a tree in V8, four times slower to keep and join.
  const chunks: Buffer[] = [];
  writeCanonical(value, (chunk) => chunks.push(Buffer.from(chunk)));
  return Buffer.concat(chunks).toString();
}

/** The same text in pieces of about 64k characters: plans are tens of megabytes, and hashing needs no whole string. */
export function writeCanonical(value: unknown, emit: (chunk: string) => void): void {
  const writer: Writer = { text: "", emit };
  try {
    write(value, writer);
  } catch (error) {
    if (error !== unwritable) throw error;
    throw new Error(describeUnwritable(value, ""));
  }
  if (writer.text) emit(writer.text);
}

interface Writer { text: string; readonly emit: (chunk: string) => void }

/** Thrown inside; the path to the culprit is sought only then. */
const unwritable = Symbol("unwritable");

const chunkSize = 65_536;

/** Texts of values that many plans have in common; null until there is one, so that others pay nothing for it. */
let remembered: WeakMap<object, string> | null = null;

/** The value does not change any more, and will be written again. */
export function remember(value: object): void {
  remembered ??= new WeakMap();
  if (!remembered.has(value)) remembered.set(value, canonical(value));
}

function write(value: unknown, writer: Writer): void {
  if (typeof value === "number") {
    writer.text += numberText(value);
  } else if (typeof value === "string") {
    writer.text += quote(value);
  } else if (typeof value === "boolean") {
    writer.text += value ? "true" : "false";
  } else if (value === null) {
    writer.text += "null";
  } else if (typeof value === "object" && remembered?.has(value)) {
    writer.text += remembered.get(value)!;
  } else if (Array.isArray(value)) {
    writeList(value, writer);
  } else if (typeof value === "object") {
    writeRecord(value as Record<string, unknown>, writer);
  } else {
    throw unwritable;
  }
}

function writeList(list: readonly unknown[], writer: Writer): void {
  writer.text += "[";
  for (let i = 0; i < list.length; i++) {
    if (i) writer.text += ",";
    write(list[i], writer);
  }
  writer.text += "]";
}

function writeRecord(record: Record<string, unknown>, writer: Writer): void {
  const keys = sortedKeys(record);
  let separator = "{";
  for (let i = 0; i < keys.length; i++) {
    const item = record[keys[i]];
    if (item === undefined) continue;
    writer.text += separator;
    writer.text += quote(keys[i]);
    writer.text += ":";
    write(item, writer);
    separator = ",";
  }
  writer.text += separator === "{" ? "{}" : "}";
  if (writer.text.length > chunkSize) {
    writer.emit(writer.text);
    writer.text = "";
  }
}

function sortedKeys(record: object): readonly string[] {
  const keys = Object.keys(record);
  for (let i = 1; i < keys.length; i++) if (keys[i - 1] > keys[i]) return keys.sort();
  return keys;
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw unwritable;
  return value === 0 ? "0" : `${value}`;
}

/** Keys, ops and scopes repeat thousands of times. */
const quoted = new Map<string, string>();

function quote(text: string): string {
  const known = quoted.get(text);
  if (known !== undefined) return known;
  const result = JSON.stringify(text);
  if (text.length < 100 && quoted.size < 20_000) quoted.set(text, result);
  return result;
}

function describeUnwritable(value: unknown, path: string): string {
  if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined && !Array.isArray(value)) continue;
      const found = describeUnwritable(item, Array.isArray(value) ? `${path}[${key}]` : path ? `${path}.${key}` : key);
      if (found) return found;
    }
    return "";
  }
  const bad = typeof value === "number" ? !Number.isFinite(value) : !["string", "boolean"].includes(typeof value) && value !== null;
  return bad ? `${path || "the value"} is ${typeof value === "number" ? value : typeof value}, which a plan cannot hold` : "";
}
