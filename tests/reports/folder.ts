// Folders that a whole suite shares.

import { rmSync } from "node:fs";

export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });
