// Atomic writing, with a disk that is full or refuses: the old file stays, the temporary goes.

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it, vi } from "vitest";
import { writeAtomically } from "../../runtime/files/write.ts";
import { problems, temporaryFolder } from "./temporary.ts";

const disk = vi.hoisted(() => ({ room: Infinity, code: "ENOSPC", most: Infinity }));
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return {
    ...fs,
    /** A disk with `room` bytes left, which takes at most `most` a call. */
    writeSync(file: number, bytes: Uint8Array, offset = 0, length = bytes.byteLength): number {
      const taken = Math.min(length, disk.room, disk.most);
      if (taken === 0 && length > 0) throw Object.assign(new Error(disk.code), { code: disk.code });
      disk.room -= taken;
      return fs.writeSync(file, bytes, offset, taken);
    },
  };
});
beforeEach(() => Object.assign(disk, { room: Infinity, code: "ENOSPC", most: Infinity }));
const base = temporaryFolder();

it("writes all of it even where the system takes little at a time", () => {
  disk.most = 7;
  const { bytes, sha256 } = writeAtomically(join(base, "a.txt"), [Buffer.from("Call me "), Buffer.from("Ishmael.")]);
  expect(readFileSync(join(base, "a.txt"), "utf8")).toBe("Call me Ishmael.");
  expect(bytes).toBe(16);
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(readdirSync(base)).toEqual(["a.txt"]);
});

it("keeps the old file when the disk is full", async () => {
  writeFileSync(join(base, "b.txt"), "old");
  for (const code of ["ENOSPC", "EDQUOT"]) {
    Object.assign(disk, { room: 3, code });
    expect(await problems(() => writeAtomically(join(base, "b.txt"), "much longer"))).toEqual([expect.stringMatching(/^PT8101 the disk is full/)]);
  }
  expect(readFileSync(join(base, "b.txt"), "utf8")).toBe("old");
  expect(readdirSync(base)).toEqual(["a.txt", "b.txt"]);
});

it("says why a file cannot be written", async () => {
  expect(await problems(() => writeAtomically(join(base, "none", "c.txt"), "x"))).toEqual([expect.stringMatching(/^PT8106 .*its folder does not exist/)]);
  mkdirSync(join(base, "folder"));
  expect(await problems(() => writeAtomically(join(base, "folder"), "x"))).toEqual([expect.stringMatching(/^PT8106 .*a folder has this name/)]);
  Object.assign(disk, { room: 0, code: "EIO" });
  expect(await problems(() => writeAtomically(join(base, "d.txt"), "x"))).toEqual([expect.stringMatching(/^PT8106 .*the disk failed/)]);
  expect(existsSync(join(base, "d.txt"))).toBe(false);
});
