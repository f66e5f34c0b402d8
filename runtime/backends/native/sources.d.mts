// Types of sources.mjs.
export function sourcesHash(root: string): string | null;
