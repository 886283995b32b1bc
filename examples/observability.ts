// What a client does, seen in four ways: a log, events, spans and metrics of OpenTelemetry, and numbers of its own.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { connect, DataSet, latencyQuantile, type TaskEvent } from "aerowire";
import { openTelemetry } from "aerowire/opentelemetry";

const hosts = process.argv[2] ?? process.env.AEROSPIKE_HOSTS ?? "localhost:3000";
const orders = DataSet.of<{ total: number; paid?: boolean }>("test", "example-observability");

// A program has an exporter to its collector in place of these two, and registers the providers once for all libraries.
const spans = new InMemorySpanExporter();
const measurements = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
const reader = new PeriodicExportingMetricReader({ exporter: measurements, exportIntervalMillis: 60_000 });
const meterProvider = new MeterProvider({ readers: [reader] });

// Events cost nothing while nobody listens.
const onTask = (event: unknown): void => {
  const { event: what, taskId, progress } = event as TaskEvent;
  console.log(
    `event: task ${what}${progress === undefined ? ` with id ${taskId}` : `, ${progress.succeeded} changed`}`,
  );
};
subscribe("aerowire:task", onTask);

{
  await using cluster = await connect(hosts, {
    logger: ({ level, message, fields }) =>
      console.log(`log: ${level}: ${message} (${fields.node ?? fields["db.operation.name"]})`),
    telemetry: openTelemetry({ tracerProvider, meterProvider }),
    minConnectionsPerNode: 1,
  });
  const session = cluster.createSession();
  await session.putMany(Array.from({ length: 100 }, (_, i) => [orders.id(i), { total: i }] as const));
  await session.get(orders.id(7));
  const task = await session.backgroundTask().update(orders).where("$.total >= 50").bin("paid").setTo(true).execute();
  await task.waitTillComplete();

  const { operations, nodes } = cluster.metrics();
  const p99 = latencyQuantile(operations["get"]!.latency, 0.99)!;
  console.log(
    `metrics: get within ${p99 < 1_000_000 ? "a second" : "more than a second"}, ${Object.keys(nodes).length} nodes`,
  );

  await meterProvider.forceFlush();
  const [pools] = measurements
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
    .filter(({ descriptor }) => descriptor.name === "db.client.connection.count");
  const idle = pools?.dataPoints.filter(({ attributes }) => attributes["db.client.connection.state"] === "idle") ?? [];
  console.log(`metrics: ${idle.some(({ value }) => Number(value) > 0) ? "some" : "no"} connections are idle`);
  const names = new Set(spans.getFinishedSpans().map(({ name }) => name));
  console.log(`spans: ${[...names].filter((name) => name.endsWith("example-observability")).join(", ")}`);
  await session.truncate(orders);
}

unsubscribe("aerowire:task", onTask);
await tracerProvider.shutdown();
await meterProvider.shutdown();
