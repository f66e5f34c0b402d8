// The part of the WebAssembly API that is used: TypeScript has it only in the browser's library.

declare namespace WebAssembly {
  class Memory { constructor(descriptor: { initial: number; maximum?: number }); readonly buffer: ArrayBuffer }
  class Module { constructor(bytes: Uint8Array) }
  class Instance { constructor(module: Module, imports: object); readonly exports: object }
  function validate(bytes: Uint8Array): boolean;
}
