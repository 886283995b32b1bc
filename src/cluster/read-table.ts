import { checkNamespace } from "../../protocol/check/check-names.js";
import type { NamespaceOwners } from "../../protocol/cluster/partition-map.js";
import { ServerVersion } from "../../protocol/info/server-version.js";
import { PARTITIONS } from "../../protocol/limits.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { ClusterTable, TableNode } from "./cluster-table.js";
import type { ResolvedOptions } from "./options.js";

/** Clusters have at most 256 nodes, and 32 namespaces of as many replicas as nodes. */
const MAX_NODES = 1_024;
const MAX_NAMESPACES = 64;
const MAX_TEXT = 256;
const MAX_REGIME = 0xffff_ffff;
const HOST = /^[^\s[\]/\\?#@,]{1,255}$/;

/** @throws TypeError for what is no table, or not one of the cluster that the options name */
export function readTableFor({ tls, tlsForLoginOnly, clusterName }: ResolvedOptions, value: unknown): ClusterTable {
  if (tlsForLoginOnly) throw new TypeError("The cluster table can't be used: with tls.forLoginOnly there are none");
  const table = readTable(value);
  if (table.tls !== tls) {
    const [of, wanted] = table.tls ? ["with", "without"] : ["without", "with"];
    throw new TypeError(
      `The cluster table can't be used: it has addresses ${of} TLS, and the client speaks ${wanted} it`,
    );
  }
  const other = table.nodes.find((node) => clusterName !== undefined && node.clusterName !== clusterName);
  if (other === undefined) return table;
  throw new TypeError(
    `The cluster table can't be used: node ${other.id} is of cluster ${describe(other.clusterName)}; "${clusterName}" was asked for`,
  );
}

/**
 * Takes a value for a table if all of it is as a table must be; it may come from anywhere.
 * @throws TypeError that names what is wrong with it
 */
export function readTable(value: unknown): ClusterTable {
  const table = record(value, "it");
  if (table["format"] !== 1) wrong("format", "1, as this version writes it", table["format"]);
  const { takenAt, tls } = table;
  if (typeof takenAt !== "number" || !Number.isFinite(takenAt)) wrong("takenAt", "milliseconds since 1970", takenAt);
  if (typeof tls !== "boolean") wrong("tls", "true or false", tls);
  const nodes = list(table["nodes"], "nodes", 1, MAX_NODES).map(readNode);
  if (new Set(nodes.map(({ id }) => id)).size < nodes.length) throw new TypeError(`${START} a node id occurs twice`);
  const namespaces = list(table["namespaces"], "namespaces", 1, MAX_NAMESPACES).map((one, at) =>
    readNamespace(one, `namespaces[${at}]`, nodes.length),
  );
  return { format: 1, takenAt, tls, nodes, namespaces };
}

function readNode(value: unknown, at: number): TableNode {
  const path = `nodes[${at}]`;
  const { id, host, port, tlsName, version, edition, clusterName, racks } = record(value, path);
  if (typeof id !== "string" || !/^[0-9A-F]{1,16}$/i.test(id)) wrong(`${path}.id`, "a node id", id);
  if (typeof host !== "string" || !HOST.test(host)) wrong(`${path}.host`, "a name or an address", host);
  if (!isWhole(port, 1, 65_535)) wrong(`${path}.port`, "a port", port);
  const build = text(version, `${path}.version`) ?? wrong(`${path}.version`, "a server version", version);
  try {
    ServerVersion.parse(build);
  } catch {
    wrong(`${path}.version`, "a server version", version);
  }
  const name = text(tlsName, `${path}.tlsName`);
  const kind = text(edition, `${path}.edition`);
  const cluster = text(clusterName, `${path}.clusterName`);
  return {
    id,
    host,
    port,
    version: build,
    ...(name !== undefined && { tlsName: name }),
    ...(kind !== undefined && { edition: kind }),
    ...(cluster !== undefined && { clusterName: cluster }),
    racks: readRacks(racks, `${path}.racks`),
  };
}

function readRacks(value: unknown, path: string): Record<string, number> {
  const entries = Object.entries(record(value, path));
  if (entries.length > MAX_NAMESPACES) wrong(path, `${MAX_NAMESPACES} namespaces at most`, value);
  return Object.fromEntries(
    entries.map(([namespace, rack]) => {
      if (!isWhole(rack, 0, Number.MAX_SAFE_INTEGER)) wrong(`${path}[${describe(namespace)}]`, "a rack", rack);
      return [namespace, rack];
    }),
  );
}

function readNamespace(value: unknown, path: string, nodes: number): NamespaceOwners {
  const { name, strongConsistency, regimes, owners } = record(value, path);
  if (typeof name !== "string") wrong(`${path}.name`, "the name of a namespace", name);
  checkNamespace(name);
  if (typeof strongConsistency !== "boolean") wrong(`${path}.strongConsistency`, "true or false", strongConsistency);
  return {
    name,
    strongConsistency,
    regimes: isWhole(regimes, 0, MAX_REGIME) ? regimes : wholes(regimes, `${path}.regimes`, 0, MAX_REGIME),
    owners: list(owners, `${path}.owners`, 1, MAX_NODES).map((column, at) =>
      wholes(column, `${path}.owners[${at}]`, -1, nodes - 1),
    ),
  };
}

/** One whole number for each partition. */
function wholes(value: unknown, path: string, least: number, most: number): readonly number[] {
  const numbers = list(value, path, PARTITIONS, PARTITIONS);
  for (let at = 0; at < PARTITIONS; at++) {
    if (!isWhole(numbers[at], least, most)) {
      wrong(`${path}[${at}]`, `a whole number from ${least} to ${most}`, numbers[at]);
    }
  }
  return numbers as readonly number[];
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

function text(value: unknown, path: string): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && value !== "" && value.length <= MAX_TEXT) return value;
  return wrong(path, `a text of 1 to ${MAX_TEXT} characters`, value);
}

function list(value: unknown, path: string, least: number, most: number): readonly unknown[] {
  if (Array.isArray(value) && value.length >= least && value.length <= most) return value;
  const size = least === most ? `${least}` : `${least} to ${most}`;
  const got = Array.isArray(value) ? value.length : value;
  return wrong(path, `an array of ${size} items`, got);
}

function record(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  return wrong(path, "an object", value);
}

const START = "The cluster table can't be used:";

function wrong(path: string, expected: string, got: unknown): never {
  throw new TypeError(`${START} expected ${path} to be ${expected}, got ${describe(got)}`);
}
