import { inject } from "vitest";
import {
  type AnyBins,
  Behavior,
  type BinsShape,
  type Cluster,
  connect,
  DataSet,
  type Session,
} from "../../src/index.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Connection string of the server that this run tests against. */
    hosts: string;
    /** How many nodes it has; 0 when the run has to find out. */
    nodes: number;
  }
}

/** A connection to the server that this run tests against, with sets of the test's own. */
export interface TestTarget extends AsyncDisposable {
  readonly hosts: string;
  readonly client: Cluster;
  readonly session: Session;
  readonly namespace: "test";
  /** A data set that no other test uses; its records are gone when the target is disposed of. */
  dataSet<T extends BinsShape<T> = AnyBins>(): DataSet<T>;
  /** A name for an index or a Lua module that no other test uses, starting with a letter. */
  uniqueName(): string;
}

// Servers and this program share the machine with whatever else runs on it: seconds may be short for them.
const PATIENT = Behavior.DEFAULT.deriveWithChanges("patient", {
  all: { totalTimeout: 30_000, socketTimeout: 30_000 },
  writesQuery: { totalTimeout: 30_000 },
});
const PATIENCE = { connectTimeoutMs: 20_000, readyTimeoutMs: 30_000 } as const;

let names = 0;

export function connectTarget(): Promise<TestTarget> {
  return connectHosts(inject("hosts"));
}

export async function connectHosts(hosts: string): Promise<TestTarget> {
  const client = await connect(hosts, PATIENCE);
  const session = client.createSession(PATIENT);
  const run = `${process.pid.toString(36)}${Date.now().toString(36)}`;
  const sets: DataSet<unknown>[] = [];
  const uniqueName = (): string => `t${run}x${names++}`;
  return {
    hosts,
    client,
    session,
    namespace: "test",
    uniqueName,
    dataSet<T extends BinsShape<T> = AnyBins>() {
      const dataSet = DataSet.of<T>("test", uniqueName());
      sets.push(dataSet);
      return dataSet;
    },
    async [Symbol.asyncDispose]() {
      // One after the other: nodes have to agree on each, and give up when they have many to agree on.
      for (const dataSet of sets) await session.truncate(dataSet);
      await client.close();
    },
  };
}
