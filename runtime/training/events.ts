// What a training run tells while it goes; `pt train --json` prints these as lines. Times are here and nowhere else.

import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import type { MetricValues } from "./evaluate.ts";

export type TrainEvent =
  | { readonly event: "start"; readonly step: number; readonly steps: number; readonly folder: string; readonly backend: string; readonly parameters: number; readonly examples: number; readonly batch: number; readonly tokens_per_step: number }
  | { readonly event: "resume"; readonly step: number; readonly steps: number; readonly folder: string }
  | { readonly event: "step"; readonly step: number; readonly steps: number; readonly loss: number; /** By head, where there are several. */ readonly losses?: { readonly [head: string]: number | null }; readonly rate: number; readonly gradient_norm: number | null; readonly tokens: number; readonly tokens_per_second: number; readonly seconds_left: number; /** For the step's batch. */ readonly waiting_seconds: number }
  | { readonly event: "evaluate"; readonly step: number; readonly loss: number; readonly metrics: MetricValues; readonly best: boolean; readonly tokens: number; readonly seconds: number }
  | { readonly event: "sample"; readonly step: number; readonly prompt: string; readonly text: string }
  | { readonly event: "checkpoint"; readonly step: number; readonly folder: string; readonly seconds: number }
  | { readonly event: "interrupted"; readonly step: number; readonly steps: number; readonly folder: string; readonly message: string }
  | { readonly event: "done"; readonly step: number; readonly loss: number | null; readonly metrics: MetricValues | null; readonly tokens: number; readonly tokens_per_second: number | null; readonly seconds: number; /** For batches. */ readonly waiting_seconds: number; /** Batches that another thread made. */ readonly batches_ahead: number; readonly folder: string; /** The run was complete before. */ readonly already: boolean }
  | { readonly event: "skip" | "rollback"; readonly step: number; readonly to: number; readonly loss: number; readonly message: string }
  | { readonly event: "warning"; readonly step: number; readonly diagnostic: Diagnostic };

export type Emit = (event: TrainEvent) => void;
