// Where the reader of `tokenizer.json` is found by those that knew byte-level files only.

export { parseTokenizer } from "../file/tokenizer.ts";
