// Runs on the runtime under test, against an emulator in the same process: a tour through the client. Prints its
// findings as JSON; the test knows what they must be.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createServer } from "node:tls";
import { AerospikeError, Behavior, connect, DataSet, double, GeoJson, nodeTransport, TaskAbortedError } from "aerowire";
import { Emulator } from "aerowire/emulator";
import { packed, packedBin, unpacked } from "aerowire/packed";

const RECORDS = 5_000;
/** Where ca.pem, server.pem and server.key.pem are. */
const [certificates] = process.argv.slice(2);
const findings = {};

const emulator = await Emulator.start({ nodes: 3 });
// Machines stall.
const client = await connect(emulator.hosts, { connectTimeoutMs: 20_000, readyTimeoutMs: 30_000 });
const session = client.createSession(
  Behavior.DEFAULT.deriveWithChanges("patient", {
    all: { totalTimeout: 30_000 },
    writesQuery: { totalTimeout: 30_000 },
  }),
);
const users = DataSet.of("test", "tour");

findings.values = await roundTrip({
  integer: -7,
  big: 9_007_199_254_740_993n,
  real: 0.25,
  whole: double(3),
  text: "smørrebrød 🙂",
  flag: true,
  bytes: Uint8Array.of(0, 127, 255),
  list: [1, "two", [3, { four: 4 }]],
  map: { b: 1, a: [true] },
  place: new GeoJson({ type: "Point", coordinates: [10.7, 59.9] }),
});
findings.packed = await pack();
findings.writesPerSecond = await load();
findings.updated = await update();
findings.luaCalls = await callLua();
findings.aggregated = await aggregate();
findings.aborted = await abortHalfWay();
findings.deleted = await deleteMost();
findings.refusal = await codeOf(() => connect("127.0.0.1:1", { readyTimeoutMs: 500 }));
findings.timeout = await codeOf(timeOut);
findings.signal = await codeOf(giveUp);
findings.nodeLost = await loseNode();
findings.tls = await speakTls("server.test");
findings.tlsWrongName = await speakTls("other.test");
await client.close();
await emulator.close();
console.log(JSON.stringify(findings));

async function roundTrip(bins) {
  const key = users.id("values");
  await session.put(key, bins);
  const read = (await session.get(key)).bins;
  await session.delete(key).execute();
  const { bytes, place, big, ...others } = read;
  return { ...others, big: String(big), bytes: [...bytes], bytesAre: bytes.constructor.name, place: place.toObject() };
}

async function pack() {
  const shaped = packedBin({ shapes: [["x", "y"]] });
  const points = Array.from({ length: 50 }, (_, x) => ({ x, y: new Map([[x, new Set([1n])]]) }));
  const key = users.id("packed");
  await session.put(key, { plain: packed({ at: new Date(7), bytes: Uint8Array.of(1) }), points: shaped.toBin(points) });
  const { plain, points: read } = (await session.get(key)).bins;
  await session.delete(key).execute();
  const { at, bytes } = unpacked(plain);
  const whole = shaped.fromBin(read).filter(({ x, y }) => y.get(x).has(1n)).length;
  return [at.getTime(), bytes.constructor.name, whole];
}

async function load() {
  const start = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < RECORDS) {
      const id = next++;
      await session.put(users.id(id), { age: id % 100, active: id % 2 === 0, score: 0 });
    }
  };
  await Promise.all(Array.from({ length: 200 }, worker));
  return Math.round((1_000 * RECORDS) / (performance.now() - start));
}

async function update() {
  const builder = session.backgroundTask().update(users).where("$.active == true and $.age >= ?0", 50);
  const task = await builder.bin("score").add(1).execute();
  let last;
  for await (const progress of task) last = progress;
  return [last.state, last.succeeded, await session.backgroundTask().touch(users).where("$.score == 1").count()];
}

async function callLua() {
  const source = "function grade(rec) rec.grade = 'g' .. rec.age aerospike:update(rec) end";
  await (await session.registerUdf(source, "tour.lua")).waitTillComplete({ totalTimeout: 10_000 });
  const task = await session.backgroundTask().executeUdf(users).function("tour", "grade").where("$.age < 10").execute();
  const { succeeded } = await task.waitTillComplete();
  return [succeeded, (await session.get(users.id(7))).bins.grade];
}

async function aggregate() {
  const source = `
    local function add(a, b) return a + b end
    function count(s) return s : map(function() return 1 end) : reduce(add) end
    function tens(s) return s : filter(function(r) return r.age >= 90 end) : map(function() return 1 end) : reduce(add) end`;
  await (await session.registerUdf(source, "sums.lua")).waitTillComplete({ totalTimeout: 10_000 });
  const query = (name) => session.query(users).aggregate("sums", name).first();
  return [await query("count"), await query("tens")];
}

async function abortHalfWay() {
  const task = await session.backgroundTask().touch(users).recordsPerSecond(100).execute();
  await task.abort();
  try {
    await task.waitTillComplete();
    return "done";
  } catch (error) {
    return error instanceof TaskAbortedError ? error.summary.state : String(error);
  }
}

async function deleteMost() {
  const task = await session.backgroundTask().delete(users).where("$.age >= 1").execute();
  const { succeeded } = await task.waitTillComplete();
  return [succeeded, await session.backgroundTask().delete(users).count()];
}

async function timeOut() {
  const hasty = client.createSession(Behavior.DEFAULT.deriveWithChanges("hasty", { all: { totalTimeout: 100 } }));
  const fault = emulator.faults.add({ command: "read", do: "stall" });
  try {
    await hasty.get(users.id(0));
  } finally {
    fault.lift();
  }
}

async function giveUp() {
  const controller = new AbortController();
  const task = await session.backgroundTask().touch(users).recordsPerSecond(1).execute();
  queueMicrotask(() => controller.abort(new Error("enough")));
  try {
    await task.waitTillComplete({ signal: controller.signal });
  } finally {
    await task.abort();
  }
}

async function codeOf(call) {
  try {
    await call();
    return "none";
  } catch (error) {
    return error instanceof AerospikeError ? error.code : String(error);
  }
}

/** Every record stays within reach when a node goes, and when it is back. */
async function loseNode() {
  const [node] = emulator.nodes;
  await node.stop();
  await emulator.whenStable();
  const without = await session.exists(users.ids(...keys())).execute();
  const found = (await without.collect()).filter((row) => row.asBool()).length;
  await node.start();
  await emulator.whenStable();
  const again = await session.exists(users.ids(...keys())).execute();
  return [found, (await again.collect()).filter((row) => row.asBool()).length];
}

function keys() {
  return Array.from({ length: 30 }, (_, i) => 100 * i);
}

/** What a socket with TLS says and hears, or why it could not be opened. */
async function speakTls(tlsName) {
  const pem = (name) => readFileSync(join(certificates, `${name}.pem`), "utf8");
  const server = createServer({ cert: pem("server"), key: pem("server.key") }, (socket) => socket.pipe(socket));
  server.on("tlsClientError", () => undefined);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const transport = nodeTransport({ tls: { ca: pem("ca") } });
  const heard = await new Promise((resolve) => {
    const socket = transport.connect(
      { host: "127.0.0.1", port: server.address().port, tlsName },
      {
        onConnect: () => socket.write(new TextEncoder().encode("echo")),
        onData: (bytes) => {
          resolve(new TextDecoder().decode(bytes));
          socket.destroy();
        },
        onDrain: () => undefined,
        onClose: (error) => resolve(error === undefined ? "closed" : "refused"),
      },
    );
  });
  await new Promise((resolve) => server.close(resolve));
  return heard;
}
