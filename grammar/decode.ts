// Bytes of a file → its text, or the reason why they are not the text of a `.pt` file.

import { diagnose, type Diagnostic } from "./diagnostics/define.ts";
import { notUtf8 } from "./diagnostics/PT1001-not-utf8.ts";
import { binaryFile } from "./diagnostics/PT1002-binary-file.ts";
import { pytorchCheckpoint } from "./diagnostics/PT1003-pytorch-checkpoint.ts";

/** The text of a file, without a byte-order mark; line ends stay as written. An empty file is an empty text. */
export function decode(bytes: Uint8Array, file: string): { text: string } | { diagnostic: Diagnostic } {
  const refuse = { file, text: "", span: { start: 0, end: 0 } };
  const container = checkpointContainer(bytes);
  if (container) return { diagnostic: diagnose(pytorchCheckpoint, refuse, { container }) };
  const wide = wideEncoding(bytes);
  if (wide) return { diagnostic: diagnose(notUtf8, refuse, { encoding: wide }) };
  if (looksBinary(bytes)) return { diagnostic: diagnose(binaryFile, refuse, {}) };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { diagnostic: diagnose(notUtf8, wherePrefixEnds(bytes, file), {}) };
  }
}

/** torch.save writes a zip archive since 1.6 and a bare pickle (protocol 2 to 5) before. */
function checkpointContainer(bytes: Uint8Array): "zip" | "pickle" | undefined {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04) return "zip";
  if (bytes[0] === 0x80 && bytes[1] !== undefined && bytes[1] >= 2 && bytes[1] <= 5) return "pickle";
  return undefined;
}

/** UTF-16 announces itself; some editors on Windows still write it. */
function wideEncoding(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "UTF-16 (little endian)";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "UTF-16 (big endian)";
  return undefined;
}

/** Text has no control characters but tab, line ends and form feed; the first 64 KiB decide. */
function looksBinary(bytes: Uint8Array): boolean {
  const end = Math.min(bytes.length, 65_536);
  for (let i = 0; i < end; i++) {
    const byte = bytes[i]!;
    if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27) || byte === 11 || byte === 127) return true;
  }
  return false;
}

/** The place of the first byte that is not UTF-8: the longest prefix that decodes, by bisection over whole lines and then bytes. */
function wherePrefixEnds(bytes: Uint8Array, file: string): { file: string; text: string; span: { start: number; end: number } } {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodesSoFar(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  const text = new TextDecoder("utf-8").decode(bytes.subarray(0, good), { stream: true });
  return { file, text, span: { start: text.length, end: text.length } };
}

/** With `stream` an unfinished character at the end is no error, so the answer is monotone in the length. */
function decodesSoFar(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
