// A program of its own, started by process.test.ts: connects to a port of this machine and does what it is told. It ends
// by itself, or does not, which is what the test is about.
import { makeKey } from "../../../protocol/key/make-key.js";
import { systemRuntime } from "../../../runtime/system-runtime.js";
import { ClusterCore } from "../../../src/cluster/cluster-core.js";
import { nodeTransport } from "../../../src/transport/node.js";
import { execute } from "../operations.js";
import { readCommand } from "../record-commands.js";

const [port, what] = process.argv.slice(2);
const cluster = await ClusterCore.connect({
  seeds: [{ host: "127.0.0.1", port: Number(port) }],
  transport: nodeTransport(),
  runtime: systemRuntime,
});
const settings = {
  totalTimeoutMs: 0,
  socketTimeoutMs: 0,
  maxRetries: 0,
  retryDelayMs: 0,
  replica: "sequence",
} as const;
const read = (dedicated: boolean): Promise<void> =>
  execute(cluster, readCommand(makeKey("test", "set", 1)), { ...settings, dedicated }).then(
    () => console.log("answered"),
    (error: Error) => console.log(error.message),
  );

switch (what) {
  case "idle":
    // Used once, so that sockets of both kinds are open and idle.
    await Promise.all([read(false), read(true)]);
    break;
  case "pending":
    // Nothing but the command itself keeps the process here until the answer comes.
    void read(false);
    break;
  case "close":
    await read(false);
    await cluster.close();
    // What the runtime itself opens for the output is not ours.
    console.log(
      process
        .getActiveResourcesInfo()
        .filter((name) => /TCP|TLS|Timeout|Immediate/.test(name))
        .join() || "nothing left",
    );
    break;
  default:
    throw new Error(`The program can't ${what}`);
}
console.log("end of the program");
