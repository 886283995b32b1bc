import { AerospikeError } from "../../errors/errors.js";
import { Latency } from "./latency.js";
import type { OperationMetrics, RowMetrics } from "./metrics.js";

/** Counts by the code of an error. */
type ErrorCounts = Record<string, number>;

/** What is counted of one kind of operation. */
class OperationMeter {
  readonly latency: Latency = new Latency();
  readonly #errors: ErrorCounts = {};
  retries = 0;
  #inDoubt = 0;

  countError(error: unknown): void {
    countError(this.#errors, error);
    if (isInDoubt(error)) this.#inDoubt++;
  }

  snapshot(): OperationMetrics {
    const { latency, retries } = this;
    return { latency: latency.snapshot(), errors: { ...this.#errors }, retries, inDoubt: this.#inDoubt };
  }
}

/** What one client counts of its work, apart from its sockets ({@link Traffic}). Its numbers are read by {@link ClusterMetrics}. */
export class Meter {
  /** When bytes were last read from any socket, on the runtime's clock: a reply that is taken came with them. */
  readAt = 0;
  /** How long operations waited for a socket that had to. */
  readonly socketWait: Latency = new Latency();
  readonly tend: Latency = new Latency();
  tendFailures = 0;
  nodesAdded = 0;
  nodesRemoved = 0;
  rows = 0;
  rowRetries = 0;
  readonly #rowErrors: ErrorCounts = {};
  #rowsInDoubt = 0;
  readonly #operations = new Map<string, OperationMeter>();

  /** @param kind out of a few: each has its counters */
  of(kind: string): OperationMeter {
    let meter = this.#operations.get(kind);
    if (meter === undefined) {
      meter = new OperationMeter();
      this.#operations.set(kind, meter);
    }
    return meter;
  }

  countRowError(error: AerospikeError): void {
    countError(this.#rowErrors, error);
    if (error.inDoubt) this.#rowsInDoubt++;
  }

  operations(): Readonly<Record<string, OperationMetrics>> {
    return Object.fromEntries([...this.#operations].map(([kind, meter]) => [kind, meter.snapshot()]));
  }

  batchRows(): RowMetrics {
    return { count: this.rows, errors: { ...this.#rowErrors }, retries: this.rowRetries, inDoubt: this.#rowsInDoubt };
  }
}

function countError(counts: ErrorCounts, error: unknown): void {
  // What a caller's own code threw has no code, and a name that anybody may have chosen.
  const code = error instanceof AerospikeError ? error.code : "OTHER";
  counts[code] = (counts[code] ?? 0) + 1;
}

function isInDoubt(error: unknown): boolean {
  return error instanceof AerospikeError && error.inDoubt;
}
