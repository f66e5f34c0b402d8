// PT7216: a folder for an imported model that holds something else.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

export const occupiedFolder = defineDiagnostic<{ folder: string; what: string }>({
  code: "PT7216",
  slug: "occupied-folder",
  severity: "error",
  title: "A folder is in use.",
  message: ({ folder, what }) => `\`${folder}\` holds ${what}, which import leaves alone`,
  hint: () => "choose another folder with `--out`",
  page: "Import writes a folder of its own: `spec.pt`, `checkpoints/` and `tokenizer.json`. It replaces what an earlier import wrote there, and nothing else.",
  failing: modelExample({ command: ["import", "model", "--out", "model"] }),
  fixed: modelExample({ command: ["import", "model", "--out", "imported"] }),
});
