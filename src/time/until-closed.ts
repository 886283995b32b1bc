import { onAbort } from "./on-abort.js";

/**
 * Does work that ends with the caller's signal or with the client: under a signal that fires with either, and once when
 * the work is over, for whatever of it still runs. The client's end is what it fails with then.
 */
export async function untilClosed<T>(
  closed: AbortSignal,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const lifts = [signal, closed].map((end) => end && onAbort(end, () => stop.abort(end.reason)));
  try {
    return await work(stop.signal);
  } catch (error) {
    throw closed.aborted ? closed.reason : error;
  } finally {
    for (const lift of lifts) lift?.();
    stop.abort();
  }
}
