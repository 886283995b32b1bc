import { checkNamespace } from "../check/check-names.js";
import { parsePairs } from "./pairs.js";
import { splitParts } from "./parts.js";

// namespaces: <name>;<name>…     namespace/<name>: key=value;…     type=unknown for a namespace that the node has not

/** Asks for a namespace's statistics and settings. */
export function namespaceInfo(namespace: string): string {
  checkNamespace(namespace);
  return `namespace/${namespace}`;
}

/** The names of a node's namespaces. */
export function parseNamespaces(text: string): string[] {
  return splitParts(text, ";");
}

/** Statistics and settings by their names; undefined when the node has no such namespace. */
export function parseNamespaceInfo(text: string): ReadonlyMap<string, string> | undefined {
  const pairs = parsePairs(text);
  return pairs.size === 0 || (pairs.size === 1 && pairs.get("type") === "unknown") ? undefined : pairs;
}
