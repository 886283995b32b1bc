// Connects to a server elsewhere, uses both kinds of sockets and leaves without closing: the runtime must end by itself.
import process from "node:process";
import { Behavior, connect, DataSet } from "aerowire";

const [hosts] = process.argv.slice(2);
const client = await connect(hosts, { connectTimeoutMs: 20_000, readyTimeoutMs: 30_000 });
const session = client.createSession(Behavior.DEFAULT.deriveWithChanges("patient", { all: { totalTimeout: 30_000 } }));
const set = DataSet.of("test", "idle");
await session.put(set.id(1), { n: 1 });
console.log((await session.get(set.id(1))).bins.n, await session.backgroundTask().touch(set).count());
