import type { Runtime } from "../../runtime/runtime.js";
import { AbortError } from "../errors/errors.js";
import { onAbort } from "./on-abort.js";

/** Resolves after `ms`; rejects with AbortError when the signal comes first. Somebody waits for it, so it holds the process. */
export function sleep(runtime: Runtime, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(aborted(signal));
      return;
    }
    const timer = runtime.setTimer(
      ms,
      () => {
        stopListening?.();
        resolve();
      },
      true,
    );
    const stopListening =
      signal &&
      onAbort(signal, () => {
        timer.cancel();
        reject(aborted(signal));
      });
  });
}

function aborted(signal: AbortSignal | undefined): AbortError {
  return new AbortError("The wait was aborted", { cause: signal?.reason });
}
