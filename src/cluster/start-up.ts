import type { Timer } from "../../runtime/runtime.js";
import { ConnectionError, SecurityError } from "../errors/errors.js";
import { abortError, type Deadline } from "../time/deadline.js";
import { setLimit } from "../time/limit-timer.js";
import { onAbort } from "../time/on-abort.js";
import { formatEndpoint } from "../transport/transport.js";
import type { Membership } from "./membership.js";
import type { ResolvedOptions } from "./options.js";
import { isWorthWaiting, type SeedFailure } from "./seeding.js";
import type { Tender } from "./tender.js";

/** Pause between two tries of the seeds while a node is starting. */
const RESEED_MS = 100;
const LONGEST_TIMER_MS = 0x7fff_ffff;

/**
 * Finds the cluster and waits until its map is complete. After an abort it may go on in the background until what it
 * works on is closed.
 */
export async function startUp(
  tender: Tender,
  members: Membership,
  options: ResolvedOptions,
  deadline: Deadline,
): Promise<void> {
  const { runtime, signal } = deadline;
  deadline.throwIfAborted("connect");
  // The sockets of the tend do not hold the process, but somebody waits here.
  const hold = runtime.setTimer(LONGEST_TIMER_MS, () => undefined, true);
  let patience: Timer | undefined;
  try {
    if (!(await unlessAborted(findCluster(tender, options, deadline), signal))) return;
    tender.start();
    const timedOut = new Promise<void>((resolve) => {
      // A slow seed must not use up the time of the nodes behind it.
      patience = setLimit(runtime, Math.max(deadline.remainingMs, options.connectTimeoutMs), resolve, false);
    });
    await unlessAborted(Promise.race([members.ready(), timedOut]), signal);
    if (!members.isReady && options.failIfNotConnected) {
      const { notReadyError } = await import("./not-ready.js");
      if (!members.isReady) throw notReadyError(members, tender.unreached(), options);
    }
  } finally {
    hold.cancel();
    patience?.cancel();
  }
}

/** What the work comes to. @throws AbortError when the signal fires first */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let stopListening: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stopListening = onAbort(signal, () => reject(abortError(signal, "The connect was aborted")));
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stopListening?.();
  }
}

/** False when there is none, which is not to be an error: the tend goes on looking. */
async function findCluster(tender: Tender, options: ResolvedOptions, deadline: Deadline): Promise<boolean> {
  for (;;) {
    const result = await tender.seed();
    if (result.found !== undefined) return true;
    if (!isWorthWaiting(result) || !deadline.hasTime(RESEED_MS)) {
      if (options.failIfNotConnected) throw noSeed(result.failures);
      tender.start();
      return false;
    }
    await new Promise<void>((resolve) => {
      deadline.runtime.setTimer(RESEED_MS, resolve, false);
    });
  }
}

/** Says of each seed what went wrong. */
function noSeed(failures: readonly SeedFailure[]): ConnectionError | SecurityError {
  const errors = failures.map(({ error }) => error);
  const refusal = errors[0]?.cause;
  // Wrong credentials are wrong everywhere, and no matter of connections.
  if (refusal instanceof SecurityError && errors.every(({ cause }) => cause instanceof SecurityError)) return refusal;
  const lines = failures.map(({ seed, error }) => {
    const address = formatEndpoint(seed);
    return error.message.includes(address) ? error.message : `${address}: ${error.message}`;
  });
  const message =
    lines.length === 1
      ? `No cluster to connect to: ${lines[0]}`
      : `No cluster to connect to; none of the ${lines.length} seeds led to one:\n${lines.map((line) => `  ${line}`).join("\n")}`;
  const codes = new Set(errors.map(({ code }) => code));
  return new ConnectionError(message, {
    code: codes.size === 1 ? errors[0]?.code : undefined,
    cause: errors.length === 1 ? errors[0] : new AggregateError(errors, "What each seed failed with"),
  });
}
