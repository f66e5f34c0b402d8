// Safetensors: what is written is read back bit for bit, the bytes are fixed, and damage is a diagnostic.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openSafetensors, readSafetensors, toFloat32, writeSafetensors } from "../../runtime/checkpoints/safetensors.ts";
import { UserError } from "../../runtime/files/user-error.ts";
import { problems, temporaryFolder } from "../files/temporary.ts";
import { golden } from "../tokenizers/golden.ts";
import type { SavedTensor } from "../../runtime/checkpoints/safetensors.ts";

const base = temporaryFolder();
const path = join(base, "t.safetensors");
const tensors = new Map<string, SavedTensor>([
  ["b", { dtype: "F32", shape: [2, 2], data: Float32Array.of(1, -0, NaN, 1e-45) }],
  ["a", { dtype: "F32", shape: [], data: Float32Array.of(7) }],
  ["bytes", { dtype: "U8", shape: [3], data: Uint8Array.of(1, 2, 3) }],
  ["10", { dtype: "I64", shape: [1], data: BigInt64Array.of(-(2n ** 60n)) }],
  ["nothing", { dtype: "F32", shape: [0, 4], data: new Float32Array(0) }],
]);

describe("writing and reading", () => {
  it("gives the tensors back bit for bit, and equal bytes for equal tensors", async () => {
    await writeSafetensors(path, tensors, { format: "pt" });
    const first = readFileSync(path);
    const read = await readSafetensors(path);
    expect([...read.keys()].sort()).toEqual([...tensors.keys()].sort());
    for (const [name, { dtype, shape, data }] of tensors) {
      expect(read.get(name)).toMatchObject({ dtype, shape });
      expect(Buffer.from(read.get(name)!.data.buffer)).toEqual(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    }
    await writeSafetensors(path, new Map([...tensors].reverse()), { format: "pt" });
    expect(readFileSync(path)).toEqual(first);
  });

  it("has the layout of the library: types by size, then names, the header padded to 8", async () => {
    await writeSafetensors(path, tensors, { format: "pt" });
    const bytes = readFileSync(path);
    const length = Number(bytes.readBigUInt64LE(0));
    expect(length % 8).toBe(0);
    expect(bytes.subarray(8, 8 + length).toString().trimEnd()).toBe(
      '{"__metadata__":{"format":"pt"},"10":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[],"data_offsets":[8,12]},"b":{"dtype":"F32","shape":[2,2],"data_offsets":[12,28]},"nothing":{"dtype":"F32","shape":[0,4],"data_offsets":[28,28]},"bytes":{"dtype":"U8","shape":[3],"data_offsets":[28,31]}}',
    );
  });

  it("reads one tensor at a time", async () => {
    await writeSafetensors(path, tensors, { format: "pt" });
    const file = openSafetensors(path);
    expect(file.metadata).toEqual({ format: "pt" });
    expect(file.tensors.get("b")).toMatchObject({ shape: [2, 2], bytes: 16 });
    expect([...(file.read("bytes").data as Uint8Array)]).toEqual([1, 2, 3]);
    file.close();
  });

  it("turns halves into float32", () => {
    expect([...toFloat32({ dtype: "F16", shape: [5], data: Uint16Array.of(0x3c00, 0xc000, 0x7c00, 0x0001, 0x3555) })]).toEqual([1, -2, Infinity, 2 ** -24, 0.333251953125]);
    expect([...toFloat32({ dtype: "BF16", shape: [2], data: Uint16Array.of(0x3f80, 0xc040) })]).toEqual([1, -3]);
    expect([...toFloat32({ dtype: "I64", shape: [1], data: BigInt64Array.of(5n) })]).toEqual([5]);
  });
});

const models = golden("models/gpt2-clm");
it.skipIf(models === null)("reads and rewrites a file of Hugging Face (skipped where the goldens are absent)", async () => {
  const folder = join(process.env.PT_GOLDENS ?? join(import.meta.dirname, "../../../shared/goldens"), "models/gpt2-clm");
  const read = await readSafetensors(join(folder, "model.safetensors"));
  expect(read.size).toBeGreaterThan(10);
  await writeSafetensors(path, read, { format: "pt" });
  expect(readFileSync(path)).toEqual(readFileSync(join(folder, "model.safetensors")));
});

describe("damaged files", () => {
  const withHeader = (header: string, data = 0): Buffer => {
    const bytes = Buffer.alloc(8 + header.length + data);
    bytes.writeBigUInt64LE(BigInt(header.length), 0);
    bytes.write(header, 8);
    return bytes;
  };
  it.each([
    ["nothing", Buffer.alloc(0), "0 bytes"],
    ["a Git LFS pointer", Buffer.from("version https://git-lfs.github.com/spec/v1\n"), "the header should have"],
    ["no JSON", withHeader("{not json}"), "not JSON"],
    ["a list", withHeader("[]"), "not an object"],
    ["an unknown type", withHeader('{"a":{"dtype":"X7","shape":[1],"data_offsets":[0,4]}}', 4), '"X7"'],
    ["a shape that does not fit", withHeader('{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,4]}}', 4), "needs 12 bytes and has 4"],
    ["a gap", withHeader('{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', 8), "starts at 4"],
    ["too few bytes", withHeader('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 4), "the tensors end at"],
    ["more bytes", withHeader('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 9), "5 bytes follow"],
    ["null", withHeader('{"a":null}'), "unknown type"],
  ])("%s", async (_, bytes, reason) => {
    writeFileSync(path, bytes);
    expect(await problems(() => readSafetensors(path))).toEqual([expect.stringMatching(/^PT8102/)]);
    expect((await problems(() => readSafetensors(path)))[0]).toContain(reason);
  });

  it("never crash: any cut or changed file is read or is a diagnostic", async () => {
    await writeSafetensors(path, tensors);
    const whole = readFileSync(path);
    const broken = join(base, "broken.safetensors");
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), fc.nat(whole.length - 1), fc.nat(255), async (length, at, value) => {
        const bytes = Buffer.from(whole);
        bytes[at] = value;
        writeFileSync(broken, bytes.subarray(0, length));
        try {
          await readSafetensors(broken);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("says that a file is not there", async () => {
    expect(await problems(() => readSafetensors(join(base, "none")))).toEqual([expect.stringMatching(/^PT7004 .*no such file/)]);
  });
});
