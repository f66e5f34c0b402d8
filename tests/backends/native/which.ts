// Prints what the loader of the native kernels finds, and what a command that trains says without them: a process for each case.

import { chooseBackend } from "../../../runtime/backends/_choose.ts";
import { loadBinding } from "../../../runtime/backends/native/_binding.ts";
import type { Io } from "../../../runtime/commands/define.ts";

const found = loadBinding();
let said = "";
const io = { stderr: { write: (text: string) => void (said += text) } } as unknown as Io;
const backend = await chooseBackend(undefined, io);
process.stdout.write(JSON.stringify({ file: typeof found === "string" ? null : found.file, reason: typeof found === "string" ? found : null, backend, said }));
