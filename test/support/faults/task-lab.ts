import { FrameSplitter } from "../../../protocol/frame/frame-splitter.js";
import { ProtoType } from "../../../protocol/frame/proto.js";
import { Info2 } from "../../../protocol/message/flags.js";
import type { ClusterCore } from "../../../src/cluster/cluster-core.js";
import type { ClusterOptions } from "../../../src/cluster/options.js";
import {
  type BehaviorChanges,
  type Cluster,
  DataSet,
  type ExecuteTask,
  type JobInfo,
  type Session,
} from "../../../src/index.js";
import { readRequest } from "../fake/request.js";
import { behaviorOf, Lab, type LabOptions, masterOf } from "./lab.js";
import { asTheyCame } from "./watched-transport.js";

/** A record that tells how often a task has been at it. */
export interface Counter {
  id: number;
  runs: number;
}

export interface TaskLabOptions extends LabOptions {
  readonly records?: number;
  readonly behavior?: BehaviorChanges;
  readonly connect?: Partial<ClusterOptions>;
}

/** Three nodes with counters on all of them, for tasks that add 1 to each. */
export class TaskLab implements AsyncDisposable {
  readonly lab: Lab;
  readonly client: Cluster;
  readonly cluster: ClusterCore;
  readonly session: Session;
  readonly set = DataSet.of<Counter>("test", "counters");
  readonly records: number;
  /** How often a background task was sent to each node. */
  readonly startsSent: number[];

  private constructor(lab: Lab, client: Cluster, cluster: ClusterCore, session: Session, records: number) {
    this.lab = lab;
    this.client = client;
    this.cluster = cluster;
    this.session = session;
    this.records = records;
    this.startsSent = lab.emulator.nodes.map(() => 0);
    lab.transport.onRequest = (bytes, { endpoint }) => {
      const place = lab.emulator.nodes.findIndex(({ host, port }) => host === endpoint.host && port === endpoint.port);
      this.startsSent[place] = (this.startsSent[place] ?? 0) + countStarts(bytes);
    };
  }

  static async open(options: TaskLabOptions = {}): Promise<TaskLab> {
    const { records = 60, behavior = {}, connect, ...rest } = options;
    const lab = await Lab.open({ nodes: 3, ...rest });
    const { client, cluster } = await lab.connectCluster(connect);
    const taskLab = new TaskLab(lab, client, cluster, client.createSession(behaviorOf(behavior)), records);
    await taskLab.load();
    return taskLab;
  }

  get faults() {
    return this.lab.emulator.faults;
  }

  /** Id of the node at a place. */
  idOf(place: number): string {
    const node = this.lab.emulator.nodes[place];
    if (node === undefined) throw new RangeError(`There is no node at place ${place}`);
    return node.id;
  }

  /** Calls once the client has written or read so many times from now on, in the middle of it. */
  onEvent(count: number, call: () => void): Disposable {
    const { transport } = this.lab;
    const { onRequest } = transport;
    let left = count;
    const step = (): void => {
      if (--left === 0) call();
    };
    transport.onRequest = (bytes, socket) => {
      onRequest(bytes, socket);
      step();
    };
    transport.onReply = (bytes) => {
      step();
      return [bytes];
    };
    return {
      [Symbol.dispose]: () => {
        transport.onRequest = onRequest;
        transport.onReply = asTheyCame;
      },
    };
  }

  /** Adds 1 to every counter. */
  addOne() {
    return this.session.backgroundTask().update(this.set).bin("runs").add(1);
  }

  async load(): Promise<void> {
    const { session, set } = this;
    await this.lab.until(
      Promise.all(Array.from({ length: this.records }, (_, id) => session.put(set.id(id), { id, runs: 0 }))),
    );
  }

  /** How often each record was added to, by the node that is its master. */
  async tally(): Promise<number[][]> {
    const { client, set, lab } = this;
    const session = client.createSession();
    const tally: number[][] = lab.emulator.nodes.map(() => []);
    await lab.until(
      Promise.all(
        Array.from({ length: this.records }, async (_, id) => {
          const key = set.id(id);
          const { bins } = await session.get(key);
          tally[masterOf(lab.emulator, this.cluster, key)]?.push(bins.runs);
        }),
      ),
    );
    return tally;
  }

  /** Every number that the records of a node were added to: `[[1], [0], [1]]` when the second node did nothing. */
  async runsByNode(): Promise<number[][]> {
    return (await this.tally()).map((runs) => [...new Set(runs)].sort());
  }

  /** How a task's part ended, or that it runs, by the place of its node; of those nodes that know it. */
  async jobs(taskId: bigint): Promise<Map<number, JobInfo>> {
    const session = this.client.createSession();
    const jobs = await this.lab.until(session.backgroundTask().list());
    const { nodes } = this.lab.emulator;
    const own = jobs.filter((job) => job.taskId === taskId);
    return new Map(own.map((job) => [nodes.findIndex((node) => node.id === job.node), job]));
  }

  finish(task: ExecuteTask) {
    return this.lab.until(task.waitTillComplete({ totalTimeout: 60_000 }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.lab.close();
  }
}

/** Requests that start background tasks, of those that left in one write. */
function countStarts(bytes: Uint8Array): number {
  const splitter = new FrameSplitter();
  splitter.push(bytes);
  let starts = 0;
  while (splitter.next()) {
    if (splitter.type !== ProtoType.MESSAGE) continue;
    const { digest, info2 } = readRequest(splitter.body);
    if (digest === undefined && (info2 & Info2.WRITE) !== 0) starts++;
  }
  return starts;
}
