// A Worker that serves records, for the tests in ../workers.test.ts. It answers JSON, and errors as { error, code }.
import { DurableObject } from "cloudflare:workers";
import { Behavior, connect, DataSet, nodeTransport } from "aerowire";
import { packedBin } from "aerowire/packed";
import { keepAerospike, withAerospike } from "aerowire/workers";

const items = DataSet.of("test", "worker");
const packed = DataSet.of("test", "packed", { bins: { value: packedBin({ shapes: [["x", "y"]] }) } });
const patient = Behavior.DEFAULT.deriveWithChanges("patient", { all: { totalTimeout: 20_000 } });

export default {
  async fetch(request, env, ctx) {
    const { pathname, searchParams } = new URL(request.url);
    const parameters = Object.fromEntries(searchParams);
    try {
      return Response.json(await answer(pathname.slice(1), parameters, request, env, ctx));
    } catch (error) {
      return Response.json({ error: error.message, code: error.code, inDoubt: error.inDoubt });
    }
  },
};

async function answer(what, parameters, request, env, ctx) {
  switch (what) {
    case "connect": {
      // What `connect` by itself does here.
      await using cluster = await connect(
        parameters.hosts ?? env.AEROSPIKE_HOSTS,
        JSON.parse(parameters.options ?? "{}"),
      );
      return cluster.nodes.length;
    }
    case "object": {
      const stub = env.OBJECT.get(env.OBJECT.idFromName("one"));
      return (await stub.fetch(request)).json();
    }
    default: {
      const sockets = countSockets();
      const options = { behavior: patient, ...JSON.parse(parameters.options ?? "{}"), transport: sockets.transport };
      const found = await withAerospike(env, ctx, (session, scope) => work[what](session, parameters, scope), options);
      return { found, sockets: sockets.counts };
    }
  }
}

const work = {
  /** Objects of one shape, often enough for msgpackr to compile a reader where it may. */
  async packed(session) {
    const value = new Map([["points", Array.from({ length: 50 }, (_, x) => ({ x, y: new Date(x) }))]]);
    await session.put(packed.id(1), { value });
    const points = (await session.get(packed.id(1))).bins.value.get("points");
    return points.filter(({ x, y }) => y.getTime() === x).length;
  },
  put: (session, { id, n }) => session.put(items.id(Number(id)), { n: Number(n) }).then(() => "done"),
  get: (session, { id }) => session.get(items.id(Number(id))).then(({ bins }) => bins.n),
  async fill(session, { count }) {
    await Promise.all(ids(count).map((id) => session.put(items.id(id), { n: id })));
    return Number(count);
  },
  async sum(session, { count }) {
    const records = await Promise.all(ids(count).map((id) => session.get(items.id(id))));
    return records.reduce((sum, { bins }) => sum + bins.n, 0);
  },
  /** A read of a record inside of a query for each row, and a batch beside it. */
  async nested(session, { count }) {
    let sum = 0;
    const batch = session.getMany(items.ids(...ids(count)));
    for await (const { bins } of await session.query(items).execute()) {
      sum += (await session.get(items.id(bins.n))).bins.n;
    }
    return [sum, (await batch).length];
  },
  async start(session) {
    const task = await session.backgroundTask().update(items).bin("n").add(1_000).execute();
    return String(task.id);
  },
  async watch(session, { task }) {
    const { state, succeeded } = await session.backgroundTask().attach(BigInt(task)).waitTillComplete();
    return { state, succeeded };
  },
  /** Written when the answer is out. */
  late(session, { id, n, ms }, { waitUntil }) {
    waitUntil(later(ms).then(() => session.put(items.id(Number(id)), { n: Number(n) })));
    return "answered";
  },
  /** One read after another while nodes come and go. */
  async patrol(session, { count, ms }) {
    const values = [];
    for (let id = 0; id < Number(count); id++) {
      values.push((await session.get(items.id(id))).bins.n);
      await later(ms);
    }
    return values.length;
  },
  async fail() {
    throw new Error("the program's own");
  },
};

/** A client for many requests. */
export class Keeper extends DurableObject {
  #aerospike = keepAerospike(this.env, { idleMs: 200, behavior: patient });

  async fetch(request) {
    const { searchParams } = new URL(request.url);
    const parameters = Object.fromEntries(searchParams);
    if (parameters.work === undefined) return Response.json({ isOpen: this.#aerospike.isOpen });
    return Response.json(await this.#aerospike.use((session) => work[parameters.work](session, parameters)));
  }
}

function ids(count) {
  return Array.from({ length: Number(count) }, (_, id) => id);
}

function later(ms) {
  return new Promise((resolve) => setTimeout(resolve, Number(ms)));
}

/** The runtime's sockets, and how many of them were opened in all and at once. */
function countSockets() {
  const inner = nodeTransport();
  const counts = { opened: 0, most: 0 };
  let open = 0;
  const transport = {
    ...inner,
    connect(endpoint, handler) {
      const socket = inner.connect(endpoint, {
        onConnect: () => handler.onConnect(),
        onData: (bytes) => handler.onData(bytes),
        onDrain: () => handler.onDrain(),
        onClose(error) {
          open--;
          handler.onClose(error);
        },
      });
      counts.opened++;
      counts.most = Math.max(counts.most, ++open);
      return socket;
    },
  };
  return { transport, counts };
}
