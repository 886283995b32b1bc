import type { DataSet, Session } from "../src/index.js";
import { type Person, person } from "./people.js";
import type { View } from "./view.js";

/** Writes under way at once: enough to fill the sockets, few enough to keep memory flat. */
const CONCURRENCY = 500;

export async function load(
  session: Session,
  people: DataSet<Person>,
  total: number,
  view: View,
  signal: AbortSignal,
): Promise<void> {
  const bar = view.counting("records", total);
  const start = performance.now();
  let next = 0;
  let written = 0;
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    try {
      while (next < total && failure === undefined) {
        signal.throwIfAborted();
        const id = next++;
        await session.put(people.id(id), person(id));
        bar.to(++written);
      }
    } catch (error) {
      failure ??= { error };
    }
  };
  // All of them, also when one fails: nothing must be written any more when the set is cleaned up.
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  bar.end();
  if (failure !== undefined) throw failure.error;
  const seconds = (performance.now() - start) / 1_000;
  view.line(`${total} writes in ${seconds.toFixed(1)} s, ${Math.round(total / seconds)} a second`);
}
