// The backends that `pt backends add` knows how to add.

import type { Recipe } from "./define.ts";
import { tensorflowRecipe } from "./tensorflow.ts";
import { webgpuRecipe } from "./webgpu.ts";

export const recipes: { readonly [word: string]: Recipe } = { tensorflow: tensorflowRecipe, webgpu: webgpuRecipe };
