import type { Runtime, Timer } from "../../runtime/runtime.js";
import { putOff } from "./deadline-heap.js";
import { nextTurn } from "./next-turn.js";

/**
 * A timer for a limit that a program waits for, by the rules of {@link DeadlineHeap}: what came while the program was busy
 * is seen first, and a late limit has once as much time again.
 */
export function setLimit(runtime: Runtime, ms: number, call: () => void, keepAlive: boolean): Timer {
  const endsAt = runtime.now() + ms;
  let isCancelled = false;
  let timer = runtime.setTimer(ms, end, keepAlive);

  function end(): void {
    const now = runtime.now();
    nextTurn(runtime, () => {
      if (isCancelled) return;
      if (now > endsAt) timer = runtime.setTimer(Math.max(0, putOff(endsAt, now) - runtime.now()), once, keepAlive);
      else call();
    });
  }
  function once(): void {
    nextTurn(runtime, () => {
      if (!isCancelled) call();
    });
  }
  return {
    cancel: () => {
      isCancelled = true;
      timer.cancel();
    },
  };
}
