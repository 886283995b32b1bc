import type { Lab } from "./lab.js";

/**
 * Lets time pass until the promise is settled, a millisecond for each turn of the machine's loop: Lua takes time of the
 * machine to load, which a virtual clock does not know of.
 */
export async function patiently<T>(lab: Lab, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settle = (): void => {
    isSettled = true;
  };
  promise.then(settle, settle);
  while (!isSettled) {
    await lab.runtime.advance(1);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return promise;
}
