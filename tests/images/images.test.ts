// Pixels from files and at other sizes: by hand, and as Pillow 11 answers for the same bytes.

import jpeg from "jpeg-js";
import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import type { Image } from "../../runtime/columns/define.ts";
import { imageDecoder } from "../../runtime/images/decode.ts";
import { fitImage, normalizer } from "../../runtime/images/fit.ts";
import { resize } from "../../runtime/images/resize.ts";
import { jpegOf, pngOf, shapePictures } from "./shapes.ts";

/** 5 × 4 pixels of three channels, of every size. */
const sample: Image = { width: 5, height: 4, channels: 3, data: Uint8Array.from({ length: 60 }, (_, i) => (7 * i * i + 13 * i) % 256) };

describe("another size, as Pillow", () => {
  test.each([
    [3, 2, "bicubic", [121, 154, 167, 108, 131, 153, 148, 121, 118, 121, 115, 177, 124, 108, 125, 140, 198, 68]],
    [3, 2, "bilinear", [123, 149, 168, 108, 130, 146, 147, 128, 117, 123, 118, 175, 123, 114, 127, 140, 189, 74]],
    [7, 2, "bicubic", [105, 126, 121, 135, 163, 188, 122, 174, 197, 50, 127, 101, 173, 93, 175, 171, 113, 143, 98, 151, 60, 120, 152, 189, 123, 105, 173, 122, 77, 149, 116, 109, 125, 140, 145, 101, 142, 190, 73, 133, 223, 53]],
  ] as const)("%i × %i, %s", (width, height, filter, wanted) => expect([...resize(sample, height, width, filter).data]).toEqual(wanted));

  test("the same size is the same image, one colour stays that colour", () => {
    expect(resize(sample, 4, 5, "bicubic")).toBe(sample);
    const plain: Image = { width: 9, height: 7, channels: 1, data: new Uint8Array(63).fill(201) };
    for (const filter of ["bilinear", "bicubic"] as const) expect(new Set(resize(plain, 3, 20, filter).data)).toEqual(new Set([201]));
  });
});

describe("as a model takes it", () => {
  const how = { resize: "bicubic", fit: "crop" } as const;
  test("grey by Pillow's luma, from RGB and back by repeating", () => {
    const grey = fitImage(sample, { channels: 1, height: 4, width: 5 }, how);
    expect([...grey]).toEqual([18, 154, 131, 113, 86, 214, 213, 81, 152, 166, 156, 93, 79, 162, 145, 103, 81, 156, 130, 201]);
    const again = fitImage({ width: 5, height: 4, channels: 1, data: grey }, { channels: 3, height: 4, width: 5 }, how);
    expect([...again]).toEqual([...grey, ...grey, ...grey]);
  });

  test("channels one after another; the middle is cut out, or both sides are resized", () => {
    const wide: Image = { width: 4, height: 2, channels: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
    expect([...fitImage(wide, { channels: 1, height: 2, width: 2 }, how)]).toEqual([2, 3, 6, 7]);
    expect([...fitImage({ ...wide, width: 2, height: 4 }, { channels: 1, height: 2, width: 2 }, how)]).toEqual([3, 4, 5, 6]);
    expect([...fitImage(wide, { channels: 1, height: 2, width: 2 }, { resize: "bilinear", fit: "stretch" })]).toEqual([...resize(wide, 2, 2, "bilinear").data]);
    const two: Image = { width: 2, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    expect([...fitImage(two, { channels: 3, height: 1, width: 2 }, how)]).toEqual([1, 4, 2, 5, 3, 6]);
  });

  test("normalized by channel, or by one value for all", () => {
    expect(normalizer({ mean: [0.5], std: [0.5] }, 3).map((table) => [table[0], table[255]])).toEqual([[-1, 1], [-1, 1], [-1, 1]]);
    expect(normalizer({ mean: [0, 0.2], std: [1, 0.1] }, 2)[1][51]).toBeCloseTo(0, 6);
  });
});

describe("files", () => {
  const [picture] = shapePictures(1);
  const decoded = async (bytes: Uint8Array): Promise<Image> => (await imageDecoder())(bytes) as Image;
  const problem = async (bytes: Uint8Array): Promise<string> => ((await imageDecoder())(bytes) as { problem: string }).problem;
  const netpbm = (header: string, ...data: number[]): Uint8Array => Buffer.concat([Buffer.from(header), Uint8Array.from(data)]);

  test("PNG exactly; JPEG nearly; grey PNG and JPEG as RGB", async () => {
    const png = await decoded(pngOf(picture));
    expect([png.width, png.height, png.channels, Buffer.compare(png.data, picture.rgb)]).toEqual([picture.width, picture.height, 3, 0]);
    const jpg = await decoded(jpegOf(picture));
    const difference = jpg.data.reduce((sum, value, i) => sum + Math.abs(value - picture.rgb[i]), 0) / jpg.data.length;
    expect([jpg.width, jpg.height, jpg.channels]).toEqual([picture.width, picture.height, 3]);
    expect(difference).toBeLessThan(12);
    const grey = new PNG({ width: 2, height: 1 });
    grey.data.set([9, 9, 9, 255, 200, 200, 200, 255]);
    expect([...(await decoded(PNG.sync.write(grey, { colorType: 0 }))).data]).toEqual([9, 9, 9, 200, 200, 200]);
    expect([...(await decoded(jpeg.encode({ width: 8, height: 8, data: Buffer.alloc(256, 128) }, 90).data)).data.subarray(0, 3)]).toEqual([128, 128, 128]);
  });

  test("PGM and PPM, with comments, and with other largest values", async () => {
    expect(await decoded(netpbm("P5\n# a note\n2 1\n255\n", 7, 9))).toEqual({ width: 2, height: 1, channels: 1, data: Uint8Array.of(7, 9) });
    expect(await decoded(netpbm("P6 1 1 255 ", 1, 2, 3))).toEqual({ width: 1, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3) });
    expect([...(await decoded(netpbm("P5 2 1 15\n", 15, 3))).data]).toEqual([255, 51]);
  });

  test("what is damaged, or is something else, is said", async () => {
    expect(await problem(Buffer.from("GIF89a"))).toBe("it is a GIF file; PNG, JPEG, PGM and PPM are read");
    expect(await problem(Buffer.from("hello"))).toBe("it is no PNG, JPEG, PGM or PPM file");
    expect(await problem(new Uint8Array())).toBe("it is no PNG, JPEG, PGM or PPM file");
    const png = pngOf(picture);
    expect(await problem(png.subarray(0, 20))).toBe("it ends within its header");
    expect(await problem(png.subarray(0, png.length - 30))).toMatch(/^it is a damaged PNG file \(/);
    const wrong = Buffer.from(png);
    wrong[60] ^= 255;
    expect(await problem(wrong)).toMatch(/^it is a damaged PNG file \(/);
    const huge = Buffer.from(png);
    huge.writeUInt32BE(100_000, 16);
    huge.writeUInt32BE(100_000, 20);
    expect(await problem(huge)).toBe("it has 100000 × 100000 pixels; 100 million are read");
    const jpg = jpegOf(picture);
    expect(await problem(jpg.subarray(0, 40))).toMatch(/^it is a damaged JPEG file \(/);
    expect(await problem(netpbm("P5 3 2 255\n", 1, 2))).toBe("it ends too early");
    expect(await problem(netpbm("P5 3 2 70000\n", 1, 2))).toBe("its largest value is 70000; values of one byte are read");
    expect(await problem(netpbm("P5 x"))).toBe("its header is no netpbm header");
  });

  test("any cut and any changed byte gives an image or a problem, never an exception", async () => {
    const decode = await imageDecoder();
    for (const bytes of [pngOf(picture), jpegOf(picture)]) {
      for (let cut = 0; cut < bytes.length; cut += 17) expect(decode(bytes.subarray(0, cut))).toBeDefined();
      for (let at = 0; at < bytes.length; at += 13) {
        const changed = Buffer.from(bytes);
        changed[at] ^= 0x55;
        expect(decode(changed)).toBeDefined();
      }
    }
  });
});
