// Registers a Lua function and lets the servers call it on every order that is not paid.
import { connect, DataSet } from "aerowire";

interface Order {
  amount: number;
  paid: boolean;
  fee?: number;
}

const LUA = `
function add_fee(rec, percent)
  rec["fee"] = math.floor(rec["amount"] * percent / 100)
  aerospike:update(rec)
end
`;

const hosts = process.argv[2] ?? process.env.AEROSPIKE_HOSTS ?? "localhost:3000";
const orders = DataSet.of<Order>("test", "example-udf");

await using cluster = await connect(hosts);
const session = cluster.createSession();

try {
  for (let id = 0; id < 100; id++) await session.put(orders.id(id), { amount: 10 * id, paid: id % 4 === 0 });

  const registered = await session.registerUdf(LUA, "example_fees.lua");
  await registered.waitTillComplete({ totalTimeout: 10_000 }); // until every node has it
  const modules = await session.listUdfs();
  console.log(`registered: ${modules.some(({ fileName }) => fileName === "example_fees.lua")}`);

  const task = await session
    .backgroundTask()
    .executeUdf(orders)
    .function("example_fees", "add_fee")
    .passing(15)
    .where("$.paid == false")
    .execute();
  const { succeeded, failed } = await task.waitTillComplete({ totalTimeout: 60_000 });
  console.log(`${succeeded} calls succeeded, ${failed} failed`);

  const { bins } = await session.get(orders.id(7));
  console.log(`order 7: ${bins.amount} and a fee of ${bins.fee}`);
} finally {
  await session.truncate(orders);
  await session.removeUdf("example_fees.lua");
}
