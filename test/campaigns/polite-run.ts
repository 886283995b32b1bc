/** What readers saw in one second. */
export interface PoliteSecond {
  /** Reads that were answered. */
  readonly reads: number;
  readonly failed: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Reads that took longer than the ceiling. */
  readonly above: number;
}

/** Readers beside one kind of campaign, or none. */
export interface PoliteTrial {
  readonly name: string;
  readonly seconds: readonly PoliteSecond[];
  /** Records that the campaign changed. */
  readonly changed: number;
  /** Rates that it decided on, records a second. */
  readonly rates: number[];
}

/** What `polite.ts` measures and `plot-polite.ts` draws. */
export interface PoliteRun {
  /** Version of the server. */
  readonly server: string;
  readonly records: number;
  readonly recordBytes: number;
  readonly readsPerSecond: number;
  /** The ceiling of the polite campaign. */
  readonly maxLatencyMs: number;
  readonly trials: readonly PoliteTrial[];
}
