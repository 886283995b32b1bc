import type { ParsedAel } from "../../ael/index.js";
import type { AelParam } from "../../ael/params.js";
import type { CTX } from "../../protocol/cdt/context.js";
import { packedContext } from "../../protocol/cdt/context-bytes.js";
import type { ExpType } from "../../protocol/exp/exp-type.js";
import type { IndexDefinition, IndexSource, IndexType } from "../../protocol/info/index-commands.js";
import type { IndexInfo } from "../../protocol/info/index-info.js";
import type { ServerVersion } from "../../protocol/info/server-version.js";
import { compareBytes } from "../../protocol/value/map-key.js";
import { compile } from "../ael/compile.js";
import { requireVersion } from "../cluster/require-version.js";
import type { DataSet } from "../data/data-set.js";
import type { Expression } from "../exp/expression.js";
import type { IndexedCollection } from "../query/filter.js";

/** Text that has been read; what type its value has to have shows with the type of the index. */
export interface IndexedText {
  readonly parsed: ParsedAel;
  readonly params: readonly AelParam[];
}

/** What has been said of an index so far. */
export interface IndexDraft {
  name: string | undefined;
  bin: string | undefined;
  expression: Expression | IndexedText | undefined;
  isOnSet: boolean;
  type: IndexType | undefined;
  collection: IndexedCollection | undefined;
  path: readonly CTX[] | undefined;
}

/** What is sent, and what the oldest server has to be able to do. */
export interface PlannedIndex {
  readonly definition: IndexDefinition;
  readonly expression: Expression | undefined;
}

const EXPRESSION_TYPES: Readonly<Record<IndexType, ExpType>> = {
  integer: "int",
  string: "string",
  blob: "blob",
  geo: "geo",
};

/** @throws TypeError when a part is missing, or parts do not go together; AelParseError for text of another type */
export function planIndex({ namespace, setName, isWholeNamespace }: DataSet<unknown>, draft: IndexDraft): PlannedIndex {
  const indexName = nameOf(draft, "create");
  const target = targetOf(draft);
  if (target === "set") {
    if (isWholeNamespace) throw new TypeError("create: onSet() indexes a set, and this is a whole namespace");
    const stray = [
      draft.type !== undefined && "a type",
      draft.collection !== undefined && "collection()",
      draft.path !== undefined && "context()",
    ].find((part) => part !== false);
    if (stray !== undefined) {
      throw new TypeError(
        `create: onSet() indexes that records are there, and no values: ${stray} does not go with it`,
      );
    }
    return {
      definition: { namespace, setName, indexName, type: undefined, source: "set" },
      expression: undefined,
    };
  }
  const { type, collection } = draft;
  if (type === undefined) {
    throw new TypeError("create: the index has no type; use integer(), string(), blob() or geo2dsphere() first");
  }
  if (type === "geo" && collection === "mapKeys") {
    throw new TypeError(
      'create: keys of maps are no points; a geo2dsphere index has the collection "list" or "mapValues"',
    );
  }
  const expression = draft.expression && expressionOf(draft.expression, type, collection);
  const source: IndexSource = expression === undefined ? binSource(draft) : { expression: expression.packed };
  return { definition: { namespace, setName, indexName, type, source, collection }, expression };
}

/** @throws AerospikeError when the oldest server knows no such index */
export function requireVersions({ definition, expression }: PlannedIndex, version: ServerVersion): void {
  const { source, type } = definition;
  if (source === "set") requireVersion(version, "8.1.2", "an index of a whole set");
  else if ("bin" in source && source.context !== undefined) requireVersion(version, "6.1", "an index in a context");
  if (type === "blob") requireVersion(version, "7.0", "an index of bytes");
  if (expression !== undefined) {
    requireVersion(version, "8.1", "an index on an expression");
    requireVersion(version, expression.minVersion, "the expression");
  }
}

/** Whether an index that there is would be the same, whatever its name. */
export function isSameIndex(index: IndexInfo, definition: IndexDefinition): boolean {
  const { source, collection = "default" } = definition;
  if (index.namespace !== definition.namespace || (index.setName ?? "") !== definition.setName) return false;
  if (source === "set") return index.collection === "set";
  if (index.type !== definition.type || index.collection !== collection) return false;
  return "expression" in source
    ? isSame(index.expression, source.expression)
    : index.bin === source.bin && isSame(index.context, source.context);
}

/** @throws TypeError when there is none */
export function nameOf({ name }: IndexDraft, method: string): string {
  if (name === undefined) throw new TypeError(`${method}: the index has no name; use named() first`);
  return name;
}

function targetOf({ bin, expression, isOnSet, path }: IndexDraft): "bin" | "expression" | "set" {
  const targets = [bin !== undefined && "onBin()", expression !== undefined && "onExpression()", isOnSet && "onSet()"];
  const given = targets.filter((target) => target !== false);
  if (given.length === 0) {
    throw new TypeError("create: nothing to index; use onBin(), onExpression() or onSet() first");
  }
  if (given.length > 1) throw new TypeError(`create: ${given.join(" and ")} exclude each other`);
  if (expression !== undefined && path !== undefined) {
    throw new TypeError("create: context() and onExpression() exclude each other");
  }
  if (isOnSet) return "set";
  return expression === undefined ? "bin" : "expression";
}

/** The value of an expression has to be what the index holds: servers refuse another, and say it in their own words. */
function expressionOf(
  source: Expression | IndexedText,
  type: IndexType,
  collection: IndexedCollection | undefined,
): Expression {
  const wanted = expressionType(type, collection);
  if ("parsed" in source) return compile(source.parsed, source.params, wanted);
  if (source.type !== undefined && source.type !== wanted) {
    const what = collection === undefined ? `an index of type ${type}` : `an index of collection "${collection}"`;
    throw new TypeError(
      `create: ${what} takes an expression of type ${wanted}; this one is ${source.type} (${source})`,
    );
  }
  return source;
}

function expressionType(type: IndexType, collection: IndexedCollection | undefined): ExpType {
  if (collection === undefined) return EXPRESSION_TYPES[type];
  return collection === "list" ? "list" : "map";
}

function binSource({ bin = "", path }: IndexDraft): IndexSource {
  return path === undefined ? { bin } : { bin, context: packedContext(path) };
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : compareBytes(a, b) === 0;
}
