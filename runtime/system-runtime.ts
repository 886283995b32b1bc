import type { Runtime, Timer } from "./runtime.js";

interface UnrefTimer {
  unref?: () => void;
}

/** The clock, timers and chance of the machine. */
export const systemRuntime: Runtime = {
  now: () => performance.now(),
  wallClock: () => Date.now(),
  setTimer(ms: number, call: () => void, keepAlive: boolean): Timer {
    const timer: ReturnType<typeof setTimeout> | (ReturnType<typeof setTimeout> & UnrefTimer) = setTimeout(call, ms);
    if (!keepAlive && typeof timer === "object") timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
  // biome-ignore lint/plugin: this is the one place where chance comes from.
  random: () => Math.random(),
  randomBigint64() {
    return crypto.getRandomValues(new BigUint64Array(1))[0]!;
  },
};
