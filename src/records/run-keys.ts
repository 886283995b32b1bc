/** Commands that one call keeps in flight: enough to fill the pipelines of several nodes, few enough not to starve others. */
const IN_FLIGHT = 1024;

/**
 * Runs a command for each key, many at a time, and returns their results in the order of the keys. The first rejection
 * rejects the whole and starts no more.
 */
export async function runKeys<K, R>(
  keys: readonly K[],
  run: (key: K, index: number) => Promise<R>,
  inFlight = IN_FLIGHT,
): Promise<R[]> {
  const results = new Array<R>(keys.length);
  let next = 0;
  const work = async (): Promise<void> => {
    try {
      while (next < keys.length) {
        const index = next++;
        results[index] = await run(keys[index]!, index);
      }
    } catch (error) {
      next = keys.length;
      throw error;
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, keys.length) }, work));
  return results;
}
