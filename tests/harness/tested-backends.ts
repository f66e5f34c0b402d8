// The backends that suites loop over: those that come with the program, or the ones that `npm run test:tensorflow` and its like name.

import { backends } from "../../runtime/backends/index.ts";
import type { BackendDefinition } from "../../runtime/backends/define.ts";

const words = process.env["PT_TEST_BACKENDS"]?.split(",") ?? ["cpu", "wasm", "native"];

export const testedBackends: readonly BackendDefinition[] = words.map((word) => (backends as Readonly<Record<string, BackendDefinition>>)[word]);

/** Whether a suite of this added backend is asked for. */
export const isTested = (word: string): boolean => words.includes(word);
