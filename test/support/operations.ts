import type { Command, RecordCommand, StreamCommand } from "../../protocol/command/command.js";
import type { InfoReply } from "../../protocol/info/info-reply.js";
import type { ClusterCore } from "../../src/cluster/cluster-core.js";
import type { ClusterNode } from "../../src/cluster/node.js";
import type { CommandSettings } from "../../src/cluster/options.js";
import type { StreamFlow } from "../../src/cluster/stream-operation.js";

/** How a command is carried out, and the limit of the operation around it. */
export interface OperationSettings extends CommandSettings {
  /** 0 for no limit. */
  readonly totalTimeoutMs: number;
}

// What a user's call does around the cluster: makes the operation's deadline and hands it down.

export function execute<T>(
  cluster: ClusterCore,
  command: RecordCommand<T>,
  settings: OperationSettings,
  signal?: AbortSignal,
): Promise<T> {
  return cluster.execute(command, settings, cluster.deadline(settings.totalTimeoutMs, signal));
}

export function executeOn<T>(
  cluster: ClusterCore,
  node: ClusterNode,
  command: Command<T>,
  settings: OperationSettings,
  signal?: AbortSignal,
): Promise<T> {
  return cluster.executeOn(node, command, settings, cluster.deadline(settings.totalTimeoutMs, signal));
}

export function stream(
  cluster: ClusterCore,
  node: ClusterNode,
  command: StreamCommand,
  settings: OperationSettings,
  signal?: AbortSignal,
  onStart?: (flow: StreamFlow) => void,
): Promise<void> {
  return cluster.stream(node, command, settings, cluster.deadline(settings.totalTimeoutMs, signal), onStart);
}

export function info(
  cluster: ClusterCore,
  node: ClusterNode,
  commands: readonly string[],
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<InfoReply> {
  return cluster.info(node, commands, cluster.deadline(timeoutMs, signal));
}
