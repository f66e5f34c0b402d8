import { expect, test } from "vitest";
import { folderWith, pt, read } from "../harness/cli.ts";

const untidy = "mask   near =causal&window( 4 )\n";
const tidy = "mask near = causal & window(4)\n";

test("prints the canonical form", async () => {
  const folder = folderWith({ "a.pt": untidy });
  expect(await pt(["format", "a.pt"], folder)).toMatchObject({ code: 0, stdout: tidy, stderr: "" });
  expect(read(folder, "a.pt")).toBe(untidy);
  expect(await pt(["format", "-"], folder, { input: untidy })).toMatchObject({ code: 0, stdout: tidy });
});

test("--check names what is not canonical", async () => {
  const folder = folderWith({ "a.pt": untidy, "b.pt": tidy });
  expect(await pt(["format", "--check", "."], folder)).toMatchObject({ code: 1, stdout: "a.pt\n" });
  expect((await pt(["format", "--check", "b.pt"], folder)).code).toBe(0);
});

test("--write rewrites", async () => {
  const folder = folderWith({ "a.pt": untidy });
  expect(await pt(["format", "--write", "a.pt"], folder)).toMatchObject({ code: 0, stdout: "" });
  expect(read(folder, "a.pt")).toBe(tidy);
  expect((await pt(["format", "--write", "--check", "a.pt"], folder)).code).toBe(2);
});

test("a syntax error is reported and nothing is written", async () => {
  const folder = folderWith({ "a.pt": "mask near = causal & (\n", "b.pt": untidy });
  const ran = await pt(["format", "--write", "a.pt", "b.pt"], folder);
  expect(ran.code).toBe(1);
  expect(read(folder, "a.pt")).toBe("mask near = causal & (\n");
  expect(read(folder, "b.pt")).toBe(tidy);
  const json = JSON.parse((await pt(["format", "--json", "b.pt"], folder)).stdout);
  expect(json).toEqual({ files: [{ file: "b.pt", changed: false, text: tidy }], diagnostics: [] });
});
