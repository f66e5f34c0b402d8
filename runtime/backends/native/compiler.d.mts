// Types of compiler.mjs.
export function findCompiler(): string | undefined;
export function findHeaders(): string | undefined;
