import { AerospikeError } from "../errors/errors.js";
import type { DiagnosticsChannel } from "../transport/transport.js";
import type {
  BreakerEvent,
  CommandEvent,
  ConnectionEvent,
  DatabaseAttributes,
  NodeEvent,
  TendEvent,
} from "./diagnostics.js";
import { tell } from "./tell.js";

/** From what is of interest to somebody who looks for a fault, to what somebody should look at. */
export type LogLevel = "debug" | "info" | "warn" | "error";
const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** A line of a log. Neither message nor fields have keys, values or credentials; an error tells its key to who asks for it. */
export interface LogEntry {
  readonly level: LogLevel;
  /** In words, without the numbers that {@link fields} has. */
  readonly message: string;
  /** Attributes as events have them, `node`, and what else there is: `reason`, `durationMs`, `attempts`, `inDoubt`, `error`. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * Takes what a client has to say to whoever runs it. Called at once, so it should only hand the entry on; what it throws
 * harms no command, and the runtime warns of it once.
 * @example connect(hosts, { logger: ({ level, message, fields }) => pino[level](fields, message) });
 */
export type Logger = (entry: LogEntry) => void;

export function isLogLevel(value: unknown): value is LogLevel {
  return LEVELS.some((level) => level === value);
}

type Describe<E> = (event: E) => LogEntry | undefined;

const describeNode: Describe<NodeEvent> = ({ event, attributes, node, reason }) => {
  const fields = { ...attributes, node, ...(reason !== undefined && { reason }) };
  if (event === "unreachable") return { level: "warn", message: "Node does not respond", fields };
  const messages = { added: "Node joined", removed: "Node left", returned: "Node responds again" };
  return { level: "info", message: messages[event], fields };
};

const describeTend: Describe<TendEvent> = ({ attributes, node, durationMs, error }) => {
  const fields = { ...attributes, node, durationMs, ...(error !== undefined && { error }) };
  return { level: "debug", message: error === undefined ? "Node was asked for news" : "Node gave no news", fields };
};

const describeConnection: Describe<ConnectionEvent> = ({ event, attributes, reason }) => {
  const fields = { ...attributes, ...(reason !== undefined && { reason }) };
  const messages = { opened: "Socket opened", closed: "Socket closed", failed: "Socket could not be opened" };
  return { level: event === "failed" ? "warn" : "debug", message: messages[event], fields };
};

/** A failure is the caller's, who has the error; but a write that may have happened is everybody's. */
const describeFailure: Describe<CommandEvent> = ({ attributes, node, durationMs, attempts, error }) => {
  const inDoubt = error instanceof AerospikeError && error.inDoubt;
  const fields = { ...attributes, node, durationMs, attempts, inDoubt, error };
  return inDoubt
    ? { level: "warn", message: "Write failed and may have happened", fields }
    : { level: "debug", message: "Command failed", fields };
};

const describeBreaker: Describe<BreakerEvent> = ({ event, attributes, node, errors, limit }) => {
  const fields = { ...attributes, node, errors, limit };
  return event === "opened"
    ? { level: "warn", message: "Node fails too often, and is left alone for now", fields }
    : { level: "info", message: "Node is tried again", fields };
};

/** What the log takes of a task's event; those who publish it stand above. */
export interface LoggedTask {
  readonly attributes: DatabaseAttributes;
  readonly event: "started" | "ended";
  readonly taskId: bigint;
  readonly nodes: readonly string[];
  readonly progress:
    | { readonly state: string; readonly succeeded: number | null; readonly failed: number | null }
    | undefined;
}

const describeTask: Describe<LoggedTask> = ({ attributes, taskId, nodes, progress }) => {
  // Loggers write JSON, which has no bigints.
  const fields = { ...attributes, taskId: String(taskId) };
  if (progress === undefined)
    return { level: "info", message: "Background task started", fields: { ...fields, nodes } };
  const { state, succeeded, failed } = progress;
  const level = state === "done" && failed === 0 ? "info" : "warn";
  return { level, message: "Background task ended", fields: { ...fields, state, succeeded, failed } };
};

/** What the log takes of a campaign's event. */
export interface LoggedCampaign {
  readonly attributes: DatabaseAttributes;
  readonly event: {
    readonly campaign: string;
    readonly event: string;
    readonly reason: string;
    readonly error?: unknown;
  };
}

const CAMPAIGN_LEVELS: Readonly<Record<string, LogLevel>> = {
  started: "info",
  resumed: "info",
  paused: "info",
  aborted: "info",
  done: "info",
  failed: "error",
  trouble: "warn",
};

const describeCampaign: Describe<LoggedCampaign> = ({ attributes, event: { campaign, event, reason, error } }) => ({
  level: CAMPAIGN_LEVELS[event] ?? "debug",
  message: event === "trouble" ? "Campaign has trouble, and tries again" : `Campaign: ${event}`,
  fields: { ...attributes, campaign, event, reason, ...(error !== undefined && { error }) },
});

/** A channel whose messages are logged, besides. */
class LoggedChannel<E> implements DiagnosticsChannel {
  readonly hasSubscribers = true;
  readonly #channel: DiagnosticsChannel;
  readonly #log: (event: E) => void;

  constructor(channel: DiagnosticsChannel, log: (event: E) => void) {
    this.#channel = channel;
    this.#log = log;
  }

  publish(message: E): void {
    if (this.#channel.hasSubscribers) this.#channel.publish(message);
    this.#log(message);
  }
}

/** Makes lines of a log of what is published. */
export class Log {
  readonly #logger: Logger;
  readonly #least: number;

  /** @param least what is of a lower level is left out */
  constructor(logger: Logger, least: LogLevel) {
    this.#logger = logger;
    this.#least = LEVELS.indexOf(least);
  }

  nodes(channel: DiagnosticsChannel): DiagnosticsChannel {
    return this.#logged(channel, describeNode, "warn");
  }

  tends(channel: DiagnosticsChannel): DiagnosticsChannel {
    return this.#logged(channel, describeTend, "debug");
  }

  connections(channel: DiagnosticsChannel): DiagnosticsChannel {
    return this.#logged(channel, describeConnection, "warn");
  }

  breakers(channel: DiagnosticsChannel): DiagnosticsChannel {
    return this.#logged(channel, describeBreaker, "warn");
  }

  tasks(channel: DiagnosticsChannel): DiagnosticsChannel {
    return this.#logged(channel, describeTask, "warn");
  }

  campaigns(channel: DiagnosticsChannel): DiagnosticsChannel {
    return this.#logged(channel, describeCampaign, "error");
  }

  failures(channel: DiagnosticsChannel): DiagnosticsChannel {
    return this.#logged(channel, describeFailure, "warn");
  }

  /** @param most the highest level that an event of the channel has */
  #logged<E>(channel: DiagnosticsChannel, describe: Describe<E>, most: LogLevel): DiagnosticsChannel {
    if (LEVELS.indexOf(most) < this.#least) return channel;
    return new LoggedChannel<E>(channel, (event) => {
      const entry = describe(event);
      if (entry !== undefined && LEVELS.indexOf(entry.level) >= this.#least) tell("logger", this.#logger, entry);
    });
  }
}
