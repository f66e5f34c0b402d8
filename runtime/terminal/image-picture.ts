// A small picture of an image in text: blocks of two rows each, in colour on a terminal, in shades elsewhere.

/** Values by channel, row and column, between 0 and 1. */
export interface Shades { readonly channels: number; readonly height: number; readonly width: number; readonly at: (channel: number, row: number, column: number) => number }

const shades = " ░▒▓█";

export function imagePicture({ channels, height, width, at }: Shades, { color, columns = 32 }: { readonly color: boolean; readonly columns?: number }): string[] {
  const wide = Math.min(columns, width);
  const tall = Math.max(1, Math.round((height * wide) / width / 2));
  /** The mean of the pixels under a cell of a grid. */
  const mean = (channel: number, row: number, rows: number, column: number): number => {
    const [top, left] = [Math.floor((row * height) / rows), Math.floor((column * width) / wide)];
    const [bottom, right] = [Math.max(top + 1, Math.floor(((row + 1) * height) / rows)), Math.max(left + 1, Math.floor(((column + 1) * width) / wide))];
    let sum = 0;
    for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += at(channel, y, x);
    return sum / ((bottom - top) * (right - left));
  };
  const rgb = (row: number, rows: number, column: number): number[] => [0, 1, 2].map((channel) => mean(Math.min(channel, channels - 1), row, rows, column));
  const luma = ([r, g, b]: readonly number[]): number => 0.299 * r + 0.587 * g + 0.114 * b;
  const paint = (code: number, value: readonly number[]): string => `\u001b[${code};2;${value.map((one) => Math.round(255 * Math.min(1, Math.max(0, one)))).join(";")}m`;
  return Array.from({ length: tall }, (_, row) => {
    const cells = Array.from({ length: wide }, (__, column) => {
      if (color) return `${paint(38, rgb(2 * row, 2 * tall, column))}${paint(48, rgb(2 * row + 1, 2 * tall, column))}▀`;
      return shades[Math.min(shades.length - 1, Math.max(0, Math.floor(luma(rgb(row, tall, column)) * shades.length)))];
    });
    return color ? `${cells.join("")}\u001b[0m` : cells.join("");
  });
}
