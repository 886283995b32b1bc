/**
 * The order in which a cluster's nodes would own a partition. It depends on nothing but the two, so that a node that
 * leaves or comes back moves only the partitions that it owns.
 */
export function succession(nodes: readonly number[], partition: number): number[] {
  return [...nodes].sort((a, b) => weight(b, partition) - weight(a, partition) || a - b);
}

/** Mixes the two into 32 bits, so that each node leads about as many partitions as any other. */
function weight(node: number, partition: number): number {
  let h = Math.imul(node + 1, 0x9e37_79b1) ^ Math.imul(partition + 1, 0x85eb_ca77);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b_3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a_2d39);
  return (h ^ (h >>> 15)) >>> 0;
}
