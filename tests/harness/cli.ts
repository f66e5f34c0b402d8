// Runs `pt` in this process, in a folder of its own.

import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { main } from "../../runtime/cli.ts";
import type { Io } from "../../runtime/commands/define.ts";

export interface Ran { readonly code: number; readonly stdout: string; readonly stderr: string; /** Codes in the order printed. */ readonly codes: readonly string[] }

/** A folder with these files, removed after the test. Base64 data URLs are bytes. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = newFolder(files);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The same for a whole suite, which removes it itself. */
export function newFolder(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "pt-")));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text.startsWith("data:;base64,") ? Buffer.from(text.slice(13), "base64") : text);
  }
  return folder;
}

export async function pt(argv: readonly string[], cwd: string, options: Partial<Io> & { readonly input?: string } = {}): Promise<Ran> {
  let [stdout, stderr] = ["", ""];
  const io: Io = {
    cwd,
    stdout: { write: (text) => void (stdout += text) },
    stderr: { write: (text) => void (stderr += text) },
    isTerminal: false,
    color: false,
    columns: 100,
    env: {},
    signal: new AbortController().signal,
    stdin: async () => Buffer.from(options.input ?? ""),
    ...options,
  };
  const code = await main(argv, io);
  return { code, stdout, stderr, codes: [...`${stdout}\n${stderr}`.matchAll(/^(?:error|warning) (PT\d{4})/gm)].map((match) => match[1]) };
}

export const read = (folder: string, file: string): string => readFileSync(join(folder, file), "utf8");
