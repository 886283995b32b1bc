import type { Link } from "../listener/link.js";

/** A link that ends once it has carried so many bytes to the client. */
export class LimitedLink implements Link {
  readonly #link: Link;
  #left: number;

  constructor(link: Link, limit: number) {
    this.#link = link;
    this.#left = limit;
  }

  get peer(): string {
    return this.#link.peer;
  }

  write(bytes: Uint8Array): boolean {
    if (this.#left === 0) return true;
    const allowed = bytes.subarray(0, Math.min(bytes.length, this.#left));
    this.#left -= allowed.length;
    const hasRoom = this.#link.write(allowed);
    if (this.#left === 0) this.#link.end();
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
