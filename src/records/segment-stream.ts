import type { AerospikeError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";
import { streamRows } from "../query/stream-rows.js";
import type { Deadline } from "../time/deadline.js";
import { Turns } from "../time/turns.js";
import { batchErrorOf } from "./failures.js";
import { checkKeyCommandOptions, type KeyCommandOptions } from "./key-command-options.js";
import { RecordResult } from "./record-result.js";
import { RecordStream } from "./record-stream.js";
import type { Results } from "./row-types.js";
import type { RowOrNone } from "./run-one.js";
import type { Segment } from "./segment.js";
import { type Answer, prepareSteps, rowOf, sendSteps } from "./segment-run.js";

/** What came of the step with this index. */
interface Arrival<T, B, R extends Results> {
  readonly index: number;
  readonly answer: Answer<T, B, R>;
}

/**
 * Sends the commands as `runOne` and `runSegments` do, and hands rows out as they come. What those reject with, the stream
 * throws behind the last row.
 */
export async function streamSegments<T, B, R extends Results>(
  context: SessionContext,
  segments: readonly Segment<T>[],
  isOne: boolean,
  options: KeyCommandOptions<T>,
): Promise<RecordStream<T, B, R>> {
  checkKeyCommandOptions("stream", options);
  const turns = new Turns(context.cluster.runtime);
  const plan = await prepareSteps<T, B, R>(context, isOne ? "point" : "batch", segments, options, turns);
  const { steps } = plan;
  const deadline = context.cluster.deadline(plan.totalTimeoutMs, options.signal);
  let isComplete = false;
  const failures: RecordResult<T, B, R>[] = [];
  const arrivals = streamRows<Arrival<T, B, R>>(async ({ push }, scope) => {
    await sendSteps(plan, scope, (index, answer) => push({ index, answer }, 0));
    isComplete = true;
  }, deadline);
  const rows = new ArrivingRows(
    arrivals,
    ({ index, answer }) => {
      // The loop ends at once, whatever has come. While something is under way, the error behind the rows says what became of it.
      if (isComplete) deadline.throwIfAborted("chain");
      else if (hasEnded(deadline)) return undefined;
      const row = rowOf(steps[index]!, index, answer, options);
      if (options.onError !== undefined || !(row instanceof RecordResult && row.isFailure)) return row;
      failures.push(row);
      return undefined;
    },
    () => {
      const failed = failures.splice(0);
      return isOne ? failed[0]?.error : batchErrorOf(failed, steps.length);
    },
  );
  return new RecordStream(rows);
}

/** Rows on their way to the caller: what has no place in the stream is left out, and what failed goes to the handler. */
class ArrivingRows<T, B, R extends Results> implements AsyncIterator<RecordResult<T, B, R>, undefined> {
  readonly #arrivals: AsyncIterableIterator<Arrival<T, B, R>>;
  readonly #rowOf: (arrival: Arrival<T, B, R>) => RowOrNone<T, B, R>;
  readonly #failure: () => AerospikeError | null | undefined;

  /** @param failure what is thrown behind the last row, if anything; once */
  constructor(
    arrivals: AsyncIterableIterator<Arrival<T, B, R>>,
    rowOf: (arrival: Arrival<T, B, R>) => RowOrNone<T, B, R>,
    failure: () => AerospikeError | null | undefined,
  ) {
    this.#arrivals = arrivals;
    this.#rowOf = rowOf;
    this.#failure = failure;
  }

  async next(): Promise<IteratorResult<RecordResult<T, B, R>, undefined>> {
    for (;;) {
      const step = await this.#arrivals.next();
      if (step.done === true) {
        const failure = this.#failure();
        if (failure) throw failure;
        return { done: true, value: undefined };
      }
      try {
        const row = this.#rowOf(step.value);
        if (row instanceof RecordResult) return { done: false, value: row };
        await row;
      } catch (error) {
        await this.return();
        throw error;
      }
    }
  }

  /** Also of use before the first `next()`, when a generator would not have begun. */
  async return(): Promise<IteratorResult<RecordResult<T, B, R>, undefined>> {
    await this.#arrivals.return?.();
    return { done: true, value: undefined };
  }
}

/** Whether the caller's signal, or the end of the client, has ended the operation. */
function hasEnded({ signal, closed }: Deadline): boolean {
  return signal?.aborted === true || closed?.aborted === true;
}
