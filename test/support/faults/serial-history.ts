/** What one transaction, or one command outside of any, has seen and done. Records are named by numbers. */
export interface HistoryEntry {
  /** Unique; what it appends to the log of every record that it writes. */
  readonly id: number;
  /** Logs as it read them, by record; the last reading before its own write. */
  readonly reads: Map<number, readonly number[]>;
  readonly writes: Set<number>;
  /** `"maybe"` where that could not be found out. */
  outcome: "committed" | "aborted" | "maybe";
}

/**
 * Says what is wrong with a history, given the final log of each record; undefined when it is serialisable: what is
 * committed is there once and whole, what is aborted nowhere, every reading is some state of its record, and there is an
 * order of all transactions in which each sees exactly what those before it wrote.
 */
export function flawOf(history: readonly HistoryEntry[], logs: readonly (readonly number[])[]): string | undefined {
  const before = new Map<number, Set<number>>(history.map(({ id }) => [id, new Set()]));
  const comesBefore = (first: number | undefined, second: number | undefined): void => {
    if (first !== undefined && second !== undefined && first !== second) before.get(second)?.add(first);
  };
  for (const log of logs) {
    log.forEach((id, i) => {
      comesBefore(log[i - 1], id);
    });
  }
  for (const { id, reads, writes, outcome } of history) {
    const places = logs.flatMap((log, record) => log.filter((entry) => entry === id).map(() => record));
    const isWhole = places.length === writes.size && places.every((record) => writes.has(record));
    if (outcome === "aborted" && places.length > 0) return `${id} is aborted, and in the logs of ${places}`;
    if (outcome === "committed" && !isWhole) return `${id} wrote ${[...writes]}, and is in the logs of ${places}`;
    if (places.length > 0 && !isWhole) return `${id} has happened in part: ${places} of ${[...writes]}`;
    if (outcome === "aborted" || (outcome === "maybe" && places.length === 0)) continue;
    for (const [record, seen] of reads) {
      const log = logs[record] ?? [];
      if (seen.some((entry, i) => log[i] !== entry)) return `${id} saw ${seen} of record ${record}, which is ${log}`;
      comesBefore(seen.at(-1), id);
      comesBefore(id, log[seen.length]);
    }
  }
  return cycleIn(before);
}

function cycleIn(before: ReadonlyMap<number, ReadonlySet<number>>): string | undefined {
  const left = new Map([...before].map(([id, earlier]) => [id, new Set(earlier)]));
  for (;;) {
    const free = [...left].filter(([, earlier]) => earlier.size === 0).map(([id]) => id);
    if (free.length === 0) break;
    for (const id of free) left.delete(id);
    for (const earlier of left.values()) for (const id of free) earlier.delete(id);
  }
  return left.size === 0 ? undefined : `no order of ${[...left.keys()]} explains what they saw`;
}
