import type { Runtime, Timer } from "./runtime.js";

// biome-ignore-start lint/plugin: this is the one place where time and chance come from.

/** The clock, timers and chance of the machine. */
export const systemRuntime: Runtime = {
  now: () => performance.now(),
  wallClock: () => Date.now(),
  setTimer(ms: number, call: () => void, keepAlive: boolean): Timer {
    const timer = setTimeout(call, ms);
    // Browsers and edge workers have plain numbers for timers, which hold nothing open.
    if (!keepAlive && typeof timer === "object") timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
  nextTurn(call: () => void): void {
    // Timers, then sockets, then immediates: that is the order of a turn in Node.js.
    if (typeof setImmediate === "function") setImmediate(call);
    else setTimeout(call, 0);
  },
  random: () => Math.random(),
  randomBigint64() {
    return crypto.getRandomValues(new BigUint64Array(1))[0]!;
  },
};

// biome-ignore-end lint/plugin: this is the one place where time and chance come from.
