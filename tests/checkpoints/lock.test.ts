// The lock of a run's folder: one live process at a time, the dead give way.

import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { lockRun } from "../../runtime/checkpoints/lock.ts";
import { problems, temporaryFolder } from "../files/temporary.ts";

const parent = temporaryFolder();
let count = 0;
let run = "";
beforeEach(() => (run = join(parent, `run${count++}`)));
const lockFile = (): string => join(run, ".lock");

it("is held by one, and free again when released", async () => {
  const lock = lockRun(run);
  expect(await problems(() => lockRun(run))).toEqual([expect.stringMatching(new RegExp(`^PT8105 process ${process.pid} on ${hostname()} is training into`))]);
  lock.release();
  lock.release();
  lockRun(run).release();
  expect(readdirSync(run)).toEqual([]);
});

it("is taken over from a process that is gone, or whose number came again", () => {
  const gone = spawnSync(process.execPath, ["-e", ""]).pid!;
  for (const owner of [{ pid: gone, host: hostname(), started: "1" }, { pid: process.ppid, host: hostname(), started: "1" }]) {
    lockRun(run).release();
    writeFileSync(lockFile(), JSON.stringify(owner));
    const lock = lockRun(run);
    expect(JSON.parse(readFileSync(lockFile(), "utf8")).pid).toBe(process.pid);
    lock.release();
  }
});

it("is taken over where the file was cut short", () => {
  lockRun(run).release();
  writeFileSync(lockFile(), "{\"pid\"");
  lockRun(run).release();
});

it("stands for a live process and for another machine", async () => {
  lockRun(run).release();
  for (const owner of [{ pid: process.ppid, host: hostname(), started: null }, { pid: 1, host: "elsewhere", started: null }]) {
    writeFileSync(lockFile(), JSON.stringify(owner));
    expect(await problems(() => lockRun(run))).toEqual([expect.stringMatching(/^PT8105 .*remove `.*\.lock`/)]);
  }
});

it("does not release what another has taken", () => {
  const lock = lockRun(run);
  writeFileSync(lockFile(), "another's");
  lock.release();
  expect(readFileSync(lockFile(), "utf8")).toBe("another's");
});
