import type { ExpNode } from "./node.js";
import { Op } from "./ops.js";

/** A server version and what in an expression needs it. */
export interface Need {
  /** `"7.0"`, `"8.1.2"` … */
  readonly version: string;
  /** The feature, by the name of its factory. */
  readonly feature: string;
}

const BASE: Need = { version: "6.0", feature: "expressions" };

/** What the expression needs most: the newest version that any part of it asks for. */
export function neededVersion(node: ExpNode): Need {
  let most = BASE;
  eachNeed(node, (need) => {
    if (compareVersions(need.version, most.version) > 0) most = need;
  });
  return most;
}

/** Negative when `a` is older than `b`: by number, part by part, missing parts as 0. */
export function compareVersions(a: string, b: string): number {
  const left = a.split(".");
  const right = b.split(".");
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (Number.parseInt(left[i] ?? "0", 10) || 0) - (Number.parseInt(right[i] ?? "0", 10) || 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Calls `found` for every part that a 6.0 server does not understand. */
export function eachNeed(node: ExpNode, found: (need: Need) => void): void {
  const walk = (child: ExpNode): void => eachNeed(child, found);
  switch (node.kind) {
    case "op":
      if (node.code === Op.RECORD_SIZE) found({ version: "7.0", feature: "recordSize" });
      else if (node.code === Op.IN_LIST) found({ version: "8.1.2", feature: "inList" });
      else if (node.code === Op.MAP_KEYS) found({ version: "8.1.2", feature: "mapKeys" });
      else if (node.code === Op.MAP_VALUES) found({ version: "8.1.2", feature: "mapValues" });
      else if (node.code === Op.REMOVE_RESULT) found({ version: "8.1.1", feature: "removeResult" });
      node.args.forEach(walk);
      return;
    case "cond":
      node.parts.forEach(walk);
      return;
    case "regex":
      walk(node.subject);
      return;
    case "let":
      for (const definition of node.definitions) walk(definition.value);
      walk(node.body);
      return;
    case "loopVar":
      found({ version: "8.1.1", feature: "loop variables" });
      return;
  }
}
