import { expect, test } from "vitest";
import { canonical } from "../../compiler/plan/canonical.ts";
import { hashOf } from "../../compiler/plan/hash.ts";
import { folderWith, pt, read } from "../harness/cli.ts";
import { smallSpec } from "../harness/small-spec.ts";

test("the plan is canonical JSON, the same every time and wherever the file lies", async () => {
  const folder = folderWith({ "main.pt": smallSpec, "deep/er/main.pt": smallSpec });
  const first = await pt(["compile", "main.pt", "small"], folder);
  expect(first).toMatchObject({ code: 0, stderr: "" });
  const plan = JSON.parse(first.stdout);
  expect(first.stdout).toBe(`${canonical(plan)}\n`);
  expect(plan.hash).toBe(hashOf(plan));
  expect((await pt(["compile", "deep/er/main.pt", "small", "--json"], folder)).stdout).toBe(first.stdout);
  expect((await pt(["compile", `${folder}/main.pt`, "small"], "/")).stdout).toBe(first.stdout);
  expect(first.stdout).not.toContain(folder);
});

test("--out writes, --explain prints what fired", async () => {
  const folder = folderWith({ "main.pt": smallSpec });
  const ran = await pt(["compile", "main.pt", "wider", "--out", "plan.json", "--explain"], folder);
  expect(ran.code).toBe(0);
  expect(ran.stdout).toMatch(/^train\n +\d+ {2}\S/);
  expect(JSON.parse(read(folder, "plan.json")).name).toBe("wider");
  expect(JSON.parse((await pt(["compile", "main.pt", "wider", "--explain", "--json"], folder)).stdout).name).toBe("wider");
});

test("the resolved text of a plan compiles to the same plan", async () => {
  const folder = folderWith({ "main.pt": smallSpec });
  const plan = JSON.parse((await pt(["compile", "main.pt", "wider"], folder)).stdout);
  const again = folderWith({ "spec.pt": plan.spec });
  expect(JSON.parse((await pt(["compile", "spec.pt", "wider"], again)).stdout).hash).toBe(plan.hash);
});

test("an edited plan is refused until it is sealed", async () => {
  const folder = folderWith({ "main.pt": smallSpec });
  await pt(["compile", "main.pt", "small", "--out", "plan.json"], folder);
  const { writeFileSync } = await import("node:fs");
  writeFileSync(`${folder}/plan.json`, read(folder, "plan.json").replace('"name":"small"', '"name":"smaller"'));
  expect(await pt(["plan", "plan.json"], folder)).toMatchObject({ code: 1, codes: ["PT6002"] });
  expect((await pt(["compile", "--seal", "plan.json"], folder)).code).toBe(0);
  expect((await pt(["plan", "plan.json"], folder)).code).toBe(0);
});

test("a run must be named where there are several; errors end it", async () => {
  const folder = folderWith({ "main.pt": smallSpec, "bad.pt": smallSpec.replace("length: 16", "length: 16.5") });
  const several = await pt(["compile", "main.pt"], folder);
  expect(several).toMatchObject({ code: 1, codes: ["PT6102"], stdout: "" });
  expect(several.stderr).toContain("`small`, `wider`");
  expect(await pt(["compile", "bad.pt", "small"], folder)).toMatchObject({ code: 1, stdout: "" });
  expect((await pt(["compile"], folder)).code).toBe(2);
  expect(await pt(["compile", "main.pt", "small", "--out", "no/such/folder/plan.json"], folder)).toMatchObject({ code: 3, codes: ["PT8106"] });
});
