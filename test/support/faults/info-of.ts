import type { Lab } from "./lab.js";

/** What one node of the lab replies to one info command. @param place of the node in the cluster */
export async function infoOf(lab: Lab, place: number, command: string): Promise<string> {
  const { cluster } = await lab.connectCluster({ failIfNotConnected: false });
  const node = cluster.nodes.find(({ id }) => id === lab.emulator.nodes[place]?.id);
  if (node === undefined) throw new Error(`There is no node at place ${place}`);
  const reply = await lab.until(cluster.info(node, [command], cluster.deadline(1_000)));
  return reply.get(command) ?? "";
}
