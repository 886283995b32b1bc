import { tryDecodeBase64 } from "../../protocol/bytes/base64.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import type { Release } from "../release.js";
import { isCompact } from "../sindex/compact.js";
import { isIndexContext } from "../sindex/index-context.js";
import { type IndexDefinition, IndexSource, sourceNames, valueTypeNames } from "../sindex/index-definition.js";
import { indexableType } from "../sindex/index-expression.js";
import { InfoError } from "./info-error.js";
import type { InfoNode } from "./info-node.js";
import { type InfoParams, Longest } from "./info-params.js";

const MAX_CONTEXT = 2047;
const MAX_EXPRESSION = 16_383;
const MAX_SOURCE = 31;
const MAX_TYPE = 31;
const MAX_INDEX_DATA = 1023;
const SOURCES = "must be one of 'default', 'list', 'mapkeys', 'mapvalues'";
const TYPES = "must be one of 'numeric', 'string', 'blob', 'geo2dsphere'";

/** What `sindex-create` asks for. */
export interface NamedDefinition {
  readonly name: string;
  readonly namespace: string;
  readonly definition: IndexDefinition;
}

/** Checks the parameters of `sindex-create` in the server's order. Throws InfoError with its words. */
export function parseIndexDefinition(node: InfoNode, params: InfoParams): NamedDefinition {
  const name = params.required("indexname", Longest.INDEX);
  const namespace = params.required("namespace", Longest.NAMESPACE, "ns");
  const isOnSet = params.raw("indextype")?.toLowerCase() === sourceNames[IndexSource.SET];
  const definition = isOnSet ? setIndex(node, namespace, params) : binIndex(params, node.release);
  return { name, namespace, definition };
}

function setIndex(node: InfoNode, namespace: string, params: InfoParams): IndexDefinition {
  for (const name of ["context", "indexdata", "type", "bin", "exp"]) {
    if (params.has(name)) throw refuse(`${name} parameter is not supported for set index`);
  }
  const setName = params.required("set", Longest.SET);
  if (node.namespace(namespace) === undefined) throw refuse("namespace not found");
  return { setName, binName: "", source: IndexSource.SET, valueType: 0, context: undefined, expression: undefined };
}

function binIndex(params: InfoParams, release: Release): IndexDefinition {
  const setName = checkedSetName(params.optional("set", Longest.SET));
  const context = contextOf(params);
  const source = sourceOf(params);
  const indexData = params.optional("indexdata", MAX_INDEX_DATA);
  const typeName = params.optional("type", MAX_TYPE);
  if (indexData === undefined && typeName === undefined) throw refuse("both 'indexdata' and 'type' are missing");
  if (indexData !== undefined && typeName !== undefined) throw refuse("both 'indexdata' and 'type' are specified");
  const target =
    typeName === undefined
      ? ofIndexData(indexData ?? "")
      : ofType(typeName, params, source, context !== undefined, release);
  if (source === IndexSource.MAPKEYS && target.valueType === ParticleType.GEOJSON) {
    throw refuse("bad 'indexdata' bin type for 'indextype' 'mapkeys' - must be one of 'numeric', 'string', 'blob'");
  }
  return { setName, source, context, ...target };
}

/** A set name that is not UTF-8 takes a server down; here it is refused. */
function checkedSetName(setName: string | undefined): string {
  if (setName !== undefined && !setName.isWellFormed()) throw refuse("bad 'set'");
  return setName ?? "";
}

function contextOf(params: InfoParams): Uint8Array | undefined {
  const text = params.optional("context", MAX_CONTEXT);
  if (text === undefined) return undefined;
  const context = tryDecodeBase64(text);
  if (context === undefined) throw refuse("'context' invalid base64");
  if (!isIndexContext(context)) throw refuse("'context' invalid cdt context");
  if (!isCompact(context)) throw refuse("'context' not normalized msgpack");
  return context;
}

function sourceOf(params: InfoParams): IndexSource {
  const text = params.optional("indextype", MAX_SOURCE);
  if (text === undefined) return IndexSource.DEFAULT;
  const source = Object.values(IndexSource).find((candidate) => sourceNames[candidate] === text.toLowerCase());
  if (source === undefined) throw refuse(`bad 'indextype' - ${SOURCES}`);
  return source;
}

type Target = Pick<IndexDefinition, "binName" | "valueType" | "expression">;

/** bin,type */
function ofIndexData(text: string): Target {
  const comma = text.indexOf(",");
  if (comma < 0) throw refuse("'indexdata' missing bin type");
  const binName = text.slice(0, comma);
  if (binName === "") throw refuse("'indexdata' missing bin name");
  if (binName.length > Longest.BIN) throw refuse("'indexdata' bin name too long");
  const valueType = valueTypeOf(text.slice(comma + 1));
  if (valueType === undefined) throw refuse(`bad 'indexdata' bin type - ${TYPES}`);
  return { binName, valueType, expression: undefined };
}

function ofType(
  typeName: string,
  params: InfoParams,
  source: IndexSource,
  hasContext: boolean,
  release: Release,
): Target {
  const isInteger = release === "8.2" && typeName.toLowerCase() === "integer";
  const valueType = isInteger ? ParticleType.INTEGER : valueTypeOf(typeName);
  if (valueType === undefined) throw refuse(`bad 'type' - ${TYPES}`);
  const binName = params.optional("bin", Longest.BIN);
  const expressionText = params.optional("exp", MAX_EXPRESSION);
  if (binName !== undefined && expressionText !== undefined) throw refuse("both 'bin' and 'exp' are specified");
  if (binName !== undefined) return { binName, valueType, expression: undefined };
  if (expressionText === undefined) throw refuse("both 'bin' and 'exp' are missing");
  if (hasContext) throw refuse("both 'context' and 'exp' are specified");
  return { binName: "", valueType, expression: expressionOf(expressionText, expectedType(source, valueType), release) };
}

function expectedType(source: IndexSource, valueType: number): number {
  if (source === IndexSource.DEFAULT) return valueType;
  return source === IndexSource.LIST ? ParticleType.LIST : ParticleType.MAP;
}

function expressionOf(text: string, expected: number, release: Release): Uint8Array {
  const expression = tryDecodeBase64(text);
  const type = expression && indexableType(expression, release);
  if (expression === undefined || type === undefined) throw refuse("bad 'exp'");
  if (type !== expected) {
    throw refuse(
      `bad 'exp' - expression type '${typeName(type)}' does not match expected type '${typeName(expected)}'`,
    );
  }
  return expression;
}

function valueTypeOf(text: string): number | undefined {
  for (const [type, name] of valueTypeNames) if (name === text.toLowerCase()) return type;
  return undefined;
}

const otherTypeNames: ReadonlyMap<number, string> = new Map([
  [ParticleType.DOUBLE, "float"],
  [ParticleType.BOOL, "bool"],
  [ParticleType.HLL, "hll"],
  [ParticleType.MAP, "map"],
  [ParticleType.LIST, "list"],
]);

function typeName(type: number): string {
  return valueTypeNames.get(type) ?? otherTypeNames.get(type) ?? "null";
}

function refuse(message: string): InfoError {
  return new InfoError(ResultCode.PARAMETER_ERROR, message);
}
