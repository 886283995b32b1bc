import type { Runtime } from "../runtime/runtime.js";
import { AbortError } from "./errors.js";

/** Resolves after `ms`; rejects with AbortError when the signal comes first. Somebody waits for it, so it holds the process. */
export function sleep(runtime: Runtime, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(aborted(signal));
      return;
    }
    const onAbort = (): void => {
      timer.cancel();
      reject(aborted(signal));
    };
    const timer = runtime.setTimer(
      ms,
      () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      },
      true,
    );
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

function aborted(signal: AbortSignal | undefined): AbortError {
  return new AbortError("The wait was aborted", { cause: signal?.reason });
}
