import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What a program holds. */
export interface Holdings {
  /** Sockets, timers and whatever else keeps a process running, by kind. */
  readonly resources: Readonly<Record<string, number>>;
  /** Bytes in use once everything that nobody reaches was collected: objects, and arrays of bytes beside them. */
  readonly bytes: number;
}

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

export async function holdings(): Promise<Holdings> {
  // Sockets that were closed let go of their handles a little later.
  for (let turns = 0; turns < 3; turns++) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const resources: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
  return { resources, bytes: heapUsed + arrayBuffers };
}
