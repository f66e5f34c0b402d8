// Types of prebuilt.mjs.
export function prebuiltName(): string;
export function versionOf(root: string): string;
export function prebuiltFiles(root: string): string[];
