import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith, pt, read } from "../harness/cli.ts";
import { smallSpec } from "../harness/small-spec.ts";

test("a good file", async () => {
  expect(await pt(["check", "main.pt"], folderWith({ "main.pt": smallSpec }))).toMatchObject({ code: 0, stdout: "no errors in 1 file\n", stderr: "" });
});

test("all diagnostics of all files, with frames, hints and a summary", async () => {
  const folder = folderWith({ "a.pt": "mask near = cuasal\n", "b.pt": smallSpec.replace("length: 16", "lenght: 16") });
  const ran = await pt(["check", "a.pt", "b.pt"], folder);
  expect(ran.code).toBe(1);
  expect(ran.stdout).toBe(`error PT2002: nothing called \`cuasal\` is known here, where a mask is wanted
  --> a.pt:1:13
1 | mask near = cuasal
  |             ^^^^^^
hint: did you mean \`causal\`?

error PT3001: the pretrain \`small\` has no field \`lenght\`
  --> b.pt:16:3
16 |   lenght: 16
   |   ^^^^^^
hint: did you mean \`length\`?

2 errors in 2 files
`);
});

test("--json has exactly the documented fields", async () => {
  const folder = folderWith({ "main.pt": "\ufeff// x\r\nmask near = cuasal\n" });
  const { code, stdout } = await pt(["check", "--json", "main.pt"], folder);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    diagnostics: [{
      code: "PT2002", severity: "error", message: "nothing called `cuasal` is known here, where a mask is wanted", hint: "did you mean `causal`?", file: "main.pt",
      start: { line: 2, column: 13, offset: 18 }, end: { line: 2, column: 19, offset: 24 },
      fixes: [{ title: "change to `causal`", edits: [{ start: 18, end: 24, text: "causal" }] }],
    }],
  });
});

test("folders and patterns; installed packages are left out", async () => {
  const folder = folderWith({ "specs/a.pt": "mask a = causal\n", "specs/deep/b.pt": "mask b = cuasal\n", "node_modules/x/c.pt": "nonsense", "specs/[odd]/d.pt": "mask d = causal\n" });
  expect((await pt(["check", "."], folder)).stdout).toContain("1 error in 3 files");
  expect((await pt(["check", "specs/*.pt"], folder)).stdout).toBe("no errors in 1 file\n");
  expect((await pt(["check", "specs/[odd]"], folder)).stdout).toBe("no errors in 1 file\n");
  expect(await pt(["check", "none/*.pt"], folder)).toMatchObject({ code: 1, codes: ["PT7020"] });
});

test("--fix mends what has a fix, keeps the rest, and reports what is left", async () => {
  const folder = folderWith({ "main.pt": smallSpec.replace("length: 16", "lenght: 16").replace("mask: causal", "mask: cuasal").replace("train: 10 steps", "train: 10 stepz") });
  const ran = await pt(["check", "--fix", "main.pt"], folder);
  expect(read(folder, "main.pt")).toContain("mask: causal");
  expect(read(folder, "main.pt")).toContain("length: 16");
  expect(ran.stdout).toMatch(/fixed \d problems?; /);
});

test("imports: relative, shipped, missing, outside, through a link, a folder", async () => {
  const folder = folderWith({
    "project/package.json": "{}",
    "project/sub/main.pt": 'import { gpt2 } from "ptarmigan/gpt2.pt"\nimport { near } from "../masks.pt"\nmodel mine extends gpt2(layers: 2) {}\nmask nearer = near & window(2)\n',
    "project/masks.pt": "mask near = window(4)\n",
    "outside.pt": "mask near = window(4)\n",
  });
  const project = join(folder, "project");
  expect((await pt(["check", "sub/main.pt"], project)).stdout).toBe("no errors in 1 file\n");
  expect((await pt(["check", join(project, "sub/main.pt")], "/")).code).toBe(0);
  const failing = async (specifier: string) => {
    const inner = folderWith({});
    symlinkSync(join(folder, "outside.pt"), join(inner, "link.pt"));
    mkdirSync(join(inner, "folder.pt"));
    const { writeFileSync } = await import("node:fs");
    writeFileSync(join(inner, "package.json"), "{}");
    writeFileSync(join(inner, "main.pt"), `import { near } from "${specifier}"\nmask nearer = near & window(2)\n`);
    writeFileSync(join(inner, "others.pt"), "");
    return pt(["check", "main.pt"], inner);
  };
  expect((await failing("../outside.pt")).codes).toEqual(["PT2006"]);
  expect((await failing("/etc/hosts")).codes).toEqual(["PT2006"]);
  expect((await failing("https://example.org/x.pt")).codes).toEqual(["PT2006"]);
  expect((await failing("./link.pt")).codes).toEqual(["PT2006"]);
  expect((await failing("./folder.pt")).codes).toEqual(["PT7021"]);
  const missing = await failing("./otherz.pt");
  expect(missing.codes).toEqual(["PT2004"]);
  expect(missing.stdout).toContain("did you mean `./others.pt`?");
});

test("files that are not there, not readable or not text", async () => {
  const folder = folderWith({ "main.pt": "mask near = causal\n", "model.pt": "data:;base64,UEsDBAAA", "latin.pt": "data:;base64,Ly8gY2Fm6Qo=" });
  const missing = await pt(["check", "mian.pt"], folder);
  expect(missing).toMatchObject({ code: 1, codes: ["PT7020"] });
  expect(missing.stdout).toContain("did you mean `main.pt`?");
  expect((await pt(["check", "model.pt"], folder)).codes).toEqual(["PT1003"]);
  expect((await pt(["check", "latin.pt"], folder)).codes).toEqual(["PT1001"]);
  chmodSync(join(folder, "main.pt"), 0o000);
  const unreadable = await pt(["check", "main.pt"], folder);
  // Root reads everything.
  expect(process.getuid?.() === 0 || unreadable.codes.includes("PT7004")).toBe(true);
});

test("a folder called like the shipped specs", async () => {
  const folder = folderWith({ "ptarmigan/mine.pt": "mask a = cuasal\n" });
  const ran = await pt(["check", "ptarmigan/mine.pt", "ptarmigan/gpt2.pt"], folder);
  expect(ran.codes).toEqual(["PT2002"]);
});

test("standard input: `-` is checked as a file of the working directory", async () => {
  const folder = folderWith({ "models.pt": smallSpec });
  expect(await pt(["check", "-"], folder, { input: smallSpec })).toMatchObject({ code: 0, stdout: "no errors in 1 file\n" });
  const ran = await pt(["check", "-"], folder, { input: 'import { tiny } from "models.pt"\nmask near = cuasal\nmodel other extends tiny {}\n' });
  expect(ran).toMatchObject({ code: 1, stdout: expect.stringContaining("--> -:2:13\n2 | mask near = cuasal") });
  expect(ran.codes).toEqual(["PT2002"]);
  expect(await pt(["check", "--fix", "-"], folder, { input: smallSpec })).toMatchObject({ code: 2 });
});
