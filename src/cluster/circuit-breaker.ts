/** How many errors of a node are allowed. Looked at again at every tend. */
export interface ErrorLimits {
  /** In a window; 0 for no limit. */
  readonly maxErrorRate: number;
  /** Length of the window in tends. */
  readonly errorRateWindow: number;
}

/**
 * Counts the errors of a node and keeps commands away from it when there are too many, so that a node in trouble is not
 * drowned in reconnections. Each bad window halves what the next may have; each good one doubles it again.
 */
export class CircuitBreaker {
  readonly #allowed: ErrorLimits;
  #most: number;
  #limit: number;
  #errors = 0;
  #tends = 0;
  #openings = 0;

  readonly #onChange: (isOpen: boolean) => void;

  /** @param onChange called when it opens, and when it closes again */
  constructor(allowed: ErrorLimits, onChange: (isOpen: boolean) => void = () => undefined) {
    this.#allowed = allowed;
    this.#onChange = onChange;
    this.#most = allowed.maxErrorRate;
    this.#limit = this.#most;
  }

  /** Whether no command is to be sent to the node for now. */
  get isOpen(): boolean {
    return this.#most > 0 && this.#errors > this.#limit;
  }

  /** Errors allowed in the current window. */
  get limit(): number {
    return this.#limit;
  }

  /** Errors in the current window. */
  get errors(): number {
    return this.#errors;
  }

  /** How often it has opened. */
  get openings(): number {
    return this.#openings;
  }

  countError(): void {
    const wasOpen = this.isOpen;
    this.#errors++;
    if (wasOpen || !this.isOpen) return;
    this.#openings++;
    this.#onChange(true);
  }

  /** Ends the window when it is time. */
  onTend(): void {
    if (this.#most !== this.#allowed.maxErrorRate) this.reset();
    if (++this.#tends < this.#allowed.errorRateWindow) return;
    this.#tends = 0;
    const { isOpen } = this;
    this.#limit = isOpen ? Math.max(1, this.#limit >> 1) : Math.min(this.#most, this.#limit * 2);
    this.#errors = 0;
    if (isOpen) this.#onChange(false);
  }

  /** The node has restarted, or other limits hold: what was counted belongs to the past. */
  reset(): void {
    const { isOpen } = this;
    this.#most = this.#allowed.maxErrorRate;
    this.#limit = this.#most;
    this.#errors = 0;
    this.#tends = 0;
    if (isOpen) this.#onChange(false);
  }
}
