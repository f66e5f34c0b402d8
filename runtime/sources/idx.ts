// `format: idx`: the format of MNIST (http://yann.lecun.com/exdb/mnist): a magic number, sizes, values. A file of three or more
// axes holds images, a file of one axis labels; the i-th file of images goes with the i-th of labels, in natural order.

import { unreadableFile } from "../../grammar/diagnostics/PT7004-unreadable-file.ts";
import { fileError } from "../files/user-error.ts";
import type { Image } from "../columns/define.ts";
import { defineSource, type SourceFile, type SourceRecord } from "./define.ts";

export const idx = defineSource({
  word: "idx",
  doc: "Images and labels as MNIST has them: files of bytes with three axes (or four, the last of channels) and files of one axis, paired in the order of their names.",
  table: "names",
  async *records(files, columns) {
    const opened = await Promise.all(files.map(open));
    const images = opened.filter((one) => one.shape.length > 1);
    const labels = opened.filter((one) => one.shape.length === 1);
    const needsLabels = columns.some((column) => column.type !== "image");
    if (images.length === 0) throw damaged(files[0], "no file of images (three axes) is among the files");
    if (needsLabels && labels.length !== images.length) throw damaged(files[0], `there are ${images.length} files of images and ${labels.length} of labels`);
    for (const [i, image] of images.entries()) {
      const label = needsLabels ? labels[i] : null;
      if (label && label.shape[0] !== image.shape[0]) throw damaged(label.file, `it has ${label.shape[0]} labels for the ${image.shape[0]} images of \`${image.file.name}\``);
      yield* pairs(image, label);
    }
    for (const { rest } of opened) await rest();
  },
});

interface Opened {
  readonly file: SourceFile;
  readonly shape: readonly number[];
  /** The next bytes; throws UserError where the file ends before. */
  readonly take: (count: number) => Promise<Uint8Array>;
  /** Reads on to the end, where nothing may be left. */
  readonly rest: () => Promise<void>;
}

async function open(file: SourceFile): Promise<Opened> {
  const pieces = file.bytes()[Symbol.asyncIterator]();
  let buffer: Uint8Array = new Uint8Array(0);
  const take = async (count: number): Promise<Uint8Array> => {
    while (buffer.length < count) {
      const next = await pieces.next();
      if (next.done) throw damaged(file, "it ends too early");
      buffer = buffer.length === 0 ? next.value : Buffer.concat([buffer, next.value]);
    }
    const taken = buffer.subarray(0, count);
    buffer = buffer.subarray(count);
    return taken;
  };
  const [zero, one, type, axes] = await take(4);
  if (zero !== 0 || one !== 0 || type !== 0x08 || axes < 1 || axes > 4 || axes === 2) throw damaged(file, "it is no IDX file of bytes with one, three or four axes");
  const header = await take(4 * axes);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  return {
    file,
    shape: Array.from({ length: axes }, (_, axis) => view.getUint32(4 * axis)),
    take,
    async rest() {
      for (let next = await pieces.next(); !next.done; next = await pieces.next()) if (next.value.length > 0) buffer = next.value;
      if (buffer.length > 0) throw damaged(file, "it goes on after its last value");
    },
  };
}

async function* pairs(images: Opened, labels: Opened | null): AsyncGenerator<readonly SourceRecord[]> {
  const [count, height, width, channels = 1] = images.shape;
  const size = height * width * channels;
  const together = 256;
  for (let first = 0; first < count; first += together) {
    const some = Math.min(together, count - first);
    const values = await images.take(some * size);
    const classes = labels ? await labels.take(some) : null;
    yield Array.from({ length: some }, (_, i): SourceRecord => {
      const image: Image = { height, width, channels, data: values.slice(i * size, (i + 1) * size) };
      return { file: images.file.name, line: first + i + 1, get: (column) => (column.type === "image" ? image : classes![i]) };
    });
  }
}

function damaged(file: SourceFile, reason: string): Error {
  return fileError(unreadableFile, file.name, { file: file.name, reason });
}
