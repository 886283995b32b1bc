import { type AelParam, connect, DataSet, type KnownIndex, type PackedExpression, type Value } from "aerowire";
import { type AelExplanation, explainAel } from "aerowire/ael";
import { type EmulatedVersion, Emulator } from "aerowire/emulator";
import { parseTyped, stringifyTyped } from "../../cli/values/typed-json.js";

/** What stands in the fields of the page. */
export interface Fields {
  readonly text: string;
  /** JSON: values of the placeholders. */
  readonly params: string;
  /** JSON: the bins of each record. */
  readonly records: string;
  /** JSON: an index each. */
  readonly indexes: string;
  readonly version: EmulatedVersion;
}

export interface Verdict {
  /** What the server has, as JSON. */
  readonly bins: string;
  /** The value as JSON; undefined where the record does not have what the expression reads. */
  readonly value: string | undefined;
}

const NAMESPACE = "test";
const SET = "users";
const INDEX_FIELDS = ["bin", "type", "collection", "entries", "entriesPerValue"];

/** What a text is: its tree, types and index. */
export function explain({ text, params, indexes }: Fields): AelExplanation {
  const known = list("indexes", indexes).map(knownIndex);
  const plain = explainAel(text, { params: paramsOf(params) });
  // Only conditions are asked of an index.
  if (plain.type !== "BOOL" || known.length === 0) return plain;
  return explainAel(text, { params: paramsOf(params), indexes: known, namespace: NAMESPACE, setName: SET });
}

/** What an emulated server makes of an expression for each record. */
export async function evaluate(expression: PackedExpression, { records, version }: Fields): Promise<Verdict[]> {
  const all = list("records", records).map(binsOf);
  if (all.length === 0) return [];
  await using emulator = await Emulator.start({ listen: "memory", version, udf: "none" });
  const { hosts, transport } = emulator;
  await using cluster = await connect(hosts, { transport, int64: "bigint", maps: "map" });
  const session = cluster.createSession();
  const set = DataSet.of(NAMESPACE, SET);
  const keys = all.map((_, i) => set.id(i + 1));
  await session.putMany(all.map((bins, i) => [set.id(i + 1), bins] as const));
  const stream = await session
    .query(keys)
    .bin("value")
    .selectFrom(expression, { ignoreEvalFailure: true })
    .execute({ onError: "inStream" });
  const rows = await stream.collect();
  const stored = await session.getMany(keys);
  return rows.map((row, i) => {
    const [value] = row.orThrow().operationResults;
    return { bins: stringifyTyped(stored[i]?.bins), value: value === null ? undefined : stringifyTyped(value) };
  });
}

function paramsOf(text: string): AelParam[] {
  return list("parameters", text) as AelParam[];
}

function binsOf(record: unknown, i: number): Record<string, Value> {
  if (!isObject(record)) throw new TypeError(`record ${i + 1}: expected an object of bins, such as {"age": 30}`);
  return record as Record<string, Value>;
}

function knownIndex(definition: unknown, i: number): KnownIndex {
  const place = `index ${i + 1}`;
  if (!isObject(definition)) {
    throw new TypeError(`${place}: expected an object such as {"bin": "age", "type": "integer"}`);
  }
  const unknown = Object.keys(definition).find((name) => !INDEX_FIELDS.includes(name));
  if (unknown !== undefined) throw new TypeError(`${place}: expected ${INDEX_FIELDS.join(", ")}, got "${unknown}"`);
  const { bin, type, collection = "default", entries, entriesPerValue } = definition;
  if (typeof bin !== "string" || bin === "") throw new TypeError(`${place}: expected a name as "bin"`);
  return {
    namespace: NAMESPACE,
    setName: SET,
    indexName: `${SET}_${bin}`,
    bin,
    type: oneOf(place, "type", type, ["integer", "string", "blob", "geo"]),
    collection: oneOf(place, "collection", collection, ["default", "list", "mapKeys", "mapValues"]),
    context: undefined,
    expression: undefined,
    readable: true,
    entries: count(place, "entries", entries),
    entriesPerValue: count(place, "entriesPerValue", entriesPerValue),
  };
}

function oneOf<const T extends string>(place: string, name: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found !== undefined) return found;
  throw new TypeError(`${place}: expected ${allowed.join(", ")} as "${name}", got ${stringifyTyped(value)}`);
}

function count(place: string, name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const number = typeof value === "bigint" || typeof value === "number" ? Number(value) : Number.NaN;
  if (number >= 0) return number;
  throw new TypeError(`${place}: expected a number from 0 as "${name}"`);
}

/** An empty field is an empty list. */
function list(name: string, text: string): unknown[] {
  if (text.trim() === "") return [];
  let value: unknown;
  try {
    value = parseTyped(text);
  } catch (error) {
    throw new TypeError(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (Array.isArray(value)) return value;
  throw new TypeError(`${name}: expected a JSON array`);
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
