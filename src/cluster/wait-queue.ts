import type { Exchange } from "./exchange.js";

/** Exchanges that wait for a socket, first come first served. Leaving from the middle costs nothing. */
export class WaitQueue {
  #first: Exchange | undefined;
  #last: Exchange | undefined;

  #length = 0;

  get length(): number {
    return this.#length;
  }

  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  push(exchange: Exchange): void {
    exchange.queue = this;
    exchange.ahead = this.#last;
    if (this.#last === undefined) this.#first = exchange;
    else this.#last.behind = exchange;
    this.#last = exchange;
    this.#length++;
  }

  shift(): Exchange | undefined {
    const first = this.#first;
    if (first !== undefined) this.remove(first);
    return first;
  }

  takeAll(): Exchange[] {
    const all: Exchange[] = [];
    for (let exchange = this.shift(); exchange !== undefined; exchange = this.shift()) all.push(exchange);
    return all;
  }

  /** @param exchange one that waits in this queue */
  remove(exchange: Exchange): void {
    const { ahead, behind } = exchange;
    if (ahead === undefined) this.#first = behind;
    else ahead.behind = behind;
    if (behind === undefined) this.#last = ahead;
    else behind.ahead = ahead;
    this.#length--;
    exchange.queue = undefined;
    exchange.ahead = undefined;
    exchange.behind = undefined;
  }
}
