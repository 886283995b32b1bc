import type { SessionContext } from "../policy/session-context.js";
import { loadOnce } from "../time/load-once.js";
import type { KeyCommandOptions } from "./key-command-options.js";
import { RecordStream } from "./record-stream.js";
import type { Results } from "./row-types.js";
import { runOne } from "./run-one.js";
import type { Segment } from "./segment.js";

const loadRun = loadOnce(() => import("./segment-run.js"));
const loadStream = loadOnce(() => import("./segment-stream.js"));

/**
 * Where a verb begins: at a session, or behind the segments that a chain of calls has made so far.
 *
 * @typeParam T the bins of the data sets
 */
export interface ChainSoFar<T> {
  readonly context: SessionContext;
  /** The newest segment; undefined at a session. */
  readonly segment: Segment<T> | undefined;
  /** What came before that one. */
  readonly previous: ChainSoFar<T> | undefined;
}

/**
 * Executes a chain up to and with its last segment. Rows are numbered through all; see {@link KeyCommandBuilder.execute}.
 *
 * @typeParam B the bins of the rows
 * @typeParam R their results
 */
export function executeChain<T, B, R extends Results>(
  soFar: ChainSoFar<T>,
  last: Segment<T>,
  options: KeyCommandOptions<T>,
): Promise<RecordStream<T, B, R>> {
  const isOne = soFar.segment === undefined && last.keys.length === 1;
  return isOne
    ? runOne<T, B, R>(soFar.context, last, last.keys[0]!, options)
    : executeMany<T, B, R>(soFar, last, options);
}

async function executeMany<T, B, R extends Results>(
  soFar: ChainSoFar<T>,
  last: Segment<T>,
  options: KeyCommandOptions<T>,
): Promise<RecordStream<T, B, R>> {
  const { runSegments } = await loadRun();
  return RecordStream.of(await runSegments<T, B, R>(soFar.context, segmentsOf(soFar, last), options));
}

/** Executes a chain and hands its rows out as they come; see {@link KeyCommandBuilder.stream}. */
export async function streamChain<T, B, R extends Results>(
  soFar: ChainSoFar<T>,
  last: Segment<T>,
  options: KeyCommandOptions<T>,
): Promise<RecordStream<T, B, R>> {
  const isOne = soFar.segment === undefined && last.keys.length === 1;
  const { streamSegments } = await loadStream();
  return streamSegments<T, B, R>(soFar.context, segmentsOf(soFar, last), isOne, options);
}

/** The segments of a chain in their order. */
function segmentsOf<T>(soFar: ChainSoFar<T>, last: Segment<T>): Segment<T>[] {
  const segments = [last];
  for (let chain: ChainSoFar<T> | undefined = soFar; chain?.segment !== undefined; chain = chain.previous) {
    segments.push(chain.segment);
  }
  return segments.reverse();
}
