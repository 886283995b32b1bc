import { comparePacked } from "../packed/order.js";
import type { Span } from "./span.js";

/**
 * The positions of the elements that hold the ranks of a span, in the order in which the server hands them back: it takes
 * them off a heap and fills the result from its end. A heap of the least elements serves the lower ranks, so these come out
 * descending; a heap of the greatest serves the upper ones, which come out ascending. Which of several equal elements holds
 * a rank is the heap's choice too, so its steps are the server's.
 */
export function positionsByRank(elements: readonly Uint8Array[], span: Span): number[] {
  const above = elements.length - span.start - span.count;
  const leastFirst = span.start <= above;
  const heap = new Heap(elements, leastFirst ? -1 : 1);
  const passedOver = leastFirst ? span.start : above;
  for (let i = 0; i < passedOver; i++) heap.pop();
  const positions: number[] = [];
  for (let i = 0; i < span.count; i++) positions.push(heap.pop());
  return positions.reverse();
}

/** A binary heap of positions; `sign` of the order that moves an element up. */
class Heap {
  readonly #elements: readonly Uint8Array[];
  readonly #sign: number;
  readonly #positions: number[];

  constructor(elements: readonly Uint8Array[], sign: number) {
    this.#elements = elements;
    this.#sign = sign;
    this.#positions = Array.from(elements.keys());
    for (let i = (elements.length >>> 1) - 1; i >= 0; i--) this.#sink(i);
  }

  pop(): number {
    const top = this.#positions[0]!;
    const last = this.#positions.pop()!;
    if (this.#positions.length > 0) {
      this.#positions[0] = last;
      this.#sink(0);
    }
    return top;
  }

  #sink(from: number): void {
    const positions = this.#positions;
    let parent = from;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= positions.length) return;
      if (child + 1 < positions.length && this.#order(child, child + 1) === -this.#sign) child++;
      if (this.#order(child, parent) !== this.#sign) return;
      const position = positions[parent]!;
      positions[parent] = positions[child]!;
      positions[child] = position;
      parent = child;
    }
  }

  #order(a: number, b: number): number {
    const positions = this.#positions;
    return Math.sign(comparePacked(this.#elements[positions[a]!]!, this.#elements[positions[b]!]!));
  }
}
