import { describe, expect, it } from "vitest";
import {
  type AerospikeError,
  BackgroundStartError,
  type Cluster,
  ConnectionError,
  connect,
  DataSet,
  type Session,
} from "../../src/index.js";
import { Lab } from "../support/faults/lab.js";

const set = DataSet.of<{ n: number }>("test", "closing");

async function open() {
  const lab = await Lab.open({ nodes: 3 });
  const client = await lab.connect();
  const session = client.createSession();
  await lab.until(Promise.all(set.ids([0, 1, 2, 3, 4, 5]).map((key) => session.put(key, { n: 0 }))));
  return { lab, client, session };
}

/** Everything that a session can have under way. */
function everything(session: Session): Promise<unknown>[] {
  const background = session.backgroundTask();
  return [
    session.get(set.id(0)),
    session.put(set.id(1), { n: 1 }),
    session.update(set.id(2)).bin("n").add(1).execute(),
    session.exists(set.id(3)).execute(),
    session.touch(set.id(4)).execute(),
    session.delete(set.id(5)).execute(),
    background.update(set).bin("n").add(1).execute(),
    background.delete(set).count(),
    background.delete(set).explain(),
    background.list(),
    session.truncate(set),
    session.listUdfs(),
    session.index(set).onBin("n").named("closing_n").integer().create(),
    session.info().namespaces(),
  ];
}

function expectClosed(reason: unknown): void {
  expect(reason).toBeInstanceOf(ConnectionError);
  expect(reason).toMatchObject({ code: "CLIENT_CLOSED", message: expect.stringContaining("The client is closed") });
}

describe("close()", () => {
  it("fails everything that is under way, and says of what it is in doubt", async () => {
    const { lab, client, session } = await open();
    await using _lab = lab;
    using _info = lab.emulator.faults.add({ command: "info", do: "stall" });
    using _all = lab.emulator.faults.add({ do: "stall" });
    const underWay = everything(session).map((one) => one.catch((error: unknown) => error));
    await lab.runtime.advance(20);
    await lab.until(client.close());
    const reasons = await lab.until(Promise.all(underWay));
    const start = reasons.find((reason) => reason instanceof BackgroundStartError);
    expect(start).toMatchObject({ inDoubt: true, message: expect.stringContaining("may still run on node") });
    for (const reason of reasons) if (reason !== start) expectClosed(reason);
    expect(reasons.filter((reason) => reason instanceof ConnectionError).length).toBe(reasons.length - 1);
    const [get, put, update, exists, touch, remove] = reasons as AerospikeError[];
    for (const read of [get, exists]) expect(read?.inDoubt).toBe(false);
    for (const write of [put, update, touch, remove]) expect(write?.inDoubt).toBe(true);
    expect(lab.transport.open).toEqual([]);
  });

  it("fails what waits between two attempts, and what waits for a socket", async () => {
    const { lab, client, session } = await open();
    await using _lab = lab;
    using _ = lab.emulator.faults.add({ do: "answer", resultCode: 18 });
    const patient = session.behavior.deriveWithChanges("patient", {
      all: { maxRetries: 100, retryDelay: 1_000, totalTimeout: 60_000 },
    });
    const pausing = lab.failure(client.createSession(patient).get(set.id(0)));
    await lab.runtime.advance(500);
    await lab.until(client.close());
    expectClosed(await pausing);

    const refusals = lab.emulator.nodes.map((node) => lab.emulator.faults.refuseSockets(node.index));
    const second = lab.failure(lab.connect());
    await lab.runtime.advance(5_000);
    expect(await second).toBeInstanceOf(ConnectionError);
    for (const refusal of refusals) refusal.lift();
  });

  it("forbids what comes after", async () => {
    const { lab, client, session } = await open();
    await using _lab = lab;
    const opened = lab.transport.opened;
    await lab.until(client.close());
    const reasons = await Promise.all(everything(session).map((one) => lab.failure(one)));
    for (const [i, reason] of reasons.entries()) {
      expect(reason, `${i}`).toMatchObject({ code: "CLIENT_CLOSED", inDoubt: false });
    }
    expect(() => client.createSession()).toThrow("The client is closed");
    expect(client.isConnected).toBe(false);
    expect(client.nodes).toEqual([]);
    await lab.runtime.advance(10_000);
    expect(lab.transport.opened).toBe(opened);
  });

  it("may be called any number of times, also at once", async () => {
    const { lab, client } = await open();
    await using _lab = lab;
    const closing = [client.close(), client.close(), client[Symbol.asyncDispose]()];
    await lab.until(Promise.all(closing));
    await lab.until(client.close());
    expect(lab.transport.open).toEqual([]);
  });

  it("is what await using does", async () => {
    await using lab = await Lab.open();
    let kept: Cluster | undefined;
    const block = (async () => {
      await using client = await connect(lab.emulator.hosts, { transport: lab.transport, runtime: lab.runtime });
      kept = client;
      await client.createSession().put(set.id(0), { n: 1 });
    })();
    await lab.until(block);
    expect(kept?.isConnected).toBe(false);
    expect(lab.transport.open).toEqual([]);
  });

  it("does not wait for a server that is silent, or nodes that are being looked for", async () => {
    const { lab, client, session } = await open();
    await using _lab = lab;
    using _ = lab.emulator.faults.add({ command: ["info", "read"], do: "silence" });
    const reading = lab.failure(session.get(set.id(0), { totalTimeout: 30_000 }));
    await lab.runtime.advance(1_500);
    const startedAt = lab.runtime.now();
    await lab.until(client.close());
    expect(lab.runtime.now() - startedAt).toBeLessThan(10);
    expectClosed(await reading);
  });

  it("leaves other clients of the process alone", async () => {
    const { lab, client } = await open();
    await using _lab = lab;
    const other = (await lab.connect()).createSession();
    await lab.until(client.close());
    expect((await lab.until(other.get(set.id(0)))).bins.n).toBe(0);
  });
});

describe("a connect that is given up", () => {
  it.each([0, 1, 2, 3, 5, 8, 13, 21])("leaves nothing behind after %i deliveries", async (deliveries) => {
    await using lab = await Lab.open({ nodes: 3 });
    const controller = new AbortController();
    let left = deliveries;
    lab.transport.onReply = (bytes) => {
      if (left-- === 0) controller.abort("enough");
      return [bytes];
    };
    const { signal } = controller;
    const connecting = connect(lab.emulator.hosts, { transport: lab.transport, runtime: lab.runtime, signal });
    const outcome = await lab.until(connecting.catch((error: unknown) => error));
    if (signal.aborted) expect(outcome).toMatchObject({ name: "AbortError", cause: "enough" });
    else await lab.until((outcome as Cluster).close());
    expect(lab.transport.open).toEqual([]);
  });
});
