// The byte-level alphabet (Radford et al. 2019, `bytes_to_unicode`): a printable character for each byte, so that tokens can be written as text.

/** Character of each byte: itself where printable in Latin-1, else U+0100 upward in byte order. */
export const byteToCharacter: readonly string[] = makeAlphabet();

/** Byte of each character code of the alphabet, -1 elsewhere. */
const characterToByte = new Int16Array(0x144).fill(-1);
byteToCharacter.forEach((character, byte) => (characterToByte[character.charCodeAt(0)] = byte));

function makeAlphabet(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    return String.fromCharCode(printable ? byte : next++);
  });
}

/** Bytes of a token's text; null if a character is not of the alphabet. */
export function fromAlphabet(token: string): Uint8Array | null {
  const bytes = new Uint8Array(token.length);
  for (let i = 0; i < token.length; i++) {
    const code = token.charCodeAt(i);
    const byte = code < characterToByte.length ? characterToByte[code] : -1;
    if (byte < 0) return null;
    bytes[i] = byte;
  }
  return bytes;
}
