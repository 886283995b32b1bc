import { encodeBase64 } from "../bytes/base64.js";
import { checkIndexedBin, checkIndexName, checkInfoName, checkNamespace, checkSetName } from "../check/check-names.js";
import type { IndexCollection } from "../command/index-range.js";
import { describe } from "../value/invalid-value.js";
import type { ServerVersion } from "./server-version.js";

// Secondary indexes:
//   sindex-create:namespace=<ns>[;set=<set>];indexname=<name>[;context=<base64>][;indextype=<collection>];
//     bin=<bin>;type=<type>                        from 8.1
//     indexdata=<bin>,<type>, with ns= for namespace=     before
//     exp=<base64>;type=<type>                     on an expression, from 8.1
//     indextype=SET alone, with the set            of all records of a set, from 8.1.2
//   sindex-delete, sindex-stat, sindex-exists:namespace=<ns>;indexname=<name>      ns= before 7.2
//   sindex-list[:namespace=<ns>];b64=true

/** What values an index holds. */
export type IndexType = "integer" | "string" | "blob" | "geo";

/** What to index of each record: a bin, or something within a bin, or the value of an expression; or only that it is there. */
export type IndexSource =
  | { readonly bin: string; readonly context?: Uint8Array | undefined }
  | { readonly expression: Uint8Array }
  | "set";

/** An index to be made. */
export interface IndexDefinition {
  readonly namespace: string;
  /** Empty for records of all sets. */
  readonly setName: string;
  readonly indexName: string;
  /** Undefined for an index of a whole set, which holds no values. */
  readonly type: IndexType | undefined;
  readonly source: IndexSource;
  /** Default `"default"`: the value itself; otherwise the elements of a list, the keys or the values of a map. */
  readonly collection?: IndexCollection | undefined;
}

const TYPE_NAMES: Readonly<Record<IndexType, string>> = {
  integer: "NUMERIC",
  string: "STRING",
  blob: "BLOB",
  geo: "GEO2DSPHERE",
};

const MAX_CONTEXT_LENGTH = 2047;
const MAX_EXPRESSION_LENGTH = 16_383;

/**
 * Makes an index; a node answers `ok` before it is built, and also when the namespace does not exist. An index of the
 * same definition and another name is renamed. Throws TypeError or RangeError when a name or the source is not allowed.
 */
export function sindexCreate(definition: IndexDefinition, version: ServerVersion): string {
  const { namespace, setName, indexName, type, source, collection = "default" } = definition;
  checkNamespace(namespace);
  checkSetName(setName);
  checkIndexName(indexName);
  const parts = [`sindex-create:${namespaceKey(version)}=${namespace}`];
  if (setName !== "") parts.push(`set=${setName}`);
  parts.push(`indexname=${indexName}`);
  if (source === "set") {
    if (setName === "") throw new TypeError("The index is one of a whole set, and the set name is empty");
    if (!version.isAtLeast(8, 1, 2)) {
      throw new TypeError(`The index is one of a whole set, which takes server 8.1.2: this one is ${version}`);
    }
    parts.push("indextype=SET");
    return parts.join(";");
  }
  const typeName = type === undefined ? undefined : TYPE_NAMES[type];
  if (typeName === undefined) {
    throw new TypeError(`The index type is ${describe(type)}: it must be "integer", "string", "blob" or "geo"`);
  }
  if ("expression" in source) {
    if (!version.isAtLeast(8, 1)) {
      throw new TypeError(`The index source is an expression, which takes server 8.1: this one is ${version}`);
    }
    parts.push(`exp=${checkedBase64("expression", source.expression, MAX_EXPRESSION_LENGTH)}`);
  } else if (source.context !== undefined) {
    parts.push(`context=${checkedBase64("context", source.context, MAX_CONTEXT_LENGTH)}`);
  }
  if (collection !== "default") parts.push(`indextype=${collection.toUpperCase()}`);
  if ("expression" in source) parts.push(`type=${typeName}`);
  else parts.push(...binParts(source.bin, typeName, version));
  return parts.join(";");
}

/** Drops an index; a node answers `ok` also when there is none. */
export function sindexDelete(namespace: string, indexName: string, version: ServerVersion): string {
  return `sindex-delete:${indexParts(namespace, indexName, version)}`;
}

/** Asks how far an index is built; see parseIndexStat. A node without it answers ERROR:201. */
export function sindexStat(namespace: string, indexName: string, version: ServerVersion): string {
  return `sindex-stat:${indexParts(namespace, indexName, version)}`;
}

/** Asks for the indexes of a namespace, or of all; see parseIndexList. */
export function sindexList(version: ServerVersion, namespace?: string): string {
  if (namespace === undefined) return "sindex-list:b64=true";
  checkNamespace(namespace);
  return `sindex-list:${namespaceKey(version)}=${namespace};b64=true`;
}

function indexParts(namespace: string, indexName: string, version: ServerVersion): string {
  checkNamespace(namespace);
  checkIndexName(indexName);
  return `${namespaceKey(version)}=${namespace};indexname=${indexName}`;
}

function namespaceKey(version: ServerVersion): string {
  return version.isAtLeast(7, 2) ? "namespace" : "ns";
}

function binParts(bin: string, typeName: string, version: ServerVersion): string[] {
  checkIndexedBin(bin);
  checkInfoName("bin name", bin);
  if (version.isAtLeast(8, 1)) return [`bin=${bin}`, `type=${typeName}`];
  if (bin.includes(",")) {
    throw new TypeError(`The bin name ${describe(bin)} holds a comma, which servers before 8.1 can't index`);
  }
  return [`indexdata=${bin},${typeName}`];
}

function checkedBase64(argument: string, bytes: Uint8Array, maxLength: number): string {
  const text = encodeBase64(bytes);
  if (text === "") throw new TypeError(`The index ${argument} is empty`);
  if (text.length > maxLength) {
    throw new RangeError(
      `The index ${argument} takes ${text.length} letters of base64: at most ${maxLength} are allowed`,
    );
  }
  return text;
}
