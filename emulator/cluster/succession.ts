import { PARTITIONS } from "../../protocol/limits.js";

/**
 * The order in which a cluster's nodes would own a partition. It depends on nothing but the two, so that a node that
 * leaves or comes back moves only the partitions that it owns.
 */
export function succession(nodes: readonly number[], partition: number): number[] {
  return [...nodes].sort((a, b) => weight(b, partition) - weight(a, partition) || a - b);
}

const known = new Map<string, readonly (readonly number[])[]>();
/** Members of clusters that are remembered at most. */
const MOST_KNOWN = 32;

/** The same for every partition: what the same nodes come to is worked out once. */
export function successions(nodes: readonly number[]): readonly (readonly number[])[] {
  const name = nodes.join();
  let all = known.get(name);
  if (all === undefined) {
    all = Array.from({ length: PARTITIONS }, (_, partition) => succession(nodes, partition));
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(name, all);
  }
  return all;
}

const knownOwners = new WeakMap<readonly (readonly number[])[], (readonly (readonly number[])[])[]>();

/** The first so many of each partition's succession. */
export function owners(nodes: readonly number[], count: number): readonly (readonly number[])[] {
  const all = successions(nodes);
  const byCount = knownOwners.get(all) ?? [];
  knownOwners.set(all, byCount);
  const owners = byCount[count] ?? all.map((one) => one.slice(0, count));
  byCount[count] = owners;
  return owners;
}

/** Mixes the two into 32 bits, so that each node leads about as many partitions as any other. */
function weight(node: number, partition: number): number {
  let h = Math.imul(node + 1, 0x9e37_79b1) ^ Math.imul(partition + 1, 0x85eb_ca77);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b_3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a_2d39);
  return (h ^ (h >>> 15)) >>> 0;
}
