import type { Link } from "../listener/link.js";

/** A link that ends once it has carried so many bytes to the client. */
export class LimitedLink implements Link {
  readonly #link: Link;
  #left: number;
  #isOver = false;

  constructor(link: Link, limit: number) {
    this.#link = link;
    this.#left = limit;
  }

  get peer(): string {
    return this.#link.peer;
  }

  write(bytes: Uint8Array): boolean {
    if (this.#isOver) return true;
    const allowed = bytes.subarray(0, Math.min(bytes.length, this.#left));
    this.#left -= allowed.length;
    this.#isOver = this.#left === 0;
    const hasRoom = this.#link.write(allowed);
    if (this.#isOver) this.#link.end();
    return hasRoom;
  }

  pause(): void {
    this.#link.pause();
  }

  resume(): void {
    this.#link.resume();
  }

  end(): void {
    this.#link.end();
  }

  destroy(): void {
    this.#link.destroy();
  }
}
