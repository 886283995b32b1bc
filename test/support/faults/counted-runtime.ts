import type { Runtime, Timer } from "../../../runtime/runtime.js";
import { systemRuntime } from "../../../runtime/system-runtime.js";
import type { Random } from "./chance.js";

/** The machine's clock with chance from a seed, and its timers counted. */
export class CountedRuntime implements Runtime {
  readonly random: Random;
  readonly #pending = new Set<Timer>();

  constructor(random: Random) {
    this.random = random;
  }

  /** Timers that are set and neither fired nor cancelled. */
  get pendingTimers(): number {
    return this.#pending.size;
  }

  now(): number {
    return systemRuntime.now();
  }

  wallClock(): number {
    return systemRuntime.wallClock();
  }

  setTimer(ms: number, call: () => void, keepAlive: boolean): Timer {
    const inner = systemRuntime.setTimer(
      ms,
      () => {
        this.#pending.delete(timer);
        call();
      },
      keepAlive,
    );
    const timer: Timer = {
      cancel: () => {
        this.#pending.delete(timer);
        inner.cancel();
      },
    };
    this.#pending.add(timer);
    return timer;
  }

  nextTurn(call: () => void): void {
    systemRuntime.nextTurn?.(call);
  }

  randomBigint64(): bigint {
    const half = (): bigint => BigInt(Math.floor(this.random() * 0x1_0000_0000));
    return (half() << 32n) | half();
  }
}

/** Sockets of this process that are open, its own ends and those of servers in it. */
export function openTcpHandles(): number {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith("TCP") || name.startsWith("TLS")).length;
}

/** Resolves once the condition holds; rejects after a time that only a defect takes. */
export async function eventually(what: string, condition: () => boolean): Promise<void> {
  const patience = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > patience) throw new Error(`It did not come about that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
