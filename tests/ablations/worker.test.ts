// What the row of a job that failed says: the message, never a place in the program.

import { expect, test } from "vitest";
import { spoken } from "../../runtime/ablations/worker.ts";

test("the message of an error that nobody foresaw, or what was said last", () => {
  const bug = (message: string): string => `pt: this is a bug in Ptarmigan 1.0.0, not a mistake of yours. Please report it with what follows.\n\n${message}\n    at answer (file:///a/b.js:1:2)\n    at async Promise.all (index 0)\n    at async run (file:///a/c.js:30:4)\n`;
  expect(spoken(bug("Error: the plan has no classes of `label`"))).toBe("Error: the plan has no classes of `label`");
  expect(spoken(bug("TypeError: one line\nand another"))).toBe("TypeError: one line and another");
  expect(spoken("file:///a.js:1\nthrow new Error('x')\n^\n\nError: x\n    at file:///a.js:1:7\n    at node:internal/main:2:3\n\nNode.js v20.1.0\n")).toBe("Error: x");
  expect(spoken("a warning\npt: out of memory: Array buffer allocation failed\n")).toBe("pt: out of memory: Array buffer allocation failed");
  expect(spoken("")).toBe(undefined);
});
