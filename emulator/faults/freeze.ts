import type { Link, LinkHandler } from "../listener/link.js";
import { JobGate } from "./job-gate.js";

/** What a process that stands still will do when it goes on. */
export class Freeze {
  /** Where its jobs stop. */
  readonly gate = new JobGate({}, () => undefined);
  #later: (() => void)[] = [];

  put(call: () => void): void {
    this.#later.push(call);
  }

  /** Everything happens that was put off, in its order. */
  end(): void {
    const later = this.#later;
    this.forget();
    for (const call of later) call();
  }

  /** Nothing of it will happen: the process was killed as it stood. */
  forget(): void {
    this.#later = [];
    this.gate.release();
  }
}

/** The freeze of a node, while there is one. */
type Current = () => Freeze | undefined;

/** What a client does to a node, put off while that is frozen. */
export function freezable(handler: LinkHandler, current: Current): LinkHandler {
  const whenThawed = (call: () => void): void => {
    const freeze = current();
    if (freeze === undefined) call();
    else freeze.put(call);
  };
  return {
    onData: (bytes) => whenThawed(() => handler.onData(bytes)),
    onEnd: () => whenThawed(() => handler.onEnd()),
    onDrain: () => whenThawed(() => handler.onDrain()),
    onClose: () => whenThawed(() => handler.onClose()),
  };
}

/** What a node writes, put off while it is frozen: timers of the emulator's own may fire all the same. */
export class FreezableLink implements Link {
  readonly #link: Link;
  readonly #current: Current;

  constructor(link: Link, current: Current) {
    this.#link = link;
    this.#current = current;
  }

  get peer(): string {
    return this.#link.peer;
  }

  write(bytes: Uint8Array): boolean {
    const freeze = this.#current();
    if (freeze === undefined) return this.#link.write(bytes);
    freeze.put(() => this.#link.write(bytes));
    return true;
  }

  pause(): void {
    this.#link.pause();
  }

  resume(): void {
    this.#link.resume();
  }

  end(): void {
    const freeze = this.#current();
    if (freeze === undefined) this.#link.end();
    else freeze.put(() => this.#link.end());
  }

  destroy(): void {
    this.#link.destroy();
  }
}
