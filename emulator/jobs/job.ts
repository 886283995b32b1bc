import { PARTITIONS } from "../../protocol/limits.js";
import { ResultCode } from "../../protocol/result-code.js";

/** Why a job ended before its end. */
export const Abandoned = {
  NOT: 0,
  UNKNOWN: ResultCode.SERVER_ERROR,
  BY_USER: ResultCode.SCAN_ABORTED,
  RESPONSE_ERROR: -1,
  RESPONSE_TIMEOUT: -2,
} as const;
export type Abandoned = (typeof Abandoned)[keyof typeof Abandoned];

const endings: Readonly<Record<Abandoned, string>> = {
  [Abandoned.NOT]: "ok",
  [Abandoned.UNKNOWN]: "abandoned-unknown",
  [Abandoned.BY_USER]: "user-aborted",
  [Abandoned.RESPONSE_ERROR]: "abandoned-response-error",
  [Abandoned.RESPONSE_TIMEOUT]: "abandoned-response-timeout",
};

/** What all jobs are started with. */
export interface JobStart {
  readonly taskId: bigint;
  readonly namespace: string;
  readonly setName: string;
  readonly indexName: string | undefined;
  /** Partitions asked for, by number or digest; 0 for jobs over all that the node masters. */
  readonly partitions: number;
  readonly digests: number;
  readonly recordsPerSecond: number;
  /** The client: "127.0.0.1:40123". */
  readonly peer: string;
  /** On the clock of the Runtime. */
  readonly now: number;
}

/** A query or background job as `query-show` tells of it. */
export abstract class Job {
  readonly start: JobStart;
  /** Set when it ended, on the clock of the Runtime. */
  finishedAt: number | undefined;
  abandoned: Abandoned = Abandoned.NOT;
  /** Partitions that were begun. */
  begun = 0;
  /** Of the node's threads, those that it has taken. */
  threads = 0;
  throttled = 0;
  filteredByMetadata = 0;
  filteredByBins = 0;
  succeeded = 0;
  failed = 0;

  constructor(start: JobStart) {
    this.start = start;
  }

  /** "basic", "aggregation", "background-udf" or "background-ops". */
  abstract readonly type: string;
  /** What follows the job's type. */
  protected abstract details(): string;
  /** Lets it know that it was abandoned, in case it waits. */
  abstract wake(): void;

  /** Its line of `query-show`. */
  describe(now: number): string {
    const { start } = this;
    const end = this.finishedAt ?? now;
    const isDone = this.finishedAt !== undefined;
    const set = start.setName === "" ? "" : `:set=${start.setName}`;
    const index = start.indexName === undefined ? "" : `:sindex-name=${start.indexName}`;
    const asked =
      start.partitions === 0 ? "" : `:n-pids-requested=${start.partitions}:n-keyds-requested=${start.digests}`;
    return (
      `trid=${start.taskId}:ns=${start.namespace}${set}${index}${asked}` +
      `:rps=${start.recordsPerSecond}:active-threads=${isDone ? 0 : this.threads}` +
      `:status=${isDone ? "done" : "active"}(${endings[this.abandoned]}):job-progress=${this.#percent(isDone)}` +
      `:run-time=${Math.floor(end - start.now)}:time-since-done=${Math.floor(now - end)}` +
      `:recs-throttled=${this.throttled}:recs-filtered-meta=${this.filteredByMetadata}` +
      `:recs-filtered-bins=${this.filteredByBins}:recs-succeeded=${this.succeeded}:recs-failed=${this.failed}` +
      `:from=${start.peer.replaceAll(":", "+")}:job-type=${this.type}${this.details()}`
    );
  }

  /** What is remembered of it once it has ended. */
  ended(): Job {
    return new EndedJob(this, this.details());
  }

  #percent(isDone: boolean): string {
    const begun = isDone ? PARTITIONS : Math.min(this.begun + 1, PARTITIONS);
    return ((begun * 100) / PARTITIONS).toFixed(2);
  }
}

/** What is told of a job that has ended, without what it worked on: that is large, and many are remembered. */
class EndedJob extends Job {
  readonly type: string;
  readonly #details: string;

  constructor(job: Job, details: string) {
    super(job.start);
    this.type = job.type;
    this.#details = details;
    this.finishedAt = job.finishedAt;
    this.abandoned = job.abandoned;
    this.begun = job.begun;
    this.throttled = job.throttled;
    this.filteredByMetadata = job.filteredByMetadata;
    this.filteredByBins = job.filteredByBins;
    this.succeeded = job.succeeded;
    this.failed = job.failed;
  }

  wake(): void {
    // It has ended.
  }

  protected details(): string {
    return this.#details;
  }
}
