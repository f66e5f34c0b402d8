// placeholder
import type { AppliedModel } from "../apply/model.ts";
export async function exportHuggingFace(_m: AppliedModel, _f: string, _o: string, _x: object): Promise<{ className: string; tensors: number; bytes: number }> { return { className: "", tensors: 0, bytes: 0 }; }
