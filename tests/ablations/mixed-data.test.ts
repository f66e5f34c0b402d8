// Jobs of an ablation that read the same files in different states are told.

import { join } from "node:path";
import { expect, test } from "vitest";
import type { Plan } from "../../compiler/plan/schema.ts";
import { mixedDataOf } from "../../runtime/ablations/mixed-data.ts";
import { folderWith } from "../harness/cli.ts";
import { fileSource } from "../data/plans.ts";

const read = (fingerprint: string): string => JSON.stringify({ sources: [{ source: "a.txt", fingerprint }] });
const plan = (name: string, hash: string, files = "a.txt"): Pick<Plan, "name" | "hash" | "data"> => ({ name, hash, data: fileSource({ files: [files] }) });

test("the same data with two fingerprints", () => {
  const out = join(folderWith({ "runs/base-11111111/data.json": read("x"), "runs/base-22222222/data.json": read("y"), "runs/base-33333333/data.json": read("x") }), "runs");
  const jobs = [plan("base", "11111111aa"), plan("base", "22222222aa"), plan("base", "33333333aa")];
  expect(mixedDataOf(out, jobs)).toMatchObject([{ code: "PT7093", severity: "warning", file: "a.txt", message: "`a.txt` was not the same for all jobs: `base-11111111`, `base-33333333` against `base-22222222`" }]);
  expect(mixedDataOf(out, [jobs[0], jobs[2]])).toEqual([]);
});

test("other data, mixtures of tasks and runs without a note are not compared", () => {
  const out = join(folderWith({ "runs/base-11111111/data.json": read("x"), "runs/base-22222222/data.json": read("y") }), "runs");
  expect(mixedDataOf(out, [plan("base", "11111111aa"), plan("base", "22222222aa", "b.txt")])).toEqual([]);
  expect(mixedDataOf(out, [plan("base", "11111111aa"), { ...plan("base", "22222222aa"), data: null }, plan("base", "99999999aa")])).toEqual([]);
});
