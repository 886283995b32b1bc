import type { Runtime, Timer } from "../../runtime/runtime.js";
import { busyFor, stepOf } from "./deadline-heap.js";
import { nextTurn } from "./next-turn.js";

/**
 * A timer for a limit that a program waits for, by the rules of {@link DeadlineHeap}: what came while the program was busy
 * is seen first, and the time in which it was busy hardly counts.
 */
export function setLimit(runtime: Runtime, ms: number, call: () => void, keepAlive: boolean): Timer {
  let isCancelled = false;
  let timer = step(runtime.now() + ms);

  function step(endsAt: number): Timer {
    const began = runtime.now();
    const stepMs = stepOf(endsAt - began);
    return runtime.setTimer(Math.ceil(stepMs), () => look(endsAt, began + stepMs), keepAlive);
  }
  function look(endsAt: number, lookAt: number): void {
    const now = runtime.now();
    const until = endsAt + busyFor(lookAt, now);
    if (until > now) timer = step(until);
    else {
      nextTurn(runtime, () => {
        if (!isCancelled) call();
      });
    }
  }
  return {
    cancel: () => {
      isCancelled = true;
      timer.cancel();
    },
  };
}
