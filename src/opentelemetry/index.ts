// `aerowire/opentelemetry`: spans and metrics of what a client does, by the semantic conventions for databases.

import {
  type BatchObservableResult,
  context,
  type Histogram,
  type Meter,
  type MeterProvider,
  metrics,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import { checkOptions, type OptionNames } from "../../protocol/check/check-options.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { CommandEvent } from "../cluster/diagnostics.js";
import type { ClusterMetrics } from "../cluster/metrics/metrics.js";
import type { Telemetry } from "../cluster/telemetry.js";
import { VERSION } from "../cluster/version.js";

export type { Telemetry } from "../cluster/telemetry.js";

/** Options of {@link openTelemetry}. */
export interface OpenTelemetryOptions {
  /** Default: the one that the program has registered. */
  readonly tracerProvider?: TracerProvider | undefined;
  /** Default: the one that the program has registered. */
  readonly meterProvider?: MeterProvider | undefined;
}

const OPTIONS: OptionNames<OpenTelemetryOptions> = { tracerProvider: true, meterProvider: true };
const SCOPE = "aerowire";
/** As the conventions recommend, in seconds. */
const BOUNDARIES = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/**
 * Spans and metrics of a client through `@opentelemetry/api`, which has to be installed beside it.
 *
 * - A span of the kind CLIENT for each command, named `get users`, with the span that is active at the call as its parent.
 *   Batches and queries have one for each request to a node. Retries are part of it.
 * - The histogram `db.client.operation.duration`, in seconds.
 * - Sockets, read when metrics are exported: `db.client.connection.count`, used and idle, and
 *   `db.client.connection.pending_requests`, for each node and purpose.
 *
 * Neither has keys, values or credentials.
 *
 * @throws TypeError for an option that does not exist, and for a provider that is none
 * @example const cluster = await connect(hosts, { telemetry: openTelemetry() });
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Telemetry {
  checkOptions("openTelemetry", options, OPTIONS);
  const { tracerProvider, meterProvider } = options;
  checkProvider("tracerProvider", tracerProvider, "getTracer");
  checkProvider("meterProvider", meterProvider, "getMeter");
  const tracer = (tracerProvider ?? trace).getTracer(SCOPE, VERSION);
  const meter = (meterProvider ?? metrics).getMeter(SCOPE, VERSION);
  const durations = meter.createHistogram("db.client.operation.duration", {
    description: "Duration of database client operations.",
    unit: "s",
    advice: { explicitBucketBoundaries: BOUNDARIES },
  });
  return new OpenTelemetry(tracer, durations, meter);
}

function checkProvider(name: keyof OpenTelemetryOptions, provider: unknown, method: string): void {
  if (provider === undefined) return;
  const isOne =
    typeof provider === "object" && provider !== null && typeof Reflect.get(provider, method) === "function";
  if (isOne) return;
  throw new TypeError(`openTelemetry(options): expected ${name} to have a method ${method}, got ${describe(provider)}`);
}

/** Numbers of the clients that are there: names of pools are unique in a program, and several may have the same nodes. */
const clients = new Set<number>();

class OpenTelemetry implements Telemetry {
  readonly #tracer: Tracer;
  readonly #durations: Histogram;

  readonly #meter: Meter;

  constructor(tracer: Tracer, durations: Histogram, meter: Meter) {
    this.#tracer = tracer;
    this.#durations = durations;
    this.#meter = meter;
  }

  attach(client: { metrics(): ClusterMetrics }): () => void {
    const count = this.#meter.createObservableUpDownCounter("db.client.connection.count", {
      description: "Connections that are open, by state.",
      unit: "{connection}",
    });
    const pending = this.#meter.createObservableUpDownCounter("db.client.connection.pending_requests", {
      description: "Requests that wait for a connection.",
      unit: "{request}",
    });
    let number = 1;
    while (clients.has(number)) number++;
    clients.add(number);
    const suffix = number === 1 ? "" : `#${number}`;
    const observe = (result: BatchObservableResult): void => {
      for (const { address, lanes } of Object.values(client.metrics().nodes)) {
        for (const [lane, { open, inUse, waiting }] of Object.entries(lanes)) {
          const pool = { "db.client.connection.pool.name": `${address}/${lane}${suffix}` };
          result.observe(count, inUse, { ...pool, "db.client.connection.state": "used" });
          result.observe(count, open - inUse, { ...pool, "db.client.connection.state": "idle" });
          result.observe(pending, waiting, pool);
        }
      }
    };
    this.#meter.addBatchObservableCallback(observe, [count, pending]);
    return () => {
      clients.delete(number);
      this.#meter.removeBatchObservableCallback(observe, [count, pending]);
    };
  }

  begin(): (event: CommandEvent) => void {
    const parent = context.active();
    return ({ attributes, startTime, durationMs, error }) => {
      const all = { ...attributes };
      const name = `${attributes["db.operation.name"]} ${targetOf(attributes)}`;
      const span = this.#tracer.startSpan(name, { kind: SpanKind.CLIENT, startTime, attributes: all }, parent);
      if (error !== undefined) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : "" });
      }
      span.end(startTime + durationMs);
      const { "db.operation.batch.size": _, ...few } = all;
      this.#durations.record(durationMs / 1_000, few, parent);
    };
  }
}

function targetOf(attributes: CommandEvent["attributes"]): string {
  const { "server.address": host, "server.port": port } = attributes;
  const server = host === undefined ? "aerospike" : `${host}:${port}`;
  return attributes["db.collection.name"] ?? attributes["db.namespace"] ?? server;
}
