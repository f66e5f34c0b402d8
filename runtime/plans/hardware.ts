// What `hardware` declarations say of machines, and what runs cost on them.

import type { CheckResult } from "../../compiler/check.ts";
import { partsOfFile } from "../../compiler/parts.ts";

/** A `hardware` declaration. `price` is of an hour. */
export interface Machine { readonly name: string; readonly flops: number; readonly memory: number; readonly utilisation: number; readonly price: number | null }

export function machinesOf(result: CheckResult): Machine[] {
  const parts = partsOfFile(result);
  return result.scope.declarations.filter((declared) => declared.word === "hardware").map(({ name }) => {
    const fields = parts.get(name)?.parts();
    const number = (field: string): number | null => {
      const value = fields?.get(field)?.value;
      return value?.kind === "number" ? value.value : null;
    };
    return { name, flops: number("flops") ?? NaN, memory: number("memory") ?? NaN, utilisation: number("utilisation") ?? NaN, price: number("price") };
  });
}

export interface Estimate { readonly hardware: string; readonly seconds: number | null; readonly hours: number | null; readonly price: number | null; readonly fits: boolean }

/** Time of one device: FLOPs over the share of its speed that training reaches. */
export function estimate(total: number | null, peakMemory: number, machine: Machine): Estimate {
  const seconds = total === null ? null : total / (machine.flops * machine.utilisation);
  const hours = seconds === null ? null : seconds / 3_600;
  return { hardware: machine.name, seconds, hours, price: hours === null || machine.price === null ? null : hours * machine.price, fits: peakMemory <= machine.memory };
}
