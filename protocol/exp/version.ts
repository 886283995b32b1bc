import { CONTEXT_INVERTED, ContextType, leadsToSeveral } from "../cdt/context.js";
import { INVERTED, MapReturnType } from "../cdt/flags.js";
import { CDT_SINCE, type CdtSystem, operationOf } from "../cdt/operations.js";
import { PATH_RESULT_MASK, PathSelectFlags } from "../cdt/path.js";
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

/** What newer operations of a system are called. */
const FEATURES: Readonly<Record<CdtSystem, string>> = {
  cdt: "joining lists, and counting what may be a list or a map",
  bits: "bytes as base64",
  hll: "operations on sketches",
  string: "operations on strings",
};

const OPS_SINCE: Readonly<Record<number, Need>> = {
  [ExpOp.RECORD_SIZE]: { version: "7.0", feature: "recordSize" },
  [ExpOp.IN_LIST]: { version: "8.1.2", feature: "inList" },
  [ExpOp.MAP_KEYS]: { version: "8.1.2", feature: "mapKeys" },
  [ExpOp.MAP_VALUES]: { version: "8.1.2", feature: "mapValues" },
  [ExpOp.TO_STRING]: { version: "8.2", feature: "toString" },
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

const RESULTS_SINCE: Readonly<Record<number, Need>> = {
  [PathSelectFlags.COUNT]: { version: CDT_SINCE.pathResults[PathSelectFlags.COUNT], feature: "count of a path" },
  [PathSelectFlags.EXISTS]: { version: CDT_SINCE.pathResults[PathSelectFlags.EXISTS], feature: "exists of a path" },
};

function stepNeed(code: number): Need | undefined {
  if ((code & CONTEXT_INVERTED) !== 0) return { version: CDT_SINCE.inverted, feature: "all others in a path" };
  const known = STEPS_SINCE[code];
  if (known !== undefined || !leadsToSeveral(code)) return known;
  return { version: CDT_SINCE.severalPlaces, feature: "a range or several values in a path" };
}

/** Calls `found` for every part that a 6.0 server does not understand. */
function eachNeed(node: ExpNode, found: (need: Need) => void): void {
  if (node.kind === "loopVar") found({ version: "8.1.1", feature: "loop variables" });
  else if (node.kind === "binExists") found({ version: "8.2", feature: "binExists by an operation of its own" });
  else if (node.kind === "text") found({ version: "8.2", feature: "text that the server compiles" });
  else if (node.kind === "op") report(OPS_SINCE[node.code], found);
  else if (node.kind === "call") callNeed(node, found);
  else if (node.kind === "select") {
    found({ version: CDT_SINCE.SELECT, feature: "path expressions" });
    report(RESULTS_SINCE[node.flags & PATH_RESULT_MASK], found);
    for (const step of node.path) report(stepNeed(step.code), found);
  }
  for (const child of childrenOf(node)) eachNeed(child, found);
}

function report(need: Need | undefined, found: (need: Need) => void): void {
  if (need !== undefined) found(need);
}

function callNeed(node: CallNode, found: (need: Need) => void): void {
  const [returnType] = node.params;
  const operation = operationOf(node.system, node.code);
  if (node.noFailPath === true)
    found({ version: CDT_SINCE.noFailContext, feature: "missing places on the way to a write" });
  if (operation?.since !== undefined) found({ version: operation.since, feature: node.why ?? FEATURES[node.system] });
  if (operation?.returns !== "selection" || returnType?.kind !== "const") return;
  const code = Number(returnType.value) & ~INVERTED;
  for (const [name, each] of Object.entries(MapReturnType)) {
    const version = each === code ? RETURNS_SINCE[code] : undefined;
    if (version !== undefined) found({ version, feature: `return type ${name}` });
  }
}
