import type { NodeNamespace } from "../node/node-namespace.js";
import { setSettings } from "../node/settings.js";
import { IndexSource } from "../sindex/index-definition.js";
import { namespaceConfig } from "./config-commands.js";
import type { InfoCall, InfoCommands } from "./info-command.js";
import { namespaceStatistics } from "./namespace-statistics.js";

/** What is stored on a node. */
export const namespaceCommands: InfoCommands = {
  namespaces: ({ node }) => node.namespaces.map((namespace) => namespace.name).join(";"),
  namespace: ({ node, params }) => {
    const namespace = node.namespace(params.text);
    if (namespace === undefined) return "type=unknown";
    return [...namespaceStatistics(node, namespace), ...namespaceConfig(namespace)].join(";");
  },
  sets,
  objects: ({ node }) => {
    let objects = 0;
    for (const namespace of node.namespaces) objects += namespace.objects();
    return String(objects);
  },
};

/** `sets`, `sets/<namespace>` or `sets/<namespace>/<set>`. */
function sets({ node, params }: InfoCall): string {
  if (params.text === "") return node.namespaces.map(describeSets).join("");
  const [name = "", setName] = splitOnce(params.text);
  const namespace = node.namespace(name);
  if (namespace === undefined) return "ns_type=unknown";
  if (setName === undefined) return describeSets(namespace);
  return namespace.sets.has(setName) ? describeSet(namespace, setName) : "";
}

function splitOnce(text: string): [string, string?] {
  const at = text.indexOf("/");
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function describeSets(namespace: NodeNamespace): string {
  const names = [...namespace.sets.keys()];
  return names.map((setName) => `ns=${namespace.name}:set=${setName}:${describeSet(namespace, setName)}`).join("");
}

function describeSet(namespace: NodeNamespace, setName: string): string {
  const { shared } = namespace;
  const settings = namespace.learnSet(setName);
  const indexes = shared.indexes.all.filter(
    ({ definition }) => definition.setName === setName && definition.source !== IndexSource.SET,
  );
  const statistics = [
    `objects=${namespace.objectsInSet(setName)}`,
    "tombstones=0",
    `data_used_bytes=${namespace.bytesInSet(setName)}`,
    `truncate_lut=${shared.truncatedBefore(setName)}`,
    `sindexes=${indexes.length}`,
    "index_populating=false",
    "truncating=false",
  ];
  const config = setSettings.map((setting) => `${setting.name}=${setting.show(settings)}`);
  return `${[...statistics, ...config].join(":")};`;
}
