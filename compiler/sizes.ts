// Sizes of a stack's batch: as many positions as asked for of a text; of an image, what its patches come to.

import type { Instance, Stack } from "./architecture.ts";
import type { ImageSize } from "./layers/define.ts";
import type { StackSize } from "./phases/3-build.ts";

/** `image` in pixels; by default the square image that the stack has positions for. */
export function stackSize(stack: Stack, length: number, image?: ImageSize): StackSize {
  if (stack.reads === "tokens") return { length };
  const size = image ?? imageOf(stack);
  return { length: Math.max(...stack.embed.map((instance) => positionsOf(instance, size))), image: { ...size, channels: channelsOf(stack) } };
}

/** Positions that a text may have: the smallest table of positions. */
export function contextOf(stack: Stack): number {
  return Math.min(...stack.embed.map(({ definition, args }) => definition.context?.(args) ?? Infinity));
}

/** The square image whose patches, with what is put before them, fill the table of positions; 224 pixels where there is none. */
export function imageOf(stack: Stack): ImageSize {
  const context = contextOf(stack);
  const patch = patchesOf(stack);
  const side = patch ? (patch.args.size as number) : 1;
  if (!Number.isFinite(context)) return { height: 224, width: 224 };
  const none = Math.max(...stack.embed.map((instance) => positionsOf(instance, { height: 0, width: 0 })));
  const count = Math.floor(Math.sqrt(Math.max(1, context - none)));
  return { height: count * side, width: count * side };
}

export function channelsOf(stack: Stack): number {
  return (patchesOf(stack)?.args.channels as number | undefined) ?? 1;
}

function patchesOf(stack: Stack): Instance | undefined {
  const search = (instance: Instance): Instance | undefined => {
    if (instance.definition.reads === "pixels") return instance;
    return Object.values(instance.parts).flatMap((part) => (part.kind === "layer" ? [search(part.instance)] : [])).find((found) => found !== undefined);
  };
  return stack.embed.map(search).find((found) => found !== undefined);
}

function positionsOf({ definition, args, parts }: Instance, image: ImageSize): number {
  const part = (argument: string): number => {
    const found = parts[argument];
    return found?.kind === "layer" ? positionsOf(found.instance, image) : 0;
  };
  return definition.positions?.(args, image, part) ?? 0;
}
