// A Parquet file of one row group a list of rows, of required columns, for tests: the format's own definitions
// (https://github.com/apache/parquet-format, parquet.thrift), in Thrift's compact protocol.

import { gzipSync } from "node:zlib";

interface Struct { readonly [id: number]: Value }
interface Int { readonly i32: number }
type Value = bigint | string | readonly Value[] | Struct | Int;
/** `within`: the name of the struct that it is a field of; its fields stand side by side. */
export type ParquetColumn = { readonly name: string; readonly within?: string; readonly values: readonly string[] | readonly bigint[] | readonly Uint8Array[] };

/** Groups of columns, alike in their names and types. */
export function parquetFile(groups: readonly (readonly ParquetColumn[])[], { gzip = false } = {}): Uint8Array {
  const parts: Buffer[] = [Buffer.from("PAR1")];
  let at = 4;
  const push = (part: Buffer): void => {
    parts.push(part);
    at += part.length;
  };
  const isText = (column: ParquetColumn): boolean => typeof column.values[0] === "string";
  const isNumber = (column: ParquetColumn): boolean => typeof column.values[0] === "bigint";
  const rowGroups = groups.map((columns): Struct => {
    const chunks = columns.map((column): Struct => {
      const data = Buffer.concat(column.values.map((value: string | bigint | Uint8Array) => {
        if (typeof value === "bigint") {
          const bytes = Buffer.alloc(8);
          bytes.writeBigInt64LE(value);
          return bytes;
        }
        const text = Buffer.from(value);
        const length = Buffer.alloc(4);
        length.writeUInt32LE(text.length);
        return Buffer.concat([length, text]);
      }));
      const stored = gzip ? gzipSync(data) : data;
      const offset = at;
      // PageHeader: type 0 (data), sizes, DataPageHeader: values, PLAIN, levels RLE.
      push(struct({ 1: i32(0), 2: i32(data.length), 3: i32(stored.length), 5: { 1: i32(column.values.length), 2: i32(0), 3: i32(3), 4: i32(3) } }));
      push(stored);
      // ColumnMetaData: type (6 BYTE_ARRAY, 2 INT64), encodings, path, codec (2 gzip), counts and sizes.
      const meta: Struct = { 1: i32(isNumber(column) ? 2 : 6), 2: [i32(0)], 3: [...(column.within ? [column.within] : []), column.name], 4: i32(gzip ? 2 : 0), 5: BigInt(column.values.length), 6: BigInt(data.length), 7: BigInt(at - offset), 9: BigInt(offset) };
      return { 2: BigInt(offset), 3: meta };
    });
    return { 1: chunks, 2: 0n, 3: BigInt(columns[0].values.length) };
  });
  const rows = groups.reduce((sum, columns) => sum + columns[0].values.length, 0);
  // Schema: the root, then the columns (repetition 0: required; converted type 0: UTF8).
  const utf8: Struct = { 6: i32(0) };
  const [columns] = groups;
  const fields = columns.map((column): Struct => ({ 1: i32(isNumber(column) ? 2 : 6), 3: i32(0), 4: column.name, ...(isText(column) ? utf8 : {}) }));
  const opening = columns.map((column, i): Struct[] => (column.within && columns[i - 1]?.within !== column.within ? [{ 3: i32(0), 4: column.within, 5: i32(columns.filter(({ within }) => within === column.within).length) }] : []));
  const tops = columns.filter((column, i) => !column.within || columns[i - 1]?.within !== column.within).length;
  const schema: Struct[] = [{ 4: "root", 5: i32(tops) }, ...fields.flatMap((field, i) => [...opening[i], field])];
  const footer = struct({ 1: i32(1), 2: schema, 3: BigInt(rows), 4: rowGroups });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([...parts, footer, length, Buffer.from("PAR1")]);
}

const i32 = (value: number): Int => ({ i32: value });
const isInt = (value: Value): value is Int => typeof value === "object" && "i32" in value;

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  for (; value >= 128n; value >>= 7n) bytes.push(Number(value & 127n) | 128);
  return Buffer.from([...bytes, Number(value)]);
}

const zigzag = (value: bigint): Buffer => varint(value >= 0n ? value * 2n : -value * 2n - 1n);

function typeOf(value: Value): number {
  if (typeof value === "bigint") return 6;
  if (typeof value === "string") return 8;
  if (Array.isArray(value)) return 9;
  return isInt(value) ? 5 : 12;
}

function encode(value: Value): Buffer {
  if (typeof value === "bigint") return zigzag(value);
  if (typeof value === "string") return Buffer.concat([varint(BigInt(Buffer.byteLength(value))), Buffer.from(value)]);
  if (Array.isArray(value)) return Buffer.concat([Buffer.from([(value.length << 4) | typeOf(value[0])]), ...value.map(encode)]);
  return isInt(value) ? zigzag(BigInt(value.i32)) : struct(value as Struct);
}

function struct(fields: Struct): Buffer {
  let last = 0;
  const parts = Object.entries(fields as { readonly [id: string]: Value }).map(([key, value]) => {
    const id = Number(key);
    const header = Buffer.from([((id - last) << 4) | typeOf(value)]);
    last = id;
    return Buffer.concat([header, encode(value)]);
  });
  return Buffer.concat([...parts, Buffer.from([0])]);
}
