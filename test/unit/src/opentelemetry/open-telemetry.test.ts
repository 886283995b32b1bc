import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Emulator } from "../../../../emulator/index.js";
import { type Cluster, connect, DataSet, type Session } from "../../../../src/index.js";
import { openTelemetry } from "../../../../src/opentelemetry/index.js";

interface User {
  name: string;
}

const users = DataSet.of<User>("test", "users");
const spans = new InMemorySpanExporter();
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
const durations = new InMemoryMetricExporter(AggregationTemporality.DELTA);
const reader = new PeriodicExportingMetricReader({ exporter: durations, exportIntervalMillis: 3_600_000 });
const meterProvider = new MeterProvider({ readers: [reader] });
let emulator: Emulator;
let cluster: Cluster;
let session: Session;

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  emulator = await Emulator.start({ listen: "memory", udf: "none" });
  const telemetry = openTelemetry({ tracerProvider, meterProvider });
  cluster = await connect(emulator.hosts, { transport: emulator.transport, telemetry });
  session = cluster.createSession();
  await session.putMany(Array.from({ length: 20 }, (_, id) => [users.id(id), { name: `user-${id}` }] as const));
});

afterEach(() => {
  spans.reset();
  durations.reset();
});

afterAll(async () => {
  await cluster.close();
  await emulator.close();
  await tracerProvider.shutdown();
  await meterProvider.shutdown();
  context.disable();
});

const server = () => {
  const [node] = cluster.nodes;
  return { "server.address": node!.host, "server.port": node!.port };
};

describe("spans", () => {
  test("have the name, the kind and the attributes of the conventions", async () => {
    spans.reset();
    await session.get(users.id(1));
    const [span, ...others] = spans.getFinishedSpans();
    expect(others).toEqual([]);
    expect(span).toMatchObject({ name: "get users", kind: SpanKind.CLIENT, status: { code: SpanStatusCode.UNSET } });
    expect(span!.attributes).toEqual({
      "db.system.name": "aerospike",
      "db.operation.name": "get",
      "db.namespace": "test",
      "db.collection.name": "users",
      ...server(),
    });
    expect(span!.instrumentationScope.name).toBe("aerowire");
    expect(span!.parentSpanContext).toBeUndefined();
  });

  test("tell the error, and not its key", async () => {
    await expect(session.update(users.id("secret-7")).put({ name: "Eve" }).execute()).rejects.toThrow();
    const [span] = spans.getFinishedSpans();
    expect(span).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { "db.response.status_code": "2", "error.type": "RECORD_NOT_FOUND" },
    });
    expect(JSON.stringify([span!.attributes, span!.status, span!.events])).not.toContain("secret-7");
  });

  test("have the span as parent that was active where the call was made", async () => {
    const tracer = tracerProvider.getTracer("test");
    const calls = [1, 2, 3].map(async (id) => {
      const parent = tracer.startSpan(`request ${id}`);
      await context.with(trace.setSpan(ROOT_CONTEXT, parent), async () => {
        await session.get(users.id(id));
        await session.put(users.id(id), { name: `Ada ${id}` });
      });
      parent.end();
      return parent.spanContext();
    });
    const parents = await Promise.all(calls);
    const finished = spans.getFinishedSpans();
    for (const { spanId, traceId } of parents) {
      const children = finished.filter(({ parentSpanContext }) => parentSpanContext?.spanId === spanId);
      expect(children.map(({ name }) => name)).toEqual(["get users", "put users"]);
      expect(children.map((child) => child.spanContext().traceId)).toEqual([traceId, traceId]);
    }
  });

  test("of batches tell their size, those of queries are there as well", async () => {
    await session.getMany(Array.from({ length: 20 }, (_, id) => users.id(id)));
    const [batch, ...others] = spans.getFinishedSpans();
    expect(others).toEqual([]);
    expect(batch).toMatchObject({
      name: expect.stringMatching(/^batch /),
      attributes: { "db.operation.name": "batch", "db.operation.batch.size": 20 },
    });
    spans.reset();
    expect(await (await session.query(users).execute()).collect()).toHaveLength(20);
    expect(spans.getFinishedSpans().map(({ name }) => name)).toEqual(["query users"]);
  });

  test("begin and end with the command", async () => {
    const before = Date.now();
    await session.get(users.id(1));
    const [{ startTime, endTime } = { startTime: [0, 0], endTime: [0, 0] }] = spans.getFinishedSpans();
    const ms = ([seconds = 0, nanos = 0]: readonly number[]): number => seconds * 1_000 + nanos / 1e6;
    expect(ms(startTime)).toBeGreaterThanOrEqual(before - 2);
    expect(ms(endTime)).toBeGreaterThanOrEqual(ms(startTime));
  });
});

test("metrics: the duration of each command, in seconds, by its attributes", async () => {
  await meterProvider.forceFlush();
  durations.reset();
  await session.get(users.id(1));
  await session.get(users.id(2));
  await session.getMany(Array.from({ length: 20 }, (_, id) => users.id(id)));
  await meterProvider.forceFlush();
  const [metric] = durations.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
  expect(metric!.descriptor).toMatchObject({ name: "db.client.operation.duration", unit: "s" });
  const points = metric!.dataPoints.map(({ attributes, value }) => ({ attributes, value }));
  expect(points.find(({ attributes }) => attributes["db.operation.name"] === "get")).toEqual({
    attributes: {
      "db.system.name": "aerospike",
      "db.operation.name": "get",
      "db.namespace": "test",
      "db.collection.name": "users",
      ...server(),
    },
    value: expect.objectContaining({
      count: 2,
      buckets: expect.objectContaining({ boundaries: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] }),
    }),
  });
  const batch = points.find(({ attributes }) => attributes["db.operation.name"] === "batch");
  expect(batch!.attributes).not.toHaveProperty(["db.operation.batch.size"]);
});

test("metrics: sockets by node and purpose, used and idle, and requests that wait, while the client is there", async () => {
  /** Names of pools with their states, and what was measured. */
  const pools = async (name: string): Promise<Record<string, unknown>> => {
    durations.reset();
    await meterProvider.forceFlush();
    const all = durations.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
    const metric = all.find(({ descriptor }) => descriptor.name === name);
    return Object.fromEntries(
      (metric?.dataPoints ?? []).map(({ attributes, value }) => {
        const { "db.client.connection.pool.name": pool, "db.client.connection.state": state = "" } = attributes;
        return [`${pool} ${state}`, value];
      }),
    );
  };
  const other = await connect(emulator.hosts, {
    transport: emulator.transport,
    telemetry: openTelemetry({ tracerProvider, meterProvider }),
    minConnectionsPerNode: 2,
  });
  const { address } = other.nodes[0]!;
  const counts = await pools("db.client.connection.count");
  // The second client of this program that is measured.
  expect(counts).toMatchObject({ [`${address}/short#2 idle`]: 2, [`${address}/short#2 used`]: 0 });
  expect(counts).toHaveProperty([`${address}/tend idle`]);
  expect(await pools("db.client.connection.pending_requests")).toHaveProperty([`${address}/short#2 `], 0);
  await other.close();
  expect(await pools("db.client.connection.pending_requests")).not.toHaveProperty([`${address}/short#2 `]);
});

test("without providers of its own it takes those that the program registered, here none", async () => {
  await using silent = await connect(emulator.hosts, { transport: emulator.transport, telemetry: openTelemetry() });
  await silent.createSession().get(users.id(1));
  expect(spans.getFinishedSpans()).toEqual([]);
});

test("what is no telemetry is refused", async () => {
  const telemetry: object = {};
  const options = { transport: emulator.transport, telemetry };
  // @ts-expect-error it has no `begin`
  await expect(connect(emulator.hosts, options)).rejects.toThrow("expected telemetry to be a Telemetry, got");
});

test("options that do not exist and providers that are none are refused", () => {
  const typo: object = { tracer: undefined };
  expect(() => openTelemetry(typo)).toThrow('openTelemetry: there is no option "tracer"');
  const none: object = { tracerProvider: {} };
  expect(() => openTelemetry(none)).toThrow("expected tracerProvider to have a method getTracer, got an Object");
  const wrong: object = { meterProvider: 7 };
  expect(() => openTelemetry(wrong)).toThrow("expected meterProvider to have a method getMeter, got 7");
});
