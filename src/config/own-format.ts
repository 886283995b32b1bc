import { VALUES } from "../client/connect-options.js";
import { connectionStringOf, type Hosts } from "../client/hosts.js";
import { checkSocketNumbers, isWithin, RANGES } from "../cluster/options.js";
import { transactionSettings } from "../policy/transaction-settings.js";
import { readBehaviors } from "./behaviors.js";
import { ConfigError } from "./config-error.js";
import type { Configuration } from "./configuration.js";
import type { Place } from "./place.js";
import { readTls, type TlsFiles } from "./tls-files.js";

/** Options of `connect` that a document can have, and how each is read. */
const WORDS = {
  authMode: ["internal", "external", "certificate"],
  logLevel: ["debug", "info", "warn", "error"],
  int64: ["auto", "bigint"],
  maps: ["auto", "map"],
} as const;
const CHECKED = [
  "clusterName",
  "appId",
  "failIfNotConnected",
  "useServicesAlternate",
  "forceSingleNode",
  "ipMap",
  "racks",
] as const;
const NUMBERS = Object.keys(RANGES).filter((name) => name !== "drainTimeoutMs");
const OTHERS = ["hosts", "tls", "user", "passwordEnv", "transactions"] as const;

/** Every name under `connect`. */
const NAMES = [...OTHERS, ...NUMBERS, ...CHECKED, ...Object.keys(WORDS)];
const SECRETS = ["password", "passphrase"];

type Connecting = Omit<Configuration, "behaviors" | "ignored">;

/** A document of this client's own making: `connect` and `behaviors`, with the names that code has for them. */
export function readOwnFormat(root: Place, files: TlsFiles): Configuration {
  let connect: Connecting = { hosts: undefined, options: {}, passwordEnv: undefined, places: new Map() };
  let behaviors: Configuration["behaviors"] = new Map();
  for (const [name, place] of root.entries()) {
    if (name === "connect") connect = readConnect(place, files);
    else if (name === "behaviors") behaviors = readBehaviors(place);
    else place.refuseName("section", ["connect", "behaviors"]);
  }
  return { ...connect, behaviors, ignored: [] };
}

function readConnect(root: Place, files: TlsFiles): Connecting {
  let hosts: Hosts | undefined;
  let passwordEnv: string | undefined;
  const options: Record<string, unknown> = {};
  const places = new Map<string, string>();
  for (const [name, place] of root.entries()) {
    places.set(place.path, name);
    if (name === "hosts") hosts = readHosts(place);
    else if (name === "passwordEnv") passwordEnv = place.text();
    else if (name === "user") options[name] = place.text();
    else if (name === "tls") options[name] = readTls(place, files);
    else if (name === "transactions") {
      options[name] = within(place, () =>
        transactionSettings(place.path, Object.fromEntries(place.entries().map(([key, { value }]) => [key, value]))),
      );
    } else if (SECRETS.includes(name)) {
      place.refuseSecret(
        `a ${name} does not belong into a file: name a variable of the environment that has it as ${name}Env`,
      );
    } else options[name] = readOption(name, place);
  }
  // Whether TLS is used hosts may say, too, and they may come from the program.
  within(root, () => checkSocketNumbers(options, true));
  return { hosts, passwordEnv, options, places };
}

function readOption(name: string, place: Place): unknown {
  const { value } = place;
  if (isKey(RANGES, name) && name !== "drainTimeoutMs") {
    const [least, most] = RANGES[name];
    return isWithin(value, RANGES[name]) ? value : place.refuse(`a whole number from ${least} to ${most}`);
  }
  if (isKey(WORDS, name)) {
    const words: readonly unknown[] = WORDS[name];
    return words.includes(value) ? value : place.refuse(words.map((word) => `"${word}"`).join(" or "));
  }
  if (CHECKED.some((known) => known === name) && isKey(VALUES, name)) {
    const [expected, check] = VALUES[name];
    return check(value) ? value : place.refuse(expected);
  }
  return place.refuseName("option", NAMES);
}

/** Text with several hosts, or a list of such texts. A URL could have a password in it. */
function readHosts(place: Place): Hosts {
  const { value } = place;
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isText = (each: unknown): each is string => typeof each === "string" && each.trim() !== "";
  if (texts.length === 0 || !texts.every(isText))
    return place.refuseSecret('expected text such as "db1:3000,db2:3000" or a list of such texts');
  if (texts.some((text) => /\/\/[^@/]*:[^@]*@/.test(text))) {
    place.refuseSecret("a password does not belong into a file: give user and passwordEnv instead");
  }
  const hosts: Hosts = Array.isArray(value) ? texts : (texts[0] ?? "");
  within(place, () => connectionStringOf(hosts));
  return hosts;
}

/** What others refuse with errors of their own, which name no place in a document. */
function within<T>(place: Place, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw new ConfigError(place.path, error.message, { cause: error });
  }
}

function isKey<T extends object>(table: T, name: string): name is keyof T & string {
  return Object.hasOwn(table, name);
}
