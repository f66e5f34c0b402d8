// Checkpoints: whole or not there, kept and removed as told, damage found and passed over.

import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { listCheckpoints, loadCheckpoint, saveCheckpoint } from "../../runtime/checkpoints/checkpoint.ts";
import { problems, temporaryFolder } from "../files/temporary.ts";
import type { CheckpointContent } from "../../runtime/checkpoints/checkpoint.ts";

const parent = temporaryFolder();
let count = 0;
let run = "";
beforeEach(() => (run = join(parent, `run${count++}`)));

function contentOf(step: number, state: object = {}): CheckpointContent {
  const tensor = (value: number) => ({ shape: [2, 3], data: Float32Array.from({ length: 6 }, (_, i) => value + i / 7) });
  return { weights: new Map([["decoder.embed", tensor(step)], ["head", tensor(-step)]]), optimizer: new Map([["m", tensor(step / 2)]]), state: { position: step * 32, best_step: null, loss: NaN, ...state } };
}
const save = (step: number, state: object = {}, keep = 10): Promise<string> => saveCheckpoint(run, step, contentOf(step, state), { keep });
const names = (): string[] => readdirSync(join(run, "checkpoints")).sort();
const steps = (): number[] => listCheckpoints(run).map((entry) => entry.step);

describe("saving and loading", () => {
  it("gives back the same bits and state", async () => {
    const folder = await save(500);
    expect(folder).toBe(join(run, "checkpoints", "step-000500"));
    expect(readdirSync(folder).sort()).toEqual(["optimizer.safetensors", "state.json", "weights.safetensors"]);
    const loaded = await loadCheckpoint(run, "last");
    const content = contentOf(500);
    expect(loaded!.weights).toEqual(content.weights);
    expect(loaded!.optimizer).toEqual(content.optimizer);
    expect(loaded!.state).toEqual({ position: 16000, best_step: null, loss: null, step: 500 });
    expect(loaded).toMatchObject({ step: 500, warnings: [] });
    const state = JSON.parse(readFileSync(join(folder, "state.json"), "utf8"));
    expect(state.files["weights.safetensors"].sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("has nothing to load before the first", async () => {
    expect(await loadCheckpoint(run, "last")).toBeNull();
    expect(listCheckpoints(run)).toEqual([]);
  });

  it("keeps the newest and the best", async () => {
    for (let step = 1; step <= 6; step++) await save(step, { best_step: 2 }, 2);
    expect(names()).toEqual(["step-000002", "step-000005", "step-000006"]);
    expect((await loadCheckpoint(run, "best"))!.step).toBe(2);
    expect((await loadCheckpoint(run, 5))!.step).toBe(5);
  });

  it("orders steps by number", async () => {
    await save(999_999);
    await save(1_000_000);
    expect(steps()).toEqual([999_999, 1_000_000]);
    expect((await loadCheckpoint(run, "last"))!.step).toBe(1_000_000);
  });

  it("replaces a step that is saved again", async () => {
    await save(3, { note: "first" });
    await save(3, { note: "second" });
    expect((await loadCheckpoint(run, "last"))!.state.note).toBe("second");
    expect(names()).toEqual(["step-000003"]);
  });

  it("never removes what it has just saved, even behind newer ones", async () => {
    await save(8);
    await save(9);
    await save(5, {}, 1);
    expect(steps()).toContain(5);
  });

  it("removes what dead processes left, and leaves what live ones write", async () => {
    await save(1);
    const dead = 2 ** 22 + 1;
    for (const name of [`.step-000002.${dead}.tmp`, `.step-000001.${dead}.old`, `.step-000002.${process.ppid}.tmp`]) mkdirSync(join(run, "checkpoints", name));
    await save(2);
    expect(names()).toEqual([`.step-000002.${process.ppid}.tmp`, "step-000001", "step-000002"]);
  });

  it("finds a step whose replacement never arrived", async () => {
    await save(1);
    renameSync(join(run, "checkpoints", "step-000001"), join(run, "checkpoints", ".step-000001.4194305.old"));
    expect((await loadCheckpoint(run, "last"))!.step).toBe(1);
    await save(1, { note: "again" });
    expect((await loadCheckpoint(run, "last"))!.state.note).toBe("again");
    expect(names()).toEqual(["step-000001"]);
  });
});

describe("damage", () => {
  const file = (step: number, name: string): string => join(run, "checkpoints", `step-00000${step}`, name);
  const damages: [string, (step: number) => void][] = [
    ["a changed byte", (step) => { const bytes = readFileSync(file(step, "weights.safetensors")); bytes[bytes.length - 1] ^= 1; writeFileSync(file(step, "weights.safetensors"), bytes); }],
    ["a truncated file", (step) => writeFileSync(file(step, "optimizer.safetensors"), readFileSync(file(step, "optimizer.safetensors")).subarray(0, 20))],
    ["a missing file", (step) => rmSync(file(step, "weights.safetensors"))],
    ["no state", (step) => rmSync(file(step, "state.json"))],
    ["half a state", (step) => writeFileSync(file(step, "state.json"), "{\"step\": ")],
    ["an edited state", (step) => writeFileSync(file(step, "state.json"), readFileSync(file(step, "state.json"), "utf8").replace("position\": ", "position\": 1"))],
    ["more bytes", (step) => appendFileSync(file(step, "weights.safetensors"), "x")],
  ];

  it.each(damages)("%s of the last: the one before is used, with a warning", async (_, damage) => {
    await save(1);
    await save(2);
    damage(2);
    const loaded = await loadCheckpoint(run, "last");
    expect(loaded!.step).toBe(1);
    expect(loaded!.warnings.map(({ code, severity }) => [code, severity])).toEqual([["PT8103", "warning"]]);
    expect(loaded!.warnings[0].message).toContain("step-000002");
    // Nothing was lost: the damaged step is replaced when training reaches it again.
    await save(2);
    expect((await loadCheckpoint(run, "last"))).toMatchObject({ step: 2, warnings: [] });
  });

  it("refuses another than the one that was asked for", async () => {
    await save(1, { best_step: 1 });
    await save(2, { best_step: 1 });
    damages[0][1](1);
    expect(await problems(() => loadCheckpoint(run, "best"))).toEqual([expect.stringMatching(/^PT8104 no best checkpoint .*step 1 is damaged/)]);
    expect(await problems(() => loadCheckpoint(run, 1))).toEqual([expect.stringMatching(/^PT8104/)]);
    expect(await problems(() => loadCheckpoint(run, 7))).toEqual([expect.stringMatching(/^PT8104 .*no checkpoint of step 7 \(there are checkpoints of the steps 1, 2\)/)]);
    damages[2][1](2);
    expect(await problems(() => loadCheckpoint(run, "last"))).toEqual([expect.stringMatching(/^PT8104 no whole checkpoint/)]);
  });

  it("says that nothing has been called the best", async () => {
    await save(1);
    expect(await problems(() => loadCheckpoint(run, "best"))).toEqual([expect.stringMatching(/^PT8104 .*no evaluation has named one/)]);
  });

  it("leaves no half of a checkpoint when it cannot be written", async () => {
    await save(1);
    writeFileSync(join(run, "checkpoints", `.step-000002.${process.pid}.tmp`), "a file in the way");
    await save(2);
    expect(names()).toEqual(["step-000001", "step-000002"]);
    const blocked = join(parent, "blocked");
    writeFileSync(blocked, "");
    expect(await problems(() => saveCheckpoint(blocked, 1, contentOf(1), { keep: 1 }))).toEqual([expect.stringMatching(/^PT8106/)]);
    expect(existsSync(blocked)).toBe(true);
  });
});
