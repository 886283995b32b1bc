import { ResultCode } from "../../protocol/result-code.js";
import { Abandoned, type Job } from "./job.js";

/** The jobs of a node: those that run, and the last of those that ended. */
export class JobList {
  #active: Job[] = [];
  #finished: Job[] = [];
  /** Threads that jobs and short queries have taken. */
  #threads = 0;
  #lastOwnId = 0n;
  readonly #settings: { readonly queryMaxDone: number; readonly queryThreadsLimit: number };

  constructor(settings: { readonly queryMaxDone: number; readonly queryThreadsLimit: number }) {
    this.#settings = settings;
  }

  get active(): readonly Job[] {
    return this.#active;
  }

  /** The id that a job gets which came without one. */
  nextId(): bigint {
    this.#lastOwnId++;
    return this.#lastOwnId;
  }

  /** Takes a job in: OK, FORBIDDEN at the limit of threads, PARAMETER for an id that is known. */
  add(job: Job): number {
    if (this.#isFull()) return ResultCode.FORBIDDEN;
    if (this.find(job.start.taskId) !== undefined) return ResultCode.PARAMETER_ERROR;
    this.#active.push(job);
    job.threads = 1;
    this.#threads++;
    return ResultCode.OK;
  }

  /** Gives a job more threads, as many as are free up to `most`: those that are held to no pace start with all of them. */
  widen(job: Job, most: number): void {
    const more = Math.min(most - job.threads, this.#settings.queryThreadsLimit - this.#threads);
    if (more <= 0) return;
    job.threads += more;
    this.#threads += more;
  }

  /** Short queries have no id and are not listed, but they take a thread. */
  beginShort(): number {
    if (this.#isFull()) return ResultCode.FORBIDDEN;
    this.#threads++;
    return ResultCode.OK;
  }

  endShort(): void {
    this.#threads--;
  }

  finish(job: Job, now: number): void {
    job.finishedAt = now;
    this.#active = this.#active.filter((other) => other !== job);
    this.#threads -= job.threads;
    job.threads = 0;
    this.#finished.push(job.ended());
    this.forget();
  }

  /** Drops the oldest of the ended jobs beyond the limit. */
  forget(): void {
    const surplus = this.#finished.length - this.#settings.queryMaxDone;
    if (surplus > 0) this.#finished.splice(0, surplus);
  }

  find(taskId: bigint): Job | undefined {
    const isIt = (job: Job): boolean => job.start.taskId === taskId;
    return this.#active.find(isIt) ?? this.#finished.find(isIt);
  }

  /** Newest first, the running before the ended. */
  all(): Job[] {
    return [...this.#active.toReversed(), ...this.#finished.toReversed()];
  }

  /** False when no such job runs. */
  abort(taskId: bigint): boolean {
    const job = this.#active.find((active) => active.start.taskId === taskId);
    if (job === undefined) return false;
    abandon(job);
    return true;
  }

  /** How many there were to abort. */
  abortAll(): number {
    const jobs = [...this.#active];
    for (const job of jobs) abandon(job);
    return jobs.length;
  }

  #isFull(): boolean {
    return this.#threads >= this.#settings.queryThreadsLimit;
  }
}

function abandon(job: Job): void {
  job.abandoned = Abandoned.BY_USER;
  job.wake();
}
