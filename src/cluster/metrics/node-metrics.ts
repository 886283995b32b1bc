import type { ControlChannel } from "../control-channel.js";
import type { Lane } from "../lane.js";
import type { ClusterNode } from "../node.js";
import type { NodeSockets } from "../node-sockets.js";
import type { LaneMetrics, LaneName, NodeMetrics } from "./metrics.js";

export function nodeMetrics(node: ClusterNode, sockets: NodeSockets, control: ControlChannel | undefined): NodeMetrics {
  const { address, breaker, state } = node;
  const { short, streams, info } = sockets;
  const lanes: Partial<Record<LaneName, LaneMetrics>> = { short: laneMetrics(short), streams: laneMetrics(streams) };
  if (info !== short) lanes.info = laneMetrics(info);
  if (control !== undefined) lanes.tend = laneMetrics(control);
  return {
    address,
    lanes,
    breaker: { isOpen: breaker.isOpen, errors: breaker.errors, limit: breaker.limit, openings: breaker.openings },
    tends: { count: state.tends, failures: state.failedTends, failuresInARow: state.failures },
  };
}

function laneMetrics({
  connections,
  traffic,
  waiting,
}: Pick<Lane, "connections" | "traffic" | "waiting">): LaneMetrics {
  let open = 0;
  let inUse = 0;
  let opening = 0;
  let pending = 0;
  for (const connection of connections) {
    if (connection.isOpening) opening++;
    else open++;
    if (connection.isReady && connection.pending > 0) inUse++;
    pending += connection.pending;
  }
  return { open, inUse, opening, ...traffic, pending, waiting };
}
