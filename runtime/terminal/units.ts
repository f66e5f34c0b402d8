// Numbers as people read them.

/** 1234567 → `1.23 M`; three digits. */
export function short(value: number): string {
  const sizes: [number, string][] = [[1e24, "Y"], [1e21, "Z"], [1e18, "E"], [1e15, "P"], [1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]];
  for (const [size, letter] of sizes) if (Math.abs(value) >= size) return `${Number((value / size).toPrecision(3))} ${letter}`;
  return String(Number(value.toPrecision(3)));
}

/** Bytes with a decimal unit: `97.6 MB`. */
export function bytesText(value: number): string {
  return `${short(value).replace("k", "K")}${value < 1e3 ? " " : ""}B`;
}

/** Seconds as `3m 20s`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  const whole = Math.round(seconds);
  const [days, hours, minutes] = [Math.floor(whole / 86_400), Math.floor(whole / 3_600) % 24, Math.floor(whole / 60) % 60];
  if (days) return `${days}d ${hours}h`;
  if (hours) return `${hours}h ${minutes}m`;
  if (minutes) return `${minutes}m ${String(whole % 60).padStart(2, "0")}s`;
  return whole < 10 && seconds < 9.95 ? `${seconds.toFixed(1)}s` : `${whole}s`;
}

/** A bar of `width` cells, filled in eighths. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.max(0, Math.min(1, share)) * width * 8);
  const full = Math.floor(eighths / 8);
  return "█".repeat(full) + (eighths % 8 ? " ▏▎▍▌▋▊▉"[eighths % 8] : "") + "·".repeat(width - full - (eighths % 8 ? 1 : 0));
}
