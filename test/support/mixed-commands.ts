import { QueryCommand } from "../../protocol/command/query.js";
import type { RecordMeta } from "../../protocol/command/record-reply.js";
import { makeKey } from "../../protocol/key/make-key.js";
import type { Runtime } from "../../runtime/runtime.js";
import type { ClusterCore } from "../../src/cluster/cluster-core.js";
import type { ClusterNode } from "../../src/cluster/node.js";
import { AerospikeError } from "../../src/errors/errors.js";
import type { OperationSettings } from "./operations.js";
import { execute, info, stream } from "./operations.js";
import { readCommand, writeCommand } from "./record-commands.js";

export interface MixedCommandsOptions {
  readonly namespace: string;
  readonly setName: string;
  /** Keys that commands are drawn from. Every record holds its own key. */
  readonly keys: number;
  readonly commands: number;
  /** Commands that are under way at once. */
  readonly concurrency: number;
  /** Longest timeout that is drawn, in ms. Short ones make for many that give up. */
  readonly longestTimeoutMs: number;
  /** Called every now and then, to make trouble. */
  readonly disturb?: () => void;
}

/** How the commands ended. */
export interface MixedOutcome {
  answered: number;
  notFound: number;
  timedOut: number;
  aborted: number;
  lost: number;
  /** Nothing was sent: the node had too many errors. */
  heldBack: number;
  /** The server said that it can't just now. */
  refused: number;
  /** Codes of errors that are none of these. */
  readonly others: string[];
  /** Answers that belong to another command. There must be none. */
  readonly crossed: string[];
}

/**
 * Sends a mix of reads, writes and info questions with random timeouts and aborts, each of which can tell whether the
 * answer that it gets is its own. All chance comes from the cluster's runtime, so that a run repeats from its seed.
 */
export async function runMixedCommands(cluster: ClusterCore, options: MixedCommandsOptions): Promise<MixedOutcome> {
  const outcome: MixedOutcome = {
    answered: 0,
    notFound: 0,
    timedOut: 0,
    aborted: 0,
    lost: 0,
    heldBack: 0,
    refused: 0,
    others: [],
    crossed: [],
  };
  let left = options.commands;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      if (options.disturb !== undefined && chance(cluster.runtime, 0.01)) options.disturb();
      try {
        const crossed = await runOne(cluster, options);
        if (crossed !== undefined) outcome.crossed.push(crossed);
        outcome.answered++;
      } catch (error) {
        count(outcome, error);
      }
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  return outcome;
}

/** Answers what is wrong with the answer, if anything is. */
async function runOne(cluster: ClusterCore, options: MixedCommandsOptions): Promise<string | undefined> {
  const { runtime } = cluster;
  const id = below(runtime, options.keys);
  const key = makeKey(options.namespace, options.setName, id);
  const controller = chance(runtime, 0.1) ? new AbortController() : undefined;
  const timer =
    controller && runtime.setTimer(below(runtime, options.longestTimeoutMs), () => controller.abort(), true);
  const settings = drawSettings(runtime, options.longestTimeoutMs);
  try {
    const kind = runtime.random();
    if (kind < 0.5) {
      const { bins } = await execute(cluster, readCommand(key), settings, controller?.signal);
      return bins["id"] === id ? undefined : `get of ${id} answered ${JSON.stringify(bins)}`;
    }
    if (kind < 0.85) {
      // The generation alone could be another record's: the size of the text makes replies of requests differ.
      const meta: RecordMeta = await execute(
        cluster,
        writeCommand(key, { id, text: "x".repeat(below(runtime, 2_000)) }),
        settings,
        controller?.signal,
      );
      return meta.generation > 0 ? undefined : `put of ${id} answered ${JSON.stringify(meta)}`;
    }
    const node = cluster.nodes[below(runtime, cluster.nodes.length)];
    if (node === undefined) return undefined;
    if (kind < 0.9) return await runStream(cluster, node, options, settings, controller?.signal);
    const reply = await info(
      cluster,
      node,
      ["node", "build"],
      Math.max(1, settings.totalTimeoutMs),
      controller?.signal,
    );
    return reply.get("node") === node.id ? undefined : `node of ${node.id} answered ${reply.get("node")}`;
  } finally {
    timer?.cancel();
  }
}

/** A stream of all records that a node masters: each row has to be of the set, and its digest that of its own key. */
async function runStream(
  cluster: ClusterCore,
  node: ClusterNode,
  { namespace, setName }: MixedCommandsOptions,
  settings: OperationSettings,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const partitions = cluster.partitionOwners(namespace).get(node) ?? [];
  if (partitions.length === 0) return undefined;
  const wrong: string[] = [];
  const taskId = BigInt.asUintN(63, cluster.runtime.randomBigint64()) | 1n;
  const command = new QueryCommand({ namespace, setName, taskId, partitions }, ({ bins, digest }) => {
    const { id } = bins;
    const own = typeof id === "number" ? makeKey(namespace, setName, id).digest : undefined;
    if (own === undefined || !own.every((byte, i) => byte === digest[i])) wrong.push(String(id));
  });
  await stream(cluster, node, command, settings, signal);
  return wrong.length === 0 ? undefined : `a query gave rows that are not the set's: ${wrong.join(", ")}`;
}

function drawSettings(runtime: Runtime, longestTimeoutMs: number): OperationSettings {
  const replicas = ["sequence", "master", "random"] as const;
  return {
    totalTimeoutMs: 1 + below(runtime, longestTimeoutMs),
    socketTimeoutMs: chance(runtime, 0.5) ? 1 + below(runtime, longestTimeoutMs) : 0,
    maxRetries: below(runtime, 3),
    retryDelayMs: chance(runtime, 0.2) ? 5 : 0,
    replica: replicas[below(runtime, replicas.length)] ?? "sequence",
    dedicated: chance(runtime, 0.1),
  };
}

function count(outcome: MixedOutcome, error: unknown): void {
  if (!(error instanceof AerospikeError)) throw error;
  switch (error.code) {
    case "RECORD_NOT_FOUND":
      outcome.notFound++;
      break;
    case "TIMEOUT":
      outcome.timedOut++;
      break;
    case "ABORTED":
      outcome.aborted++;
      break;
    case "CONNECTION":
    case "INVALID_NODE":
      outcome.lost++;
      break;
    case "MAX_ERROR_RATE":
      outcome.heldBack++;
      break;
    case "DEVICE_OVERLOAD":
    case "PARTITION_UNAVAILABLE":
      outcome.refused++;
      break;
    default:
      outcome.others.push(error.code);
  }
}

function below(runtime: Runtime, limit: number): number {
  return Math.floor(runtime.random() * limit);
}

function chance(runtime: Runtime, probability: number): boolean {
  return runtime.random() < probability;
}
