// A disk that fills up while a checkpoint is written: the ones before stay whole, nothing unfinished stays behind.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { loadCheckpoint, saveCheckpoint } from "../../runtime/checkpoints/checkpoint.ts";
import { problems, temporaryFolder } from "../files/temporary.ts";

const disk = vi.hoisted(() => ({ room: Infinity }));
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return {
    ...fs,
    writeSync(file: number, bytes: Uint8Array, offset = 0, length = bytes.byteLength): number {
      const taken = Math.min(length, disk.room);
      if (taken === 0 && length > 0) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      disk.room -= taken;
      return fs.writeSync(file, bytes, offset, taken);
    },
  };
});

it("keeps the last whole checkpoint wherever the space ends", async () => {
  const run = temporaryFolder();
  const tensors = new Map([["w", { shape: [100], data: new Float32Array(100).fill(1) }]]);
  const save = (step: number): Promise<string> => saveCheckpoint(run, step, { weights: tensors, optimizer: tensors, state: {} }, { keep: 3 });
  await save(1);
  for (let room = 0; room < 1000; room += 90) {
    disk.room = room;
    expect(await problems(() => save(2))).toEqual([expect.stringMatching(/^PT8101 the disk is full: .*step-000002/)]);
    expect(readdirSync(join(run, "checkpoints"))).toEqual(["step-000001"]);
    expect(await loadCheckpoint(run, "last")).toMatchObject({ step: 1, warnings: [] });
  }
  disk.room = Infinity;
  await save(2);
  expect((await loadCheckpoint(run, "last"))!.step).toBe(2);
});
