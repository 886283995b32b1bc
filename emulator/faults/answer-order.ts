import type { CommandKind } from "./command-kind.js";

/** Holds replies of nodes back until the nodes before them have replied. */
export class AnswerOrder {
  readonly #command: CommandKind;
  readonly #onDone: (order: AnswerOrder) => void;
  /** Nodes still to reply, the next first. */
  #waiting: readonly number[];
  readonly #held = new Map<number, () => void>();

  constructor(nodes: readonly number[], command: CommandKind, onDone: (order: AnswerOrder) => void) {
    this.#waiting = nodes;
    this.#command = command;
    this.#onDone = onDone;
  }

  isMeant(node: number, kind: CommandKind): boolean {
    return kind === this.#command && this.#waiting.includes(node) && !this.#held.has(node);
  }

  /** Lets the reply leave when it is its turn. */
  queue(node: number, release: () => void): void {
    this.#held.set(node, release);
    for (;;) {
      const next = this.#waiting[0];
      const leave = next === undefined ? undefined : this.#held.get(next);
      if (next === undefined || leave === undefined) break;
      this.#held.delete(next);
      this.#waiting = this.#waiting.slice(1);
      leave();
    }
    if (this.#waiting.length === 0) this.#onDone(this);
  }

  lift(): void {
    this.#waiting = [];
    this.#onDone(this);
    for (const leave of this.#held.values()) leave();
    this.#held.clear();
  }
}
