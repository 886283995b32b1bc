import { homedir } from "node:os";
import { connect } from "../src/index.js";
import type { Clock, Io } from "./io.js";
import { terminalPrompter } from "./output/prompter.js";

const clock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener("abort", done);
    }),
};

/** The world as a process sees it. */
export function processIo(): Io {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    home: homedir(),
    clock,
    prompter: terminalPrompter(process.stdin, process.stderr),
    onInterrupt: listenTo(["SIGINT", "SIGTERM", "SIGHUP"]),
    connect,
  };
}

/** The newest listener alone hears of a signal: whoever asks the user is not disturbed by those behind him. */
function listenTo(signals: readonly NodeJS.Signals[]): Io["onInterrupt"] {
  const listeners: (() => void)[] = [];
  const hear = (): void => listeners.at(-1)?.();
  return (listener) => {
    if (listeners.length === 0) for (const signal of signals) process.on(signal, hear);
    listeners.push(listener);
    return () => {
      listeners.splice(listeners.lastIndexOf(listener), 1);
      if (listeners.length === 0) for (const signal of signals) process.off(signal, hear);
    };
  };
}
