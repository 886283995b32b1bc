// `aerowire/opentelemetry`: spans and metrics of what a client does, by the semantic conventions for databases.

import {
  context,
  type Histogram,
  type MeterProvider,
  metrics,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import type { CommandEvent } from "../cluster/diagnostics.js";
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

const SCOPE = "aerowire";
/** As the conventions recommend, in seconds. */
const BOUNDARIES = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/**
 * Spans and metrics of a client through `@opentelemetry/api`, which has to be installed beside it.
 *
 * - A span of the kind CLIENT for each command, named `get users`, with the span that is active at the call as its parent.
 *   Batches and queries have one for each request to a node. Retries are part of it.
 * - The histogram `db.client.operation.duration`, in seconds.
 *
 * Neither has keys, values or credentials.
 *
 * @example const cluster = await connect(hosts, { telemetry: openTelemetry() });
 */
export function openTelemetry({ tracerProvider, meterProvider }: OpenTelemetryOptions = {}): Telemetry {
  const tracer = (tracerProvider ?? trace).getTracer(SCOPE, VERSION);
  const durations = (meterProvider ?? metrics)
    .getMeter(SCOPE, VERSION)
    .createHistogram("db.client.operation.duration", {
      description: "Duration of database client operations.",
      unit: "s",
      advice: { explicitBucketBoundaries: BOUNDARIES },
    });
  return new OpenTelemetry(tracer, durations);
}

class OpenTelemetry implements Telemetry {
  readonly #tracer: Tracer;
  readonly #durations: Histogram;

  constructor(tracer: Tracer, durations: Histogram) {
    this.#tracer = tracer;
    this.#durations = durations;
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
