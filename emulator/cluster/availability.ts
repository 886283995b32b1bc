/**
 * Whether the nodes that are present may serve a partition in strong consistency, so that no two parts of a cluster that
 * fell apart do: all of its owners are there; or more than half of all nodes and one owner; or just half of them and the
 * first owner.
 * @param roster all nodes that the cluster is meant to have
 * @param owners of the partition when all of the roster are present, the master first
 */
export function isAvailable(roster: number, owners: readonly number[], present: readonly number[]): boolean {
  const isPresent = (node: number): boolean => present.includes(node);
  if (owners.every(isPresent)) return true;
  if (2 * present.length > roster) return owners.some(isPresent);
  return 2 * present.length === roster && owners[0] !== undefined && isPresent(owners[0]);
}
