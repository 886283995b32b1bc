import { checkOptions, type OptionNames } from "../../protocol/check/check-options.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { Runtime } from "../../runtime/runtime.js";
import type { Logger } from "../cluster/logger.js";
import { beside, environment, readFile } from "../transport/machine.js";
import { Config, type ConfigSource } from "./config.js";
import { ConfigError } from "./config-error.js";
import type { ConfigEvent } from "./config-event.js";
import { type ConfigFormat, parseDocument, type ReadDocument, readDocument } from "./document.js";

/** Options of {@link parseConfig}. */
export interface ParseConfigOptions {
  /** Default `"yaml"`, of which JSON is a part; `"json"` needs no library. For files the default goes by the name. */
  readonly format?: ConfigFormat | undefined;
  /** Told of changes, and of documents that can't be applied. */
  readonly logger?: Logger | undefined;
  /** Called when the document was read again and something has changed or it can't be applied. */
  readonly onReload?: ((event: ConfigEvent) => void) | undefined;
}

/** Options of {@link loadConfig}. */
export interface LoadConfigOptions extends ParseConfigOptions {
  /** How often the file is looked at, in milliseconds: 100 to 2^31-1, or 0 for never. Default 1000. */
  readonly watchEveryMs?: number | undefined;
  /** Another clock, for tests. Default: the machine's. */
  readonly runtime?: Runtime | undefined;
}

const PARSE_OPTIONS: OptionNames<ParseConfigOptions> = { format: true, logger: true, onReload: true };
const LOAD_OPTIONS: OptionNames<LoadConfigOptions> = { ...PARSE_OPTIONS, watchEveryMs: true, runtime: true };
const FORMATS: readonly unknown[] = ["yaml", "json", undefined];

/** Names the file where a program says none, as it does for Aerospike's other clients. */
const VARIABLE = "AEROSPIKE_CLIENT_CONFIG_URL";
const DEFAULT_WATCH_MS = 1_000;

/**
 * Reads a configuration from a file, and reads it again when it changes.
 *
 * @param file path or `file://` URL. Default: what the variable of the environment `AEROSPIKE_CLIENT_CONFIG_URL` says
 * @throws ConfigError for a file that can't be read or says something that can't be, with the place and what is allowed;
 *   TypeError or RangeError for a wrong argument
 *
 * @example
 * await using config = await loadConfig("aerowire.yaml");
 * await using cluster = await config.connect();
 * const session = cluster.createSession(config.behavior("patient"));
 */
export async function loadConfig(
  file: string | URL | undefined = environment(VARIABLE),
  options: LoadConfigOptions = {},
): Promise<Config> {
  checkOptions("loadConfig", options, LOAD_OPTIONS);
  checkTerms("loadConfig", options);
  const { watchEveryMs: everyMs = DEFAULT_WATCH_MS, runtime, logger, onReload } = options;
  if (!(Number.isInteger(everyMs) && (everyMs === 0 || (everyMs >= 100 && everyMs <= 0x7fff_ffff)))) {
    throw new RangeError(
      `loadConfig(options): expected watchEveryMs to be 0 or a whole number from 100 to 2147483647, got ${describe(everyMs)}`,
    );
  }
  const source = fileSource(locationOf(file), options.format);
  return new Config(source, await source.read(), { logger, onReload, runtime, everyMs });
}

/**
 * Reads a configuration from text that the program has from elsewhere. Where a function gives it, `reload()` asks that again.
 * @throws ConfigError, TypeError
 * @example const config = await parseConfig(() => env.AEROWIRE_CONFIG, { format: "json" });
 */
export async function parseConfig(
  text: string | (() => string | Promise<string>),
  options: ParseConfigOptions = {},
): Promise<Config> {
  checkOptions("parseConfig", options, PARSE_OPTIONS);
  checkTerms("parseConfig", options);
  const { format = "yaml", logger, onReload } = options;
  const source: ConfigSource = {
    name: "the configuration",
    hasChanged: undefined,
    async read() {
      const given: unknown = typeof text === "function" ? await text() : text;
      if (typeof given !== "string") throw new TypeError(`parseConfig(text): expected text, got ${describe(given)}`);
      return readDocument(await parseDocument(given, format), readFile);
    },
  };
  return new Config(source, await source.read(), { logger, onReload, runtime: undefined, everyMs: 0 });
}

function checkTerms(method: string, { format, logger, onReload }: ParseConfigOptions): void {
  if (!FORMATS.includes(format)) {
    throw new TypeError(`${method}(options): expected format to be "yaml" or "json", got ${describe(format)}`);
  }
  for (const [name, value] of Object.entries({ logger, onReload })) {
    if (value === undefined || typeof value === "function") continue;
    throw new TypeError(`${method}(options): expected ${name} to be a function, got ${describe(value)}`);
  }
}

/** @throws TypeError for what names no file */
function locationOf(file: unknown): string | URL {
  if (file === undefined) throw new TypeError(`loadConfig(file): no file was given, and ${VARIABLE} is not set`);
  const isUrl = typeof file === "string" && /^[a-z][a-z0-9+.-]+:\/\//i.test(file);
  const location = isUrl ? new URL(file) : file;
  if (location instanceof URL && location.protocol !== "file:") {
    throw new TypeError(`loadConfig(file): expected a path or a file:// URL, got one of ${location.protocol}//`);
  }
  if (location instanceof URL || (typeof location === "string" && location !== "")) return location;
  throw new TypeError(`loadConfig(file): expected a path or a file:// URL, got ${describe(file)}`);
}

function fileSource(file: string | URL, given: ConfigFormat | undefined): ConfigSource {
  const name = file instanceof URL ? file.pathname : file;
  const format = given ?? (name.endsWith(".json") ? "json" : "yaml");
  /** What was last seen of the file and of those that it names. */
  let seen = new Map<string | URL, string>();
  const look = async (at: string | URL): Promise<Uint8Array> => {
    try {
      const content = await readFile(at);
      seen.set(at, content.join());
      return content;
    } catch (error) {
      seen.set(at, String(error));
      throw error;
    }
  };
  return {
    name,
    async read(): Promise<ReadDocument> {
      seen = new Map();
      let text: string;
      try {
        text = new TextDecoder("utf-8", { fatal: true }).decode(await look(file));
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new ConfigError("", `${name} can't be read: ${why}`, { cause });
      }
      return readDocument(await parseDocument(text, format), (path) => look(beside(file, path)));
    },
    async hasChanged() {
      for (const [at, before] of seen) {
        const now = await readFile(at).then((content) => content.join(), String);
        if (now !== before) return true;
      }
      return false;
    },
  };
}
