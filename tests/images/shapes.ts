// Coloured shapes with captions, as files: what a small model of two towers can learn to tell apart.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import jpeg from "jpeg-js";
import { PNG } from "pngjs";
import { randomStream } from "../../compiler/random.ts";

const colours = { red: [220, 30, 30], green: [30, 190, 40], blue: [40, 50, 230], white: [245, 245, 245], yellow: [230, 220, 30] } as const;
const shapes = {
  square: (x: number, y: number) => Math.max(Math.abs(x), Math.abs(y)) < 0.7,
  bar: (_: number, y: number) => Math.abs(y) < 0.3,
  pole: (x: number) => Math.abs(x) < 0.3,
  cross: (x: number, y: number) => Math.abs(Math.abs(x) - Math.abs(y)) < 0.25,
} as const;
const grounds = { night: 10, fog: 110 } as const;

export interface Shape { readonly caption: string; readonly width: number; readonly height: number; readonly rgb: Uint8Array }

/** Every colour, shape and ground once a round, with noise of its own, in sizes that differ. */
export function shapePictures(rounds: number, { size = 16, seed = 1 } = {}): Shape[] {
  const made: Shape[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [colour, paint] of Object.entries(colours)) for (const [shape, inside] of Object.entries(shapes)) for (const [ground, grey] of Object.entries(grounds)) {
      const random = randomStream(seed, "shapes", made.length);
      const [width, height] = [size + 2 * (made.length % 3), size + 2 * (made.length % 2)];
      const rgb = new Uint8Array(3 * width * height);
      for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) for (let c = 0; c < 3; c++) {
        const value = inside((2 * x + 1) / width - 1, (2 * y + 1) / height - 1) ? paint[c] : grey;
        rgb[(y * width + x) * 3 + c] = Math.max(0, Math.min(255, Math.round(value + 12 * random.normal())));
      }
      made.push({ caption: `a ${colour} ${shape} in ${ground}`, width, height, rgb });
    }
  }
  return made;
}

export function pngOf({ width, height, rgb }: Shape): Buffer {
  const png = new PNG({ width, height });
  for (let i = 0; i < width * height; i++) png.data.set([rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2], 255], 4 * i);
  return PNG.sync.write(png);
}

export function jpegOf({ width, height, rgb }: Shape): Buffer {
  const data = Buffer.alloc(4 * width * height, 255);
  for (let i = 0; i < width * height; i++) data.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  return jpeg.encode({ width, height, data }, 95).data;
}

/** `NAME.csv` of paths and captions, half of the pictures PNG and half JPEG. */
export function writeShapes(folder: string, name: string, pictures: readonly Shape[]): void {
  const rows = pictures.map((picture, i) => {
    const file = `${name}-${i}.${i % 2 ? "jpg" : "png"}`;
    writeFileSync(join(folder, file), i % 2 ? jpegOf(picture) : pngOf(picture));
    return `${file},${picture.caption}`;
  });
  writeFileSync(join(folder, `${name}.csv`), `picture,caption\n${rows.join("\n")}\n`);
}
