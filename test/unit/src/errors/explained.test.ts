import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { ResultCode } from "../../../../protocol/result-code.js";
import {
  type AerospikeError,
  BatchError,
  Behavior,
  type Cluster,
  connect,
  DataSet,
  type Session,
  TimeoutError,
} from "../../../../src/index.js";
import { packDetails } from "../../../support/error-details.js";
import { World } from "../../../support/fake/world.js";

const users = DataSet.of("test", "users");
const TRACE = { 1: 2, 3: 1, 5: ["and", "=="], 6: "$.a == 7", 7: 2, 13: [7, 8] };
const details = packDetails({ 1: 5, 2: "too many bins", 3: TRACE });

interface Setup {
  readonly world: World;
  readonly client: Cluster;
  readonly session: Session;
}

async function open(build: string, behavior?: Behavior): Promise<Setup> {
  const world = new World({ nodes: 1 });
  for (const node of world.fake.nodes) node.build = build;
  const { network: transport, runtime } = world;
  const client = await runtime.until(connect("10.0.0.1", { transport, runtime }), 60_000);
  return { world, client, session: client.createSession(behavior) };
}

async function failureOf(world: World, work: Promise<unknown>): Promise<AerospikeError> {
  return world.runtime.until(
    work.then(
      () => Promise.reject(new Error("it succeeded")),
      (error) => error,
    ),
    60_000,
  );
}

const everything = Behavior.DEFAULT.deriveWithChanges("explained", {
  all: { errorDetailVerbosity: "expressionTrace" },
});
const nothing = Behavior.DEFAULT.deriveWithChanges("unexplained", { all: { errorDetailVerbosity: "none" } });

describe("a server's explanation", () => {
  test("is on the error of a single command", async () => {
    const { world, session } = await open("8.2.0.0");
    const [node] = world.fake.nodes;
    const seen: number[] = [];
    node!.onRequest = ({ info4 }) => {
      seen.push(info4);
      return { kind: "code", code: ResultCode.PARAMETER_ERROR, details };
    };
    const error = await failureOf(world, session.get(users.id(1)));
    expect(error.message).toContain("refused a parameter of the request: too many bins, sub code 5 (get");
    expect(error).toMatchObject({ resultCode: 4, subCode: 5, serverMessage: "too many bins" });
    expect(error.hint).toBe("There are more operations or bins than a request may have");
    expect(error.expressionTrace).toMatchObject({ phase: "evaluation", path: ["and", "=="], operands: [7, 8] });
    // The values may be personal.
    expect(`${inspect(error)}${JSON.stringify(error)}`).not.toMatch(/operands|\$\.a == 7/);
    await failureOf(world, session.put(users.id(1), { a: 1 }));
    expect(seen).toEqual([0x40, 0x40]);
  });

  test("is on the rows of a batch, and on those that are no failures", async () => {
    const { world, client } = await open("8.2.0.0", everything);
    const [node] = world.fake.nodes;
    const session = client.createSession(everything);
    const keys = users.ids(Array.from({ length: 10 }, (_, i) => i));
    node!.onRequest = ({ info4 }) => {
      expect(info4).toBe(0x60);
      return { kind: "code", code: ResultCode.PARAMETER_ERROR, details };
    };
    const error = await failureOf(world, session.getMany(keys));
    expect(error).toBeInstanceOf(BatchError);
    const rows = error instanceof BatchError ? error.failures : [];
    expect(rows).toHaveLength(10);
    for (const row of rows) {
      expect(row.error).toMatchObject({ subCode: 5, serverMessage: "too many bins" });
      expect(row.error?.expressionTrace?.snippet).toBe("$.a == 7");
    }
    node!.onRequest = () => ({ kind: "code", code: ResultCode.FILTERED_OUT, details });
    const stream = await world.runtime.until(session.upsert(keys).put({ a: 1 }).where("$.a == 7").execute(), 60_000);
    const [row] = await world.runtime.until(stream.collect(), 60_000);
    expect(row).toMatchObject({ resultCode: 27, isFailure: false });
    expect(row?.error).toMatchObject({ code: "FILTERED_OUT", subCode: 5 });
    expect(row?.error?.expressionTrace?.outcome).toBe("false");
  });

  test("is on the error of a query", async () => {
    const { world, session } = await open("8.2.0.0");
    const [node] = world.fake.nodes;
    node!.onRequest = ({ info4 }) => {
      expect(info4).toBe(0x40);
      return { kind: "code", code: ResultCode.PARAMETER_ERROR, details };
    };
    const failure = failureOf(world, session.query(users).count());
    expect(await failure).toMatchObject({ subCode: 5, serverMessage: "too many bins" });
  });

  test("is asked for by nobody else than those who want it, of no older server", async () => {
    for (const [build, behavior] of [
      ["8.2.0.0", nothing],
      ["8.1.9.9", everything],
    ] as const) {
      const { world, session } = await open(build, behavior);
      const [node] = world.fake.nodes;
      await world.runtime.until(session.getMany(users.ids(Array.from({ length: 10 }, (_, i) => i))), 60_000);
      await world.runtime.until(session.put(users.id(1), { a: 1 }), 60_000);
      const requests = [...node!.requests, ...node!.batches.flatMap(({ rows = [] }) => rows)];
      expect(requests.length).toBeGreaterThan(10);
      expect(new Set(requests.map(({ info4 }) => info4))).toEqual(new Set([0]));
    }
  });

  test("that can't be read leaves the refusal as it is", async () => {
    const { world, session } = await open("8.2.0.0");
    const [node] = world.fake.nodes;
    const damaged = Uint8Array.of(0xde, 0xff);
    node!.onRequest = () => ({ kind: "code", code: ResultCode.BIN_TYPE_ERROR, details: damaged });
    const error = await failureOf(world, session.get(users.id(1)));
    expect(error).toMatchObject({ code: "BIN_TYPE", subCode: undefined, serverMessage: undefined });
    expect(error.expressionTrace).toBeUndefined();
  });
});

describe("the errors of earlier attempts", () => {
  test("of a command", async () => {
    const { world, session } = await open("8.1.2.0");
    const [node] = world.fake.nodes;
    let attempt = 0;
    node!.onRequest = () =>
      attempt++ === 0 ? { kind: "code", code: ResultCode.PARTITION_UNAVAILABLE } : { kind: "delay", ms: 1e6 };
    const error = await failureOf(world, session.get(users.id(1)));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.attempts).toBe(3);
    expect(error.earlierErrors.map(({ code, attempts }) => [code, attempts])).toEqual([
      ["PARTITION_UNAVAILABLE", 1],
      ["TIMEOUT", 2],
    ]);
    // They are for whoever asks: printing the error shows it alone.
    expect(inspect(error)).not.toContain("PARTITION_UNAVAILABLE");
  });

  test("of each row of a batch", async () => {
    const { world, session } = await open("8.1.2.0");
    const [node] = world.fake.nodes;
    const counts = new Map<string | undefined, number>();
    node!.onRequest = ({ digest }) => {
      const count = (counts.get(digest) ?? 0) + 1;
      counts.set(digest, count);
      return { kind: "code", code: count === 1 ? ResultCode.DEVICE_OVERLOAD : ResultCode.PARTITION_UNAVAILABLE };
    };
    const error = await failureOf(world, session.getMany(users.ids(Array.from({ length: 10 }, (_, i) => i))));
    const rows = error instanceof BatchError ? error.failures : [];
    expect(rows).toHaveLength(10);
    for (const row of rows) {
      expect(row.error?.attempts).toBe(3);
      expect(row.error?.earlierErrors.map(({ code }) => code)).toEqual(["DEVICE_OVERLOAD", "PARTITION_UNAVAILABLE"]);
    }
  });

  test("of a query's rounds", async () => {
    const { world, session } = await open("8.1.2.0");
    const [node] = world.fake.nodes;
    node!.onRequest = () => ({ kind: "code", code: ResultCode.PARTITION_UNAVAILABLE });
    const error = await failureOf(world, session.query(users).count());
    expect(error.earlierErrors.length).toBeGreaterThan(0);
    expect(new Set(error.earlierErrors.map(({ code }) => code))).toEqual(new Set(["PARTITION_UNAVAILABLE"]));
  });

  test("are none where there was one attempt, and few where there were many", async () => {
    const { world, client } = await open("8.1.2.0");
    const [node] = world.fake.nodes;
    node!.onRequest = () => ({ kind: "code", code: ResultCode.PARTITION_UNAVAILABLE });
    const stubborn = Behavior.DEFAULT.deriveWithChanges("stubborn", { all: { maxRetries: 40 } });
    const error = await failureOf(world, client.createSession(stubborn).get(users.id(1)));
    expect(error.attempts).toBe(41);
    expect(error.earlierErrors.map(({ attempts }) => attempts)).toEqual([33, 34, 35, 36, 37, 38, 39, 40]);
    node!.onRequest = () => ({ kind: "code", code: ResultCode.KEY_BUSY });
    expect((await failureOf(world, client.createSession().get(users.id(1)))).earlierErrors).toEqual([]);
  });
});

test("hints are there where there is something to say", async () => {
  const { world, session } = await open("8.1.2.0");
  const [node] = world.fake.nodes;
  node!.onRequest = () => ({ kind: "code", code: ResultCode.GENERATION_ERROR });
  expect((await failureOf(world, session.put(users.id(1), { a: 1 }))).hint).toContain("Read the record again");
  node!.onRequest = () => ({ kind: "code", code: ResultCode.BIN_TYPE_ERROR });
  expect((await failureOf(world, session.put(users.id(1), { a: 1 }))).hint).toBeUndefined();
});
