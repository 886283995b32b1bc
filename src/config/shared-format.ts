import type { ConnectOptions } from "../client/connect-options.js";
import { isWithin, RANGES } from "../cluster/options.js";
import type { Scope } from "../policy/behavior.js";
import type { Settings, SettingsPatch } from "../policy/settings.js";
import { DEFAULT, readSetting } from "./behaviors.js";
import type { Configuration } from "./configuration.js";
import { Place } from "./place.js";

// The format of the dynamic configuration that Aerospike's own clients read, version 1.0.0, so that one file does for
// programs in several languages. What it says of commands is what sessions do that nothing else is said of.

const VERSION = /^1\.\d+\.\d+$/;

type Reading = (place: Place) => unknown;

const SCOPES: Readonly<Record<string, Scope>> = {
  read: "readsPoint",
  write: "writesPoint",
  batch_read: "readsBatch",
  batch_write: "writesBatch",
  query: "readsQuery",
  txn_verify: "systemTxnVerify",
  txn_roll: "systemTxnRoll",
};

const REPLICAS = {
  MASTER: "master",
  MASTER_PROLES: "random",
  SEQUENCE: "sequence",
  PREFER_RACK: "preferRack",
  RANDOM: "random",
};
const MODES_AP = { ONE: "one", ALL: "all" };
const MODES_SC = {
  SESSION: "session",
  LINEARIZE: "linearize",
  ALLOW_REPLICA: "allowReplica",
  ALLOW_UNAVAILABLE: "allowUnavailable",
};

/** Settings by their names there. */
const SETTINGS: Readonly<Record<string, readonly [name: keyof Settings, read: Reading]>> = {
  total_timeout: setting("totalTimeout"),
  socket_timeout: setting("socketTimeout"),
  max_retries: setting("maxRetries"),
  sleep_between_retries: setting("retryDelay"),
  replica: ["replica", word(REPLICAS)],
  read_mode_ap: ["readModeAp", word(MODES_AP)],
  read_mode_sc: ["readModeSc", word(MODES_SC)],
  send_key: setting("sendKey"),
  durable_delete: setting("durableDelete"),
  allow_inline: setting("allowInline"),
  allow_inline_ssd: setting("allowInlineSsd"),
};
const TXN_SETTINGS = ["total_timeout", "socket_timeout", "max_retries", "sleep_between_retries"];

/** Options by their names there; `async_…` beats what is for clients that block. */
const STATIC: Readonly<Record<string, readonly [name: keyof ConnectOptions, read: Reading]>> = {
  max_connections_per_node: whole("maxConnectionsPerNode"),
  async_max_connections_per_node: whole("maxConnectionsPerNode"),
  min_connections_per_node: ["minConnectionsPerNode", fewSockets],
  async_min_connections_per_node: ["minConnectionsPerNode", fewSockets],
};
const DYNAMIC: typeof STATIC = {
  app_id: ["appId", (place) => place.text()],
  timeout: whole("connectTimeoutMs"),
  error_rate_window: whole("errorRateWindow"),
  max_error_rate: whole("maxErrorRate"),
  tend_interval: whole("tendIntervalMs"),
  max_socket_idle: ["maxSocketIdleMs", idleTime],
  fail_if_not_connected: ["failIfNotConnected", truth],
  use_service_alternate: ["useServicesAlternate", truth],
  use_service_alternative: ["useServicesAlternate", truth],
};

/** Whether the document is in that format. */
export function isSharedFormat(root: Place): boolean {
  return root.entries().some(([name]) => name === "static" || name === "dynamic");
}

export function readSharedFormat(root: Place): Configuration {
  const ignored: string[] = [];
  const options: Record<string, unknown> = {};
  const places = new Map<string, string>();
  const changes: { [S in Scope]?: SettingsPatch } = {};
  for (const [section, place] of root.entries()) {
    if (section === "version") checkVersion(place);
    else if (section === "static")
      readSections(place, { client: (client) => readOptions(client, STATIC, { options, places, ignored }) }, ignored);
    else if (section === "dynamic") {
      const readers = Object.fromEntries(
        Object.entries(SCOPES).map(([name, scope]) => [
          name,
          (each: Place) => {
            changes[scope] = readPatch(each, scope, ignored);
          },
        ]),
      );
      readSections(
        place,
        { ...readers, client: (client) => readDynamicClient(client, { options, places, ignored }) },
        ignored,
      );
    } else ignored.push(place.path);
  }
  const behaviors = new Map([[DEFAULT, { parent: DEFAULT, changes }]]);
  return { hosts: undefined, options, passwordEnv: undefined, behaviors, places, ignored };
}

function checkVersion(place: Place): void {
  if (!VERSION.test(String(place.value))) place.refuse('"1.0.0"');
}

function readSections(
  place: Place,
  readers: Readonly<Record<string, (place: Place) => void>>,
  ignored: string[],
): void {
  for (const [name, each] of place.entries()) {
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (read === undefined) ignored.push(each.path);
    else read(each);
  }
}

/** What is being found. */
interface Findings {
  readonly options: Record<string, unknown>;
  readonly places: Map<string, string>;
  readonly ignored: string[];
}

function readOptions(place: Place, known: typeof STATIC, { options, places, ignored }: Findings): void {
  // So that the names that begin with "async" come last.
  const entries = [...place.entries()].sort(
    ([a], [b]) => Number(a.startsWith("async")) - Number(b.startsWith("async")),
  );
  for (const [name, each] of entries) {
    const found = Object.hasOwn(known, name) ? known[name] : undefined;
    if (found === undefined) ignored.push(each.path);
    else {
      options[found[0]] = found[1](each);
      places.set(each.path, found[0]);
    }
  }
}

/** Racks are preferred when they are named and `rack_aware` does not say otherwise. */
function readDynamicClient(place: Place, found: Findings): void {
  const isRack = (name: string): boolean => name === "rack_aware" || name === "rack_ids";
  const rest = place.entries().filter(([name]) => !isRack(name));
  readOptions(
    new Place(Object.fromEntries(rest.map(([name, { value }]) => [name, value])), place.path),
    DYNAMIC,
    found,
  );
  const aware = place.at("rack_aware");
  const isAware = aware === undefined || truth(aware);
  const ids = place.at("rack_ids");
  if (ids === undefined) return;
  const { value } = ids;
  const areRacks = Array.isArray(value) && value.every((rack) => isWithin(rack, [0, 0x7fff_ffff]));
  if (!areRacks) ids.refuse("a list of whole numbers from 0");
  found.options["racks"] = isAware ? value : [];
}

function readPatch(place: Place, scope: Scope, ignored: string[]): SettingsPatch {
  const isTxn = scope === "systemTxnVerify" || scope === "systemTxnRoll";
  const patch: Record<string, unknown> = {};
  for (const [name, each] of place.entries()) {
    const found = Object.hasOwn(SETTINGS, name) && (!isTxn || TXN_SETTINGS.includes(name)) ? SETTINGS[name] : undefined;
    if (found === undefined) ignored.push(each.path);
    else patch[found[0]] = found[1](each);
  }
  return patch;
}

function setting(name: keyof Settings): readonly [name: keyof Settings, read: Reading] {
  return [name, (place) => readSetting(name, place)];
}

function word(words: Readonly<Record<string, string>>): Reading {
  return (place) => {
    const { value } = place;
    const found = typeof value === "string" ? words[value.toUpperCase()] : undefined;
    return found ?? place.refuse(Object.keys(words).join(" or "));
  };
}

function whole(name: keyof typeof RANGES & keyof ConnectOptions): readonly [name: keyof ConnectOptions, read: Reading] {
  const [least, most] = RANGES[name];
  return [
    name,
    (place) =>
      isWithin(place.value, RANGES[name]) ? place.value : place.refuse(`a whole number from ${least} to ${most}`),
  ];
}

function truth(place: Place): boolean {
  return typeof place.value === "boolean" ? place.value : place.refuse("true or false");
}

/** Meant for sockets that carry one command each: here one carries many, and more than these are not allowed. */
const MOST_KEPT = 16;

function fewSockets(place: Place): number {
  const { value } = place;
  if (!isWithin(value, RANGES.minConnectionsPerNode)) return place.refuse("a whole number from 0 to 100000");
  return Math.min(value, MOST_KEPT);
}

/** Seconds; 0 leaves it to the client. */
function idleTime(place: Place): number | undefined {
  const { value } = place;
  if (!isWithin(value, [0, 2_000_000])) return place.refuse("a whole number of seconds from 0 to 2000000");
  return value === 0 ? undefined : value * 1_000;
}
