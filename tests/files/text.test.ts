// Reading text: strict UTF-8 with the place of the error, gzip, byte-order marks, and hashes of what is on the disk.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { readText, readWhole, sha256File } from "../../runtime/files/text.ts";
import { writeFileSync } from "node:fs";
import { problems, temporaryFolder } from "./temporary.ts";

const long = "naïve 日本語 🙂\n".repeat(100_000);
const base = temporaryFolder({
  "long.txt": long,
  "long.txt.gz": gzipSync(long),
  "cut.txt.gz": gzipSync(long).subarray(0, 900),
  "fake.txt.gz": "no gzip at all",
  "mark.txt": "\ufeffmarked",
  "folder/x.txt": "",
});
const file = (name: string): { path: string; name: string } => ({ path: join(base, name), name });

it("reads plain and gzipped text alike, and hashes the file itself", async () => {
  expect((await readWhole(file("long.txt"))) === long).toBe(true);
  expect((await readWhole(file("long.txt.gz"))) === long).toBe(true);
  const hash = createHash("sha256");
  for await (const _ of readText(file("long.txt.gz"), hash));
  expect(hash.digest("hex")).toBe(await sha256File(join(base, "long.txt.gz")));
});

it("drops a byte-order mark", async () => {
  expect(await readWhole(file("mark.txt"))).toBe("marked");
});

it("reports what cannot be read", async () => {
  expect(await problems(() => readWhole(file("cut.txt.gz")))).toEqual([expect.stringMatching(/^PT7004 .*the gzip data ends too early/)]);
  expect(await problems(() => readWhole(file("fake.txt.gz")))).toEqual([expect.stringMatching(/^PT7004 .*not gzip/)]);
  expect(await problems(() => readWhole(file("folder")))).toEqual([expect.stringMatching(/^PT7004 .*it is a folder/)]);
  expect(await problems(() => readWhole(file("gone")))).toEqual([expect.stringMatching(/^PT7004 .*it is gone/)]);
});

it("names the byte and the line that are not UTF-8", async () => {
  const cases: [Uint8Array, string][] = [
    [Buffer.concat([Buffer.from("ab\ncd"), Buffer.from([0xff]), Buffer.from("x")]), "byte 0xff at offset 5, line 2"],
    [Buffer.from([0x61, 0xc3, 0x28]), "byte 0xc3 at offset 1, line 1"],
    [Buffer.from([0x61, 0x0a, 0xe2, 0x82]), "byte 0xe2 at offset 2, line 2"],
    [Buffer.from([0xed, 0xa0, 0x80]), "byte 0xed at offset 0, line 1"],
    [Buffer.from([0xc0, 0x80]), "byte 0xc0 at offset 0, line 1"],
    [Buffer.concat([Buffer.from(long), Buffer.from([0x80])]), `byte 0x80 at offset ${Buffer.byteLength(long)}, line 100001`],
  ];
  for (const [bytes, place] of cases) {
    writeFileSync(join(base, "bad.txt"), bytes);
    expect(await problems(() => readWhole(file("bad.txt")))).toEqual([expect.stringContaining(`PT7003 \`bad.txt\` is not UTF-8: ${place}`)]);
  }
  writeFileSync(join(base, "bad.txt"), Buffer.from("\ufeffutf-16", "utf16le"));
  expect(await problems(() => readWhole(file("bad.txt")))).toEqual([expect.stringContaining("iconv -f UTF-16LE")]);
});

it("finds the same first bad byte as a check of each byte", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(0x41, 0x0a, 0x80, 0xbf, 0xc3, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x99, 0x82, 0xff), { minLength: 1, maxLength: 12 }), async (list) => {
      const bytes = Uint8Array.from(list);
      const lossy = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
      const at = lossy.indexOf("\ufffd");
      writeFileSync(join(base, "random.txt"), bytes);
      if (at < 0) expect(await readWhole(file("random.txt"))).toBe(lossy);
      else expect((await problems(() => readWhole(file("random.txt"))))[0]).toContain(`offset ${Buffer.byteLength(lossy.slice(0, at))},`);
    }),
    { numRuns: 200 },
  );
});
