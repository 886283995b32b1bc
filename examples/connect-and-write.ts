// Connects, writes a record, changes it, reads it back and removes it.
import { connect, DataSet } from "aerowire";

interface User {
  name: string;
  age: number;
  tags: string[];
}

const hosts = process.argv[2] ?? process.env.AEROSPIKE_HOSTS ?? "localhost:3000";
const users = DataSet.of<User>("test", "example-write");

await using cluster = await connect(hosts);
for (const { id, address, version } of cluster.nodes) console.log(`node ${id} at ${address} runs ${version}`);
const session = cluster.createSession();

await session.put(users.id("ada"), { name: "Ada", age: 36, tags: ["math"] });
await session.update(users.id("ada")).bin("age").add(1).bin("tags").listAppend("poetry").execute();

const { bins, generation } = await session.get(users.id("ada"));
console.log(`${bins.name} is ${bins.age}: ${bins.tags.join(", ")} (written ${generation} times)`);

const { bins: some } = await session.get(users.id("ada"), ["name"]);
console.log(`only the name: ${JSON.stringify(some)}`);

await session.delete(users.id("ada")).execute();
const [row] = await (await session.exists(users.id("ada")).execute()).collect();
console.log(`still there: ${row?.asBool()}`);
