import { expect, test } from "vitest";
import { defineCommand } from "../../runtime/commands/define.ts";
import { lazyCommands } from "../../runtime/commands/_lazy.ts";
import { runCommand } from "../../runtime/cli.ts";
import { fileError } from "../../runtime/files/user-error.ts";
import { missingFile } from "../../grammar/diagnostics/PT7020-missing-file.ts";
import { diskFull } from "../../grammar/diagnostics/PT8101-disk-full.ts";
import { wantsColor } from "../../runtime/terminal/process-io.ts";
import { folderWith, pt } from "../harness/cli.ts";

const cwd = "/";

test("--version and --help", async () => {
  expect(await pt(["--version"], cwd)).toMatchObject({ code: 0, stdout: "0.1.0\n", stderr: "" });
  const help = await pt(["--help"], cwd);
  expect(help.code).toBe(0);
  for (const [word, { summary }] of Object.entries(lazyCommands)) expect(help.stdout).toMatch(new RegExp(`${word} +${summary.slice(0, 20)}`));
  expect((await pt([], cwd)).code).toBe(2);
});

test.each(Object.keys(lazyCommands))("`pt %s --help` shows its arguments, flags and examples", async (word) => {
  const command = await lazyCommands[word].load();
  const ran = await pt([word, "--help"], cwd);
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  for (const { name } of [...command.arguments, ...command.flags]) expect(ran.stdout).toContain(name);
  for (const { line } of command.examples) expect(ran.stdout).toContain(line);
  expect((await pt(["help", word], cwd)).stdout).toBe(ran.stdout);
});

test("a misspelled command or flag is wrong usage, with the nearest", async () => {
  const command = await pt(["chekc"], cwd);
  expect(command).toMatchObject({ code: 2, stdout: "" });
  expect(command.stderr).toContain("did you mean `check`?");
  const flag = await pt(["check", "--jsno", "x.pt"], cwd);
  expect(flag.code).toBe(2);
  expect(flag.stderr).toContain("--json");
  expect((await pt(["check"], cwd)).code).toBe(2);
  expect((await pt(["plan", "a", "b", "c"], cwd)).code).toBe(2);
  expect((await pt(["--json", "check"], cwd)).code).toBe(2);
});

function thrower(error: unknown) {
  return defineCommand({ word: "fail", summary: "", arguments: [], flags: [{ name: "--json", doc: "" }], examples: [], run: () => Promise.reject(error) });
}

async function run(error: unknown, argv: string[] = []) {
  let [stdout, stderr] = ["", ""];
  const io = { cwd, stdout: { write: (text: string) => void (stdout += text) }, stderr: { write: (text: string) => void (stderr += text) }, isTerminal: false, color: false, columns: 80, env: {}, signal: new AbortController().signal, stdin: async () => Buffer.alloc(0) };
  return { code: await runCommand(thrower(error), argv, io), stdout, stderr };
}

test("what the user can mend is a diagnostic", async () => {
  const ran = await run(fileError(missingFile, "x.pt", { file: "x.pt" }));
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain("error PT7020: there is no file `x.pt`");
  const json = await run(fileError(missingFile, "x.pt", { file: "x.pt" }), ["--json"]);
  expect(JSON.parse(json.stdout).diagnostics[0]).toMatchObject({ code: "PT7020", severity: "error", file: "x.pt", fixes: [] });
});

test("the environment's faults end with 3", async () => {
  expect((await run(fileError(diskFull, "x", { file: "x" }))).code).toBe(3);
  expect((await run(Object.assign(new Error("EIO: i/o error"), { code: "EIO" }))).code).toBe(3);
  expect((await run(new RangeError("Array buffer allocation failed"))).code).toBe(3);
});

test("anything else is called a bug, with its stack", async () => {
  const ran = await run(new TypeError("x is undefined"));
  expect(ran.code).toBe(3);
  expect(ran.stderr).toMatch(/this is a bug in Ptarmigan[^]*TypeError: x is undefined\n +at /);
});

test("colour follows NO_COLOR, FORCE_COLOR and the terminal", async () => {
  expect([wantsColor({}, true), wantsColor({}, false), wantsColor({ NO_COLOR: "1" }, true), wantsColor({ FORCE_COLOR: "1" }, false), wantsColor({ TERM: "dumb" }, true)]).toEqual([true, false, false, true, false]);
  const folder = folderWith({ "main.pt": "mask near = cuasal\n" });
  expect((await pt(["check", "main.pt"], folder)).stdout).not.toContain("\u001b");
  expect((await pt(["check", "main.pt"], folder, { color: true })).stdout).toContain("\u001b[");
});
