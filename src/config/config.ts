import { alternatives } from "../../protocol/check/check-options.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { Runtime, Timer } from "../../runtime/runtime.js";
import { systemRuntime } from "../../runtime/system-runtime.js";
import type { Cluster } from "../client/cluster.js";
import { type ConnectOptions, checkConnectOptions } from "../client/connect-options.js";
import { connectionStringOf, type Hosts } from "../client/hosts.js";
import { openCore } from "../client/open-client.js";
import type { ClusterCore } from "../cluster/cluster-core.js";
import type { Logger } from "../cluster/logger.js";
import { LIVE_OPTIONS } from "../cluster/options.js";
import { tell } from "../cluster/tell.js";
import { Behavior, type RevisableBehavior } from "../policy/behavior.js";
import { environment } from "../transport/machine.js";
import { DEFAULT, PREDEFINED } from "./behaviors.js";
import { ConfigError } from "./config-error.js";
import type { ConfigEvent } from "./config-event.js";
import { publishConfig } from "./config-event.js";
import type { Configuration } from "./configuration.js";
import type { ReadDocument } from "./document.js";

/** Options of {@link Config.connect}: what `connect` takes, and how the password comes here. */
export interface ConfiguredConnectOptions extends Omit<ConnectOptions, "password" | "behavior"> {
  /** Where the cluster is, when the document does not say. */
  readonly hosts?: Hosts | undefined;
  /** Beats the variable of the environment that the document names. A function is asked at each `connect`. */
  readonly password?: string | (() => string | Promise<string>) | undefined;
}

/** Where a configuration comes from. @internal */
export interface ConfigSource {
  /** For messages. */
  readonly name: string;
  /** Reads it anew. */
  read(): Promise<ReadDocument>;
  /** Whether it has changed since it was last read; undefined for a source that can't be watched. */
  readonly hasChanged: (() => Promise<boolean>) | undefined;
}

/** @internal */
export interface ConfigWatching {
  readonly logger: Logger | undefined;
  readonly onReload: ((event: ConfigEvent) => void) | undefined;
  readonly runtime: Runtime | undefined;
  readonly everyMs: number;
}

/**
 * A configuration that was read from a document: a way to connect, and behaviors by name. When the document changes, or
 * {@link reload} is called, it is read and checked as a whole; only then everything that uses it takes on what changed,
 * sessions included that were made before. A document that can't be leaves all as it is.
 */
export class Config implements AsyncDisposable {
  readonly #source: ConfigSource;
  readonly #watching: ConfigWatching;
  readonly #runtime: Runtime;
  readonly #behaviors = new Map<string, RevisableBehavior>();
  /** Those that the program has asked for. */
  readonly #used = new Set<string>();
  /** Clients that were connected by this, with what code said beside it. */
  readonly #clients = new Map<ClusterCore, ConnectOptions>();
  #document: ReadDocument;
  #timer: Timer | undefined;
  #isClosed = false;
  #last: Promise<unknown> = Promise.resolve();

  /** @internal Made by `loadConfig` and `parseConfig`. */
  constructor(source: ConfigSource, document: ReadDocument, watching: ConfigWatching) {
    this.#source = source;
    this.#watching = watching;
    this.#runtime = watching.runtime ?? systemRuntime;
    this.#document = document;
    const root = Behavior.revisable(DEFAULT, Behavior.DEFAULT, {});
    this.#behaviors.set(DEFAULT, root);
    this.#adopt(document.configuration);
    this.#watch();
  }

  /** Names of its behaviors, the `DEFAULT` first. */
  get behaviorNames(): readonly string[] {
    return [...this.#behaviors.keys()];
  }

  /** Places of the document that are meant for other clients and have no meaning here. */
  get ignored(): readonly string[] {
    return this.#document.configuration.ignored;
  }

  /**
   * A behavior by its name. It stays the same object when the document changes, and says then what the document says: sessions
   * that have it and behaviors that were derived from it follow with their next command.
   * @param name Default `"DEFAULT"`: what sessions have for which nothing else is said
   * @throws TypeError when the document has none of that name
   */
  behavior(name: string = DEFAULT): Behavior {
    const found = this.#behaviors.get(name);
    if (found === undefined) {
      throw new TypeError(
        `behavior(name): ${this.#source.name} has no ${describe(name)}. ${alternatives(name, this.behaviorNames)}`,
      );
    }
    this.#used.add(name);
    return found.behavior;
  }

  /**
   * Connects as the document says. What options say holds where the document says nothing; the password alone is never in a
   * document.
   * @throws what `connect` throws; TypeError when neither says where the cluster is; ConfigError when the variable that has
   *   the password is not set
   */
  async connect(options: ConfiguredConnectOptions = {}): Promise<Cluster> {
    if (this.#isClosed) throw new TypeError("connect: the configuration is closed");
    const { hosts, password, ...own } = options;
    const { configuration } = this.#document;
    const where = configuration.hosts ?? hosts;
    if (where === undefined)
      throw new TypeError(`connect: neither ${this.#source.name} nor the options say which hosts`);
    const all: ConnectOptions = {
      ...own,
      ...configuration.options,
      password: await this.#password(password),
      behavior: this.behavior(),
    };
    checkConnectOptions(all);
    const { cluster, core } = await openCore(connectionStringOf(where), all);
    this.#clients.set(core, own);
    core.closed.addEventListener("abort", () => this.#clients.delete(core));
    // It may have changed meanwhile.
    core.revision(liveOptions({ ...own, ...this.#document.configuration.options }))();
    return cluster;
  }

  /**
   * Reads the document anew, and applies it if all of it can be.
   * @returns what changed
   * @throws ConfigError, after which everything is as it was; TypeError after close
   */
  async reload(): Promise<ConfigEvent> {
    if (this.#isClosed) throw new TypeError("reload: the configuration is closed");
    const reloading = this.#last.then(() => this.#reload());
    this.#last = reloading.catch(() => undefined);
    return reloading;
  }

  /** Watches the document no more. What was made by it stays as it is. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#clients.clear();
    await this.#last;
  }

  /** As {@link close}: for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #reload(): Promise<ConfigEvent> {
    const before = this.#document;
    const { ignored: ignoredBefore } = before.configuration;
    try {
      const document = await this.#source.read();
      this.#checkUsed(document.configuration);
      const revisions = this.#revisions(document.configuration);
      this.#document = document;
      this.#adopt(document.configuration);
      for (const revise of revisions) revise();
      const { ignored } = document.configuration;
      const changed = differences(before, document);
      const event = {
        source: this.#source.name,
        changed,
        atNextConnect: staticOf(changed, before, document),
        ignored,
        error: undefined,
      };
      if (changed.length > 0 || ignored.length !== ignoredBefore.length) this.#tell(event);
      return event;
    } catch (error) {
      this.#tell({ source: this.#source.name, changed: [], atNextConnect: [], ignored: ignoredBefore, error });
      throw error;
    }
  }

  /** Sessions would go on with settings that nobody can see any more, or fall back to others in silence. */
  #checkUsed({ behaviors }: Configuration): void {
    for (const name of this.#used) {
      if (name === DEFAULT || behaviors.has(name)) continue;
      throw new ConfigError(
        `behaviors.${name}`,
        "it is gone, but the program uses it; expected it to stay until a restart",
      );
    }
  }

  /** What makes the clients that run take on what they can. @throws ConfigError when one of them can't */
  #revisions({ options }: Configuration): readonly (() => void)[] {
    try {
      return [...this.#clients].map(([core, own]) => core.revision(liveOptions({ ...own, ...options })));
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      throw new ConfigError("connect", error.message, { cause: error });
    }
  }

  /** Everything was checked. */
  #adopt({ behaviors }: Configuration): void {
    for (const name of this.#behaviors.keys()) {
      if (name === DEFAULT || behaviors.has(name)) continue;
      this.#behaviors.get(name)?.revise(Behavior.DEFAULT, {});
      this.#behaviors.delete(name);
    }
    this.#behaviors.get(DEFAULT)?.revise(Behavior.DEFAULT, behaviors.get(DEFAULT)?.changes ?? {});
    // All of them below the first one before each gets its parent: otherwise some could be in a circle on the way.
    for (const [name, { changes }] of behaviors) {
      if (name === DEFAULT) continue;
      const known = this.#behaviors.get(name);
      if (known !== undefined) known.revise(this.#parent(DEFAULT), changes);
      else this.#behaviors.set(name, Behavior.revisable(name, this.#parent(DEFAULT), changes));
    }
    for (const [name, { parent, changes }] of behaviors) {
      if (name !== DEFAULT) this.#behaviors.get(name)?.revise(this.#parent(parent), changes);
    }
  }

  #parent(name: string): Behavior {
    return this.#behaviors.get(name)?.behavior ?? PREDEFINED.get(name) ?? Behavior.DEFAULT;
  }

  async #password(given: ConfiguredConnectOptions["password"]): Promise<string | undefined> {
    if (given !== undefined) return typeof given === "function" ? given() : given;
    const { passwordEnv } = this.#document.configuration;
    if (passwordEnv === undefined) return undefined;
    const password = environment(passwordEnv);
    if (password !== undefined) return password;
    // Whoever takes it for the place of the password must not read that in a log.
    throw new ConfigError("connect.passwordEnv", "expected the name of a variable of the environment that is set");
  }

  #watch(): void {
    const { hasChanged } = this.#source;
    const { everyMs } = this.#watching;
    if (hasChanged === undefined || everyMs === 0 || this.#isClosed) return;
    this.#timer = this.#runtime.setTimer(
      everyMs,
      () => {
        // What goes wrong was told; the next change may mend it.
        this.#last = this.#last
          .then(hasChanged)
          .then((changed) => (changed && !this.#isClosed ? this.#reload() : undefined))
          .catch(() => undefined)
          .then(() => this.#watch());
      },
      false,
    );
  }

  #tell(event: ConfigEvent): void {
    publishConfig(event);
    const { logger, onReload } = this.#watching;
    const { error, changed, atNextConnect, ignored, source } = event;
    if (onReload !== undefined) tell("onReload handler", onReload, event);
    if (logger === undefined) return;
    if (error !== undefined) {
      const message = "Configuration can't be applied; what holds stays as it is";
      tell("logger", logger, { level: "warn", message, fields: { source, error } });
    } else {
      const fields = { source, changed, atNextConnect, ignored };
      tell("logger", logger, { level: "info", message: "Configuration changed", fields });
    }
  }
}

function liveOptions(options: ConnectOptions): Pick<ConnectOptions, (typeof LIVE_OPTIONS)[number]> {
  return Object.fromEntries(LIVE_OPTIONS.map((name) => [name, options[name]]));
}

function differences({ leaves: before }: ReadDocument, { leaves: after }: ReadDocument): readonly string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).sort();
}

/** Of the places that changed, those that only the next client takes on. */
function staticOf(changed: readonly string[], before: ReadDocument, after: ReadDocument): readonly string[] {
  const { places } = after.configuration;
  const all = new Map([...before.configuration.places, ...places]);
  return changed.filter((path) => {
    for (const [place, name] of all) {
      if (path === place || path.startsWith(`${place}.`)) return !LIVE_OPTIONS.some((live) => live === name);
    }
    return false;
  });
}
