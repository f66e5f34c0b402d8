// Parquet files that are written here, read back.

import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { rowsOf } from "../../runtime/data/documents.ts";
import { fileSource } from "../data/plans.ts";
import { problems, temporaryFolder } from "../files/temporary.ts";
import { parquetFile } from "./parquet-file.ts";

const groups = [[{ name: "text", values: ["one", "two ü"] }, { name: "label", values: [1n, 0n] }], [{ name: "text", values: ["three"] }, { name: "label", values: [10n] }]];
const base = temporaryFolder({ "plain.parquet": parquetFile(groups), "packed.parquet": parquetFile(groups, { gzip: true }), "whole.parquet.gz": gzipSync(parquetFile(groups)), "torn.parquet": parquetFile(groups).slice(0, -6), "other.parquet": "a,b\n" });
const columns = { text: { type: "string", column: "text", labels: null }, class: { type: "class", column: "label", labels: null } };

async function rows(file: string, changed: object = {}): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const batch of rowsOf(fileSource({ files: [file], format: "parquet", columns: { ...columns, ...changed } }), { base })) for (const { line, values } of batch) found.push([line, values.text, values.class]);
  return found;
}

it("gives rows of all row groups, with their numbers", async () => {
  for (const file of ["plain.parquet", "packed.parquet", "whole.parquet.gz"]) expect(await rows(file)).toEqual([[1, "one", "1"], [2, "two ü", "0"], [3, "three", "10"]]);
});

it("names a column that is not there, and files that are none", async () => {
  expect(await problems(() => rows("plain.parquet", { text: { type: "string", column: "txt", labels: null } }))).toEqual(["PT7051 `plain.parquet` has no column `txt` (did you mean `text`? its columns are `text`, `label`)"]);
  for (const file of ["torn.parquet", "other.parquet"]) expect(await problems(() => rows(file))).toEqual([expect.stringMatching(`^PT7004 cannot read \`${file}\`: it is no Parquet file that can be read`)]);
});

it("has a fingerprint of all its bytes", async () => {
  const fingerprint = async (folder: string): Promise<string> => {
    const read = rowsOf(fileSource({ files: ["plain.parquet"], format: "parquet", columns }), { base: folder });
    for (;;) {
      const next = await read.next();
      if (next.done) return next.value.fingerprint;
    }
  };
  const first = await fingerprint(base);
  expect(await fingerprint(temporaryFolder({ "plain.parquet": parquetFile(groups) }))).toBe(first);
  expect(await fingerprint(temporaryFolder({ "plain.parquet": parquetFile(groups.slice(0, 1)) }))).not.toBe(first);
});
