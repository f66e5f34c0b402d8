// `format: parquet`: Apache Parquet, a row group at a time. hyparquet reads the format; Node decompresses.

import * as zlib from "node:zlib";
import { missingColumn } from "../../grammar/diagnostics/PT7051-missing-column.ts";
import { unreadableFile } from "../../grammar/diagnostics/PT7004-unreadable-file.ts";
import { nearest } from "../../grammar/nearest.ts";
import { UserError, fileError } from "../files/user-error.ts";
import { defineSource, type SourceFile, type SourceRecord } from "./define.ts";

type Decompress = (input: Uint8Array) => Uint8Array;
/** Snappy is hyparquet's own; Zstandard came to Node with 22.15. */
const compressors: Readonly<Record<string, Decompress>> = {
  GZIP: (input) => zlib.gunzipSync(input),
  BROTLI: (input) => zlib.brotliDecompressSync(input),
  ...("zstdDecompressSync" in zlib ? { ZSTD: zlib.zstdDecompressSync as Decompress } : {}),
};

export const parquet = defineSource({
  word: "parquet",
  doc: "Apache Parquet (plain, Snappy, gzip or Brotli; Zstandard where Node has it), read a row group at a time.",
  table: "names",
  async *records(files, columns) {
    const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } = await import("hyparquet");
    for (const file of files) {
      let row = 0;
      try {
        const buffer = file.path.endsWith(".gz") ? await inMemory(file) : await asyncBufferFromFile(file.path);
        const metadata = await parquetMetadataAsync(buffer);
        const names = parquetSchema(metadata).children.map((child) => child.element.name);
        const wanted = columns.map(({ column }) => column as string);
        for (const column of wanted) {
          const [near] = nearest(column, names);
          if (!names.includes(column)) throw fileError(missingColumn, file.name, { file: file.name, column, columns: names, ...(near === undefined ? {} : { nearest: near }) });
        }
        for (const group of metadata.row_groups) {
          const rowEnd = row + Number(group.num_rows);
          const rows: Record<string, unknown>[] = await parquetReadObjects({ file: buffer, metadata, columns: wanted, rowStart: row, rowEnd, compressors, utf8: !columns.some(({ type }) => type === "image") });
          yield rows.map((values, i): SourceRecord => ({ file: file.name, line: row + i + 1, get: ({ column, type }) => plain(values[column], type) }));
          row = rowEnd;
        }
      } catch (error) {
        if (error instanceof UserError || !(error instanceof Error)) throw error;
        throw fileError(unreadableFile, file.name, { file: file.name, reason: `it is no Parquet file that can be read (${error.message})` });
      }
      // What is read above jumps about in the file; the fingerprint is of all its bytes.
      if (!file.path.endsWith(".gz")) for await (const _ of file.bytes());
    }
  },
});

async function inMemory(file: SourceFile): Promise<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of file.bytes()) pieces.push(piece);
  const whole = Buffer.concat(pieces);
  return whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.byteLength) as ArrayBuffer;
}

/** Whole numbers of 64 bits come as BigInt; beside images a text that its writer did not mark as one comes as bytes. */
function plain(value: unknown, type: string): unknown {
  if (value instanceof Uint8Array && type !== "image") return Buffer.from(value).toString("utf8");
  return typeof value === "bigint" ? Number(value) : Array.isArray(value) ? value.map((one) => plain(one, type)) : value;
}
