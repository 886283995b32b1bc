import { ContextType } from "../cdt/context.js";
import { INVERTED, MapReturnType } from "../cdt/flags.js";
import { CDT_SINCE, operationOf } from "../cdt/operations.js";
import { ServerVersion } from "../info/server-version.js";
import { type CallNode, childrenOf, type ExpNode } from "./node.js";
import { ExpOp } from "./op-code.js";

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
    if (ServerVersion.parse(need.version).compare(ServerVersion.parse(most.version)) > 0) most = need;
  });
  return most;
}

/** What in an expression servers older than its version do not know, each named once. */
export function needs(node: ExpNode): Need[] {
  const found = new Map<string, Need>();
  eachNeed(node, (need) => found.set(need.feature, need));
  return [...found.values()];
}

const OPS_SINCE: Readonly<Record<number, Need>> = {
  [ExpOp.RECORD_SIZE]: { version: "7.0", feature: "recordSize" },
  [ExpOp.IN_LIST]: { version: "8.1.2", feature: "inList" },
  [ExpOp.MAP_KEYS]: { version: "8.1.2", feature: "mapKeys" },
  [ExpOp.MAP_VALUES]: { version: "8.1.2", feature: "mapValues" },
  [ExpOp.REMOVE_RESULT]: { version: "8.1.1", feature: "removeResult" },
};

const RETURNS_SINCE: Readonly<Record<number, string>> = CDT_SINCE.returnTypes;

const STEPS_SINCE: Readonly<Record<number, Need>> = {
  [ContextType.MAP_KEYS_IN]: { version: CDT_SINCE.steps[ContextType.MAP_KEYS_IN], feature: "several keys in a path" },
  [ContextType.AND_EXPRESSION]: {
    version: CDT_SINCE.steps[ContextType.AND_EXPRESSION],
    feature: "a further filter in a path",
  },
};

/** Calls `found` for every part that a 6.0 server does not understand. */
export function eachNeed(node: ExpNode, found: (need: Need) => void): void {
  if (node.kind === "loopVar") found({ version: "8.1.1", feature: "loop variables" });
  else if (node.kind === "op") report(OPS_SINCE[node.code], found);
  else if (node.kind === "call") callNeed(node, found);
  else if (node.kind === "select") {
    found({ version: CDT_SINCE.SELECT, feature: "path expressions" });
    for (const step of node.path) report(STEPS_SINCE[step.code], found);
  }
  for (const child of childrenOf(node)) eachNeed(child, found);
}

function report(need: Need | undefined, found: (need: Need) => void): void {
  if (need !== undefined) found(need);
}

function callNeed(node: CallNode, found: (need: Need) => void): void {
  const [returnType] = node.params;
  const operation = operationOf(node.system, node.code);
  if (operation?.returns !== "selection" || returnType?.kind !== "const") return;
  const code = Number(returnType.value) & ~INVERTED;
  for (const [name, each] of Object.entries(MapReturnType)) {
    const version = each === code ? RETURNS_SINCE[code] : undefined;
    if (version !== undefined) found({ version, feature: `return type ${name}` });
  }
}
