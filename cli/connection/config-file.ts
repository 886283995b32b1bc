import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parse, TomlError } from "smol-toml";
import { ExitCode } from "../exit-code.js";
import { CliError, usage } from "../failure.js";
import type { Io } from "../io.js";

/** A cluster as the config file describes it. */
export interface NamedCluster {
  readonly name: string;
  readonly hosts: string;
  /** Whether every change is asked for twice. */
  readonly production: boolean;
  readonly user: string | undefined;
  /** Where the password is: in a file, in a variable of the environment; never in this file. */
  readonly passwordFile: string | undefined;
  readonly passwordEnv: string | undefined;
  readonly auth: string | undefined;
  readonly tls: boolean | undefined;
  readonly tlsCa: string | undefined;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly alternate: boolean | undefined;
}

/** What the config file says. */
export interface ConfigFile {
  readonly path: string;
  /** Name of the cluster that is meant where none is named. */
  readonly default: string | undefined;
  readonly clusters: ReadonlyMap<string, NamedCluster>;
}

/** Where the config file is, unless it is said. */
export function configPath(io: Io): string {
  const base = io.env["XDG_CONFIG_HOME"] || join(io.home, ".config");
  return join(base, "aerowire", "config.toml");
}

/**
 * Reads the config file; `undefined` where there is none and nobody named one.
 * @throws CliError that names file, key and what is allowed
 */
export async function readConfig(io: Io, named: string | undefined): Promise<ConfigFile | undefined> {
  const path = named ?? io.env["AEROWIRE_CONFIG"] ?? configPath(io);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isMissing && named === undefined && io.env["AEROWIRE_CONFIG"] === undefined) return undefined;
    throw new CliError(ExitCode.USAGE, `${path}: ${isMissing ? "there is no such config file" : "it can't be read"}`);
  }
  return parseConfig(text, path);
}

/** @throws CliError for text that is no config file */
function parseConfig(text: string, path: string): ConfigFile {
  const table = parseToml(text, path);
  const reader = new Reader(path, "", table);
  const byDefault = reader.text("default");
  const clusters = new Map<string, NamedCluster>();
  const named = reader.table("clusters");
  for (const [name, value] of Object.entries(named)) {
    if (!isTable(value)) throw usage(`${path}: clusters.${name}: expected a table, such as [clusters.${name}]`);
    clusters.set(name, clusterOf(path, name, value));
  }
  reader.finish();
  if (byDefault !== undefined && !clusters.has(byDefault)) {
    throw usage(`${path}: default: there is no cluster "${byDefault}"; there is ${names(clusters)}`);
  }
  return { path, default: byDefault, clusters };
}

function clusterOf(path: string, name: string, table: Table): NamedCluster {
  const reader = new Reader(path, `clusters.${name}.`, table);
  const file = (key: string): string | undefined => {
    const value = reader.text(key);
    return value === undefined ? undefined : resolve(dirname(path), value);
  };
  const cluster = {
    name,
    hosts: reader.hosts(),
    production: reader.flag("production") ?? false,
    user: reader.text("user"),
    passwordFile: file("password-file"),
    passwordEnv: reader.text("password-env"),
    auth: reader.text("auth"),
    tls: reader.flag("tls"),
    tlsCa: file("tls-ca"),
    tlsCert: file("tls-cert"),
    tlsKey: file("tls-key"),
    alternate: reader.flag("alternate"),
  };
  reader.finish();
  return cluster;
}

/** "a", "b" and "c"; "none" */
export function names(clusters: ReadonlyMap<string, unknown>): string {
  return clusters.size === 0 ? "none" : [...clusters.keys()].map((name) => `"${name}"`).join(", ");
}

type Table = Readonly<Record<string, unknown>>;

function parseToml(text: string, path: string): Table {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw usage(
      `${path}: line ${error.line}: ${error.message.split("\n")[0]?.replace(/^Invalid TOML document: /, "")}`,
    );
  }
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Takes a table apart and remembers which keys were asked for, so that a misspelled one is an error. */
class Reader {
  readonly #path: string;
  readonly #prefix: string;
  readonly #table: Table;
  readonly #known = new Set<string>();

  constructor(path: string, prefix: string, table: Table) {
    this.#path = path;
    this.#prefix = prefix;
    this.#table = table;
  }

  text(key: string): string | undefined {
    const value = this.#take(key);
    if (value === undefined || (typeof value === "string" && value !== "")) return value;
    throw this.#wrong(key, "text that is not empty");
  }

  flag(key: string): boolean | undefined {
    const value = this.#take(key);
    if (value === undefined || typeof value === "boolean") return value;
    throw this.#wrong(key, "true or false");
  }

  table(key: string): Table {
    const value = this.#take(key);
    if (value === undefined) return {};
    if (isTable(value)) return value;
    throw this.#wrong(key, "a table");
  }

  hosts(): string {
    const value = this.#take("hosts");
    if (typeof value === "string" && value !== "") return value;
    if (Array.isArray(value) && value.length > 0 && value.every((host) => typeof host === "string")) {
      return value.join(",");
    }
    throw this.#wrong("hosts", 'hosts such as "db1:3000,db2:3000", or a list of them');
  }

  /** @throws CliError for a key that means nothing */
  finish(): void {
    const unknown = Object.keys(this.#table).find((key) => !this.#known.has(key));
    if (unknown === undefined) return;
    if (unknown === "password") {
      throw usage(
        `${this.#path}: ${this.#prefix}password: passwords don't belong into this file; set password-file or password-env`,
      );
    }
    throw usage(
      `${this.#path}: ${this.#prefix}${unknown}: there is no such key; known: ${[...this.#known].join(", ")}`,
    );
  }

  #take(key: string): unknown {
    this.#known.add(key);
    return this.#table[key];
  }

  #wrong(key: string, expected: string): CliError {
    return usage(`${this.#path}: ${this.#prefix}${key}: expected ${expected}`);
  }
}
