// Whether a process that left a file behind is still there. Process numbers come again, so its start time is compared too.

import { readFileSync } from "node:fs";
import { systemCode } from "../files/user-error.ts";

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to someone else.
    return systemCode(error) === "EPERM";
  }
}

/** When a process started, in the kernel's own ticks; null where there is no /proc. Fields are counted after the name in parentheses (proc(5)). */
export function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
