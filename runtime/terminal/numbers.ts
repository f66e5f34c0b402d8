// Numbers as people read them.

const magnitudes: readonly [number, string][] = [[1e24, "Y"], [1e21, "Z"], [1e18, "E"], [1e15, "P"], [1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]];

/** `124,439,808` */
export function exact(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString("en-US") : String(Number(value.toPrecision(6)));
}

/** Three digits and a magnitude: `124 M`, `1.21 T`, `B` for 10⁹ of things that are counted. */
export function short(value: number, giga = "B"): string {
  const [size, letter] = magnitudes.find(([least]) => Math.abs(value) >= least * 0.9995) ?? [1, ""];
  const digits = Number((value / size).toPrecision(3));
  return letter ? `${digits} ${letter === "G" ? giga : letter}` : String(digits);
}

/** `1.06 M`, followed by the exact number where it says more. */
export function both(value: number): string {
  return Math.abs(value) < 10_000 ? exact(value) : `${exact(value)} (${short(value)})`;
}

export const bytes = (value: number): string => `${short(value, "G")}${value >= 999.5 ? "B" : " B"}`;

/** Seconds as `3m 20s`; below a second three digits: `0.0123s`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  const whole = Math.round(seconds);
  const [days, hours, minutes] = [Math.floor(whole / 86_400), Math.floor(whole / 3_600) % 24, Math.floor(whole / 60) % 60];
  if (days) return `${days}d ${hours}h`;
  if (hours) return `${hours}h ${minutes}m`;
  if (minutes) return `${minutes}m ${String(whole % 60).padStart(2, "0")}s`;
  if (seconds < 1) return `${Number(seconds.toPrecision(3))}s`;
  return seconds < 9.95 ? `${seconds.toFixed(1)}s` : `${whole}s`;
}

/** A share as `0.42 %`. */
export const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

/** A bar of `width` cells, filled in eighths. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.max(0, Math.min(1, share)) * width * 8);
  const full = Math.floor(eighths / 8);
  return "█".repeat(full) + (eighths % 8 ? " ▏▎▍▌▋▊▉"[eighths % 8] : "") + "·".repeat(width - full - (eighths % 8 ? 1 : 0));
}

/** Floating-point operations: `3.1 TFLOP`. */
export const flops = (value: number): string => `${short(value, "G")}${value >= 999.5 ? "" : " "}FLOP`;
