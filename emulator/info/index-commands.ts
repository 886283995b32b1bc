import { encodeBase64 } from "../../protocol/bytes/base64.js";
import { ResultCode } from "../../protocol/result-code.js";
import { displayContext } from "../display/context.js";
import { displayExpression } from "../display/expression.js";
import type { NodeNamespace } from "../node/node-namespace.js";
import { IndexSource, sourceNames, valueTypeNames } from "../sindex/index-definition.js";
import { loadPercent, type SecondaryIndex } from "../sindex/secondary-indexes.js";
import { parseIndexDefinition } from "./index-definition-params.js";
import { indexStatistics } from "./index-statistics.js";
import type { InfoCall, InfoCommand, InfoCommands } from "./info-command.js";
import { InfoError } from "./info-error.js";
import { Longest } from "./info-params.js";
import { optionalNamespace, requiredNamespace } from "./namespace-param.js";

/** Making, dropping and listing secondary indexes. */
export const indexCommands: InfoCommands = {
  "sindex-create": create,
  "sindex-delete": withTrailer("ok", remove),
  "sindex-exists": withTrailer("false", (call) => {
    const name = call.params.required("indexname", Longest.INDEX);
    const namespace = requiredNamespace(call, "ns");
    return String(namespace.shared.indexes.byName(name) !== undefined);
  }),
  "sindex-list": list,
  "sindex-stat": (call) => {
    const name = call.params.required("indexname", Longest.INDEX);
    return statistics(call, requiredNamespace(call, "ns"), name);
  },
  sindex: deprecatedIndex,
};

/** The server goes on after a parameter that it misses, so that its answer sticks to the error. */
function withTrailer(trailer: string, command: InfoCommand): InfoCommand {
  return (call) => {
    try {
      return command(call);
    } catch (error) {
      if (error instanceof InfoError && error.text.includes("'indexname'")) return `${error.text}${trailer}`;
      throw error;
    }
  };
}

function create({ node, params }: InfoCall): string {
  const { name, namespace, definition } = parseIndexDefinition(node, params);
  // A namespace that does not exist is only found out where the index would be used.
  const indexes = node.cluster.indexes(namespace);
  const named = indexes.byName(name);
  const isKnown = indexes.byDefinition(definition) !== undefined;
  if (named !== undefined && named !== indexes.byDefinition(definition)) {
    throw new InfoError(ResultCode.INDEX_FOUND, "'indexname' already exists with different definition");
  }
  if (!isKnown && definition.source !== IndexSource.SET && indexes.isFull()) {
    throw new InfoError(ResultCode.INDEX_MAX_COUNT, "already at sindex definition limit");
  }
  const startedAt = node.runtime.now();
  indexes.put({ name, definition, startedAt, builtAt: startedAt + node.cluster.settings.indexBuildMs });
  if (definition.setName !== "") node.cluster.learnSet(namespace, definition.setName);
  return "ok";
}

function remove({ node, params }: InfoCall): string {
  const name = params.required("indexname", Longest.INDEX);
  node.cluster.indexes(params.required("namespace", Longest.NAMESPACE, "ns")).remove(name);
  return "ok";
}

function list(call: InfoCall): string {
  const namespace = listedNamespace(call);
  // Each of the two lists finds the namespace missing by itself.
  if (namespace === "unknown") {
    const error = `ERROR:${ResultCode.INVALID_NAMESPACE}:namespace not found on node`;
    return `${error};${error}`;
  }
  const b64 = call.params.optional("b64", 5);
  const namespaces = namespace === undefined ? call.node.namespaces : [namespace];
  const isKnown = b64 === undefined || b64 === "true" || b64 === "false";
  const ofBins = isKnown
    ? namespaces.flatMap((ns) => describeBinIndexes(call, ns, b64 === "true"))
    : [new InfoError(ResultCode.PARAMETER_ERROR, "bad b64").text];
  // The second list does not look at it.
  const ofSets = namespaces.flatMap(describeSetIndexes);
  return [...ofBins, ...ofSets].join(";");
}

function listedNamespace(call: InfoCall): NodeNamespace | undefined | "unknown" {
  try {
    return optionalNamespace(call, 127, "ns");
  } catch (error) {
    if (error instanceof InfoError && error.text.includes("not found")) return "unknown";
    throw error;
  }
}

function describeSetIndexes({ name, shared }: NodeNamespace): string[] {
  return shared.indexes.all
    .filter(({ definition }) => definition.source === IndexSource.SET)
    .map((index) => `ns=${name}:indexname=${index.name}:set=${index.definition.setName}:indextype=set`);
}

function describeBinIndexes({ node }: InfoCall, { name, shared }: NodeNamespace, b64: boolean): string[] {
  const now = node.runtime.now();
  return shared.indexes.all
    .filter(({ definition }) => definition.source !== IndexSource.SET)
    .map((index) => `ns=${name}:${describe(index, now, b64)}`);
}

/** Contexts and expressions come in base64, or in words for people to read. */
function describe(index: SecondaryIndex, now: number, b64: boolean): string {
  const { name, definition } = index;
  const { setName, binName, valueType, source, context, expression } = definition;
  return [
    `indexname=${name}`,
    `set=${setName === "" ? "null" : setName}`,
    `bin=${binName === "" ? "null" : binName}`,
    `type=${valueTypeNames.get(valueType)}`,
    `indextype=${sourceNames[source]}`,
    `context=${context === undefined ? "null" : (b64 ? encodeBase64 : displayContext)(context)}`,
    `exp=${expression === undefined ? "null" : (b64 ? encodeBase64 : displayExpression)(expression)}`,
    `state=${loadPercent(index, now) === 100 ? "RW" : "WO"}`,
  ].join(":");
}

function statistics({ node }: InfoCall, namespace: NodeNamespace, name: string): string {
  const index = namespace.shared.indexes.byName(name);
  if (index === undefined) throw new InfoError(ResultCode.INDEX_NOT_FOUND, "no index");
  return indexStatistics(node.runtime, namespace, index);
}

/** `sindex`, `sindex/<namespace>` or `sindex/<namespace>/<index>`. */
function deprecatedIndex(call: InfoCall): string {
  const { node, params } = call;
  if (params.text === "") return node.namespaces.flatMap((ns) => describeBinIndexes(call, ns, false)).join(";");
  const [name = "", ...rest] = params.text.split("/");
  const namespace = node.namespace(name);
  if (namespace === undefined) return "ns_type=unknown";
  if (rest.length === 0) return describeBinIndexes(call, namespace, false).join(";");
  return statistics(call, namespace, rest.join("/"));
}
