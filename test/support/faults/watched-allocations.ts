/** Sizes of the byte arrays, buffers and lists that were made by size while it was in force. */
export class WatchedAllocations implements Disposable {
  readonly #originals = {
    Uint8Array: globalThis.Uint8Array,
    ArrayBuffer: globalThis.ArrayBuffer,
    Array: globalThis.Array,
  };
  largest = 0;

  constructor() {
    globalThis.Uint8Array = this.#watched(globalThis.Uint8Array);
    globalThis.ArrayBuffer = this.#watched(globalThis.ArrayBuffer);
    globalThis.Array = this.#watched(globalThis.Array);
  }

  [Symbol.dispose](): void {
    Object.assign(globalThis, this.#originals);
  }

  #watched<T extends new (...args: never[]) => object>(made: T): T {
    return new Proxy(made, {
      construct: (target, args: unknown[], newTarget) => {
        if (typeof args[0] === "number") this.largest = Math.max(this.largest, args[0]);
        return Reflect.construct(target, args, newTarget);
      },
    });
  }
}
