// Numbers as people read them.

import { expect, test } from "vitest";
import { bar, both, bytes, duration, short } from "../../runtime/terminal/numbers.ts";

test("three digits and a magnitude", () => {
  expect([0.123456, 12, 999.4, 999.6, 1_234, 1e6, 6.7e9].map((value) => short(value))).toEqual(["0.123", "12", "999", "1 k", "1.23 k", "1 M", "6.7 B"]);
  expect([both(1_234), both(124_439_808), bytes(999), bytes(97_600_000)]).toEqual(["1,234", "124,439,808 (124 M)", "999 B", "97.6 MB"]);
});

test("durations lose no digits below a second", () => {
  expect([0.01234, 0.5, 1, 9.94, 9.96, 75, 3_700, 90_000, Infinity].map(duration)).toEqual(["0.0123s", "0.5s", "1.0s", "9.9s", "10s", "1m 15s", "1h 1m", "1d 1h", "?"]);
});

test("a bar is filled in eighths", () => {
  expect([bar(0, 4), bar(0.5, 4), bar(1, 4), bar(0.53125, 4)]).toEqual(["····", "██··", "████", "██▏·"]);
});
