// Lines that are rewritten: nothing without a terminal, as many lines erased as were shown, and none that wraps.

import { expect, test } from "vitest";
import type { Io } from "../../runtime/commands/define.ts";
import { liveBlock } from "../../runtime/terminal/live-block.ts";

function terminal(isTerminal: boolean): { io: Io; text: () => string } {
  let text = "";
  const io = { isTerminal, columns: 24, stderr: { write: (some: string) => void (text += some) } } as Io;
  return { io, text: () => text };
}

test("lines replace the last ones; what is printed for good stays above them", () => {
  const { io, text } = terminal(true);
  let now = 0;
  const block = liveBlock(io, () => now);
  block.show(() => ["one", "two"]);
  block.show(() => ["never: too soon"]);
  now = 250;
  block.show(() => ["three"]);
  block.above("for good");
  block.clear();
  expect(text()).toBe("one\ntwo\n\u001b[2A\r\u001b[Jthree\n\u001b[1A\r\u001b[Jfor good\nthree\n\u001b[1A\r\u001b[J");
});

test("a line that would wrap is cut; without a terminal only what stays is printed", () => {
  const wide = terminal(true);
  liveBlock(wide.io).show(() => ["x".repeat(60)]);
  expect(wide.text()).toBe(`${"x".repeat(22)}…\n`);
  const none = terminal(false);
  const block = liveBlock(none.io);
  block.show(() => ["x"]);
  block.above("for good");
  block.clear();
  expect(none.text()).toBe("for good\n");
});
