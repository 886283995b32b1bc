/** Wakes everybody who waits for news. */
export class Announcements {
  #wake: () => void = () => undefined;
  #next = this.#renew();

  /** Resolves at the next announcement. */
  next(): Promise<void> {
    return this.#next;
  }

  announce(): void {
    const wake = this.#wake;
    this.#next = this.#renew();
    wake();
  }

  #renew(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
