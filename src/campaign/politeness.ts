/** What probing reads said since the last slice began. */
export interface ProbeReport {
  /** Probes that were answered. */
  readonly answered: number;
  /** Probes that failed. */
  readonly failed: number;
  /** 99 of 100 were answered within so many ms; undefined when none was. */
  readonly p99Ms: number | undefined;
}

/** What one node says of itself. Counts are since the last slice began. */
export interface NodeSigns {
  /** Id of the node. */
  readonly node: string;
  /** How full the queue of blocks to be written to a device is, of what the node bears; 0 to 1 and more. */
  readonly deviceQueue: number;
  /** Writes that have not been answered, because replicas have not. */
  readonly writesInProgress: number;
  /** Commands of others that failed because too many waited for the same record. */
  readonly busyKeys: number;
  /** Commands of others that the node could not carry out in their time. */
  readonly timeouts: number;
}

export interface RateLimits {
  readonly maxLatencyMs: number;
  /** Records a second and node. */
  readonly least: number;
  readonly ceiling: number;
}

/** What the controller remembers from slice to slice. */
export interface RateState {
  readonly rate: number;
  /** The rate that was too much the last time; undefined when none was, or long ago. */
  readonly tooMuch: number | undefined;
  /** Slices since then. */
  readonly quietSlices: number;
  /** How long it was paused the last time, at the lowest rate; 0 when it was not. */
  readonly pausedMs: number;
}

export interface RateDecision {
  readonly state: RateState;
  /** How long to give nothing to the servers. */
  readonly pauseMs: number;
  readonly reason: string;
}

/** So much of what was too much is tried at most, for so many slices. */
const BELOW_TOO_MUCH = 0.9;
const REMEMBERED_SLICES = 10;
/** What a campaign begins with: a part of the ceiling, and no more than any cluster bears, for a ceiling may say nothing. */
const FIRST_PART = 1 / 10;
const FIRST_MOST = 1_000;
/** Slower by this much where a node shows that it suffers. */
const SLOWER = 0.5;
const SLOWEST_STEP = 0.25;
/** Faster by this much, with plenty of room and with some. */
const MUCH_FASTER = 1.5;
const FASTER = 1.15;
const PLENTY_OF_ROOM = 0.5;
const SOME_ROOM = 0.8;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** From here a queue of blocks is a sign. Servers refuse writes at 1. */
const FULL_QUEUE = 0.25;
/** Writes in progress that are a sign. */
const MANY_WRITES = 1_000;

export const FIRST_REASON = "begins low, to find out what the cluster bears";

/** Begins low: the first slices find out what the cluster bears. */
export function firstRate({ least, ceiling }: Pick<RateLimits, "least" | "ceiling">): RateState {
  const rate = Math.max(Math.min(least, ceiling), Math.min(FIRST_MOST, Math.round(ceiling * FIRST_PART)));
  return { rate, tooMuch: undefined, quietSlices: 0, pausedMs: 0 };
}

/** The rate of the next slice, from what was seen during the last one. Asks no clock: the same again for the same. */
export function decideRate(
  state: RateState,
  probes: ProbeReport,
  signs: readonly NodeSigns[],
  limits: RateLimits,
): RateDecision {
  const trouble = troubleOf(probes, signs, limits);
  return trouble === undefined ? speedUp(state, probes, limits) : slowDown(state, trouble, limits);
}

interface Trouble {
  readonly reason: string;
  /** What the rate is multiplied by. */
  readonly factor: number;
}

function troubleOf(probes: ProbeReport, signs: readonly NodeSigns[], limits: RateLimits): Trouble | undefined {
  const found = [probeTrouble(probes, limits), ...signs.map(nodeTrouble)].filter((one) => one !== undefined);
  if (found.length === 0) return undefined;
  return {
    reason: found.map(({ reason }) => reason).join("; "),
    factor: Math.min(...found.map(({ factor }) => factor)),
  };
}

function probeTrouble({ answered, failed, p99Ms }: ProbeReport, { maxLatencyMs }: RateLimits): Trouble | undefined {
  if (failed > 0) return { reason: `${failed} of ${answered + failed} probing reads failed`, factor: SLOWER };
  if (p99Ms === undefined || p99Ms <= maxLatencyMs) return undefined;
  return {
    reason: `99 of 100 probing reads took up to ${round(p99Ms)} ms, more than ${maxLatencyMs} ms`,
    factor: Math.max(SLOWEST_STEP, (SOME_ROOM * maxLatencyMs) / p99Ms),
  };
}

function nodeTrouble({ node, deviceQueue, writesInProgress, busyKeys, timeouts }: NodeSigns): Trouble | undefined {
  const signs = [
    ...(deviceQueue > FULL_QUEUE ? [`its device's write queue is ${Math.round(100 * deviceQueue)} % full`] : []),
    ...(writesInProgress > MANY_WRITES ? [`${writesInProgress} writes wait for replicas`] : []),
    ...(busyKeys > 0 ? [`${busyKeys} commands met a record that too many wanted`] : []),
    ...(timeouts > 0 ? [`${timeouts} commands ran out of time`] : []),
  ];
  return signs.length === 0 ? undefined : { reason: `node ${node}: ${signs.join(", ")}`, factor: SLOWER };
}

function slowDown({ rate, pausedMs }: RateState, { reason, factor }: Trouble, limits: RateLimits): RateDecision {
  const { least, ceiling } = limits;
  const next = Math.min(ceiling, Math.max(least, Math.round(rate * factor)));
  const pauseMs = rate > least ? 0 : Math.min(LONGEST_PAUSE_MS, pausedMs === 0 ? FIRST_PAUSE_MS : 2 * pausedMs);
  const state = { rate: next, tooMuch: Math.min(rate, ceiling), quietSlices: 0, pausedMs: pauseMs };
  return { state, pauseMs, reason };
}

function speedUp(state: RateState, { p99Ms }: ProbeReport, { maxLatencyMs, ceiling, least }: RateLimits): RateDecision {
  const quietSlices = state.quietSlices + 1;
  const tooMuch = quietSlices > REMEMBERED_SLICES ? undefined : state.tooMuch;
  const most =
    tooMuch === undefined ? ceiling : Math.min(ceiling, Math.max(least, Math.round(tooMuch * BELOW_TOO_MUCH)));
  const used = p99Ms === undefined ? 1 : p99Ms / maxLatencyMs;
  const factor = used < PLENTY_OF_ROOM ? MUCH_FASTER : used < SOME_ROOM ? FASTER : 1;
  const rate = Math.min(most, Math.round(state.rate * factor));
  const seen =
    p99Ms === undefined ? "no probing read was answered" : `99 of 100 probing reads took up to ${round(p99Ms)} ms`;
  return { state: { rate, tooMuch, quietSlices, pausedMs: 0 }, pauseMs: 0, reason: `${seen}, of ${maxLatencyMs} ms` };
}

/**
 * The time that 99 of 100 took. Of fewer than a hundred the slowest one is left out: a single one that was late says nothing.
 */
export function p99(times: readonly number[]): number | undefined {
  const sorted = [...times].sort((a, b) => a - b);
  const last = sorted.length - 1;
  return sorted[Math.max(0, Math.min(Math.ceil(0.99 * sorted.length) - 1, last - 1))];
}

function round(ms: number): number {
  return Math.round(10 * ms) / 10;
}
