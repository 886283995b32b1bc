import { INVERTED, ListOrderType, ListWriteFlags, MapOrder, MapWriteFlags } from "../protocol/cdt/flags.js";
import { PERSIST_INDEX } from "../protocol/cdt/list.js";
import { ListOp, MapOp, selectorOperations } from "../protocol/cdt/operations.js";
import type { ExpNode } from "../protocol/exp/node.js";
import { ExpOp } from "../protocol/exp/op-code.js";
import { opNode } from "../protocol/exp/ops.js";
import { checkChange } from "../protocol/exp/path-change.js";
import { neededVersion } from "../protocol/exp/version.js";
import {
  type AelNode,
  isSingleStep,
  type MethodNode,
  needsSelect,
  type PathNode,
  type Property,
  type Step,
} from "./ast.js";
import { int } from "./constants.js";
import { pathReceiver, wholeOf } from "./infer-method.js";
import type { Lowering } from "./lower.js";
import { contextOf, kindOf, select } from "./lower-path.js";
import { selectorParams } from "./lower-step.js";

/** Order of a container that a write creates, where the write itself says it. */
const ORDERS: Readonly<Record<string, number>> = {
  KEY_ORDERED: MapOrder.KEY_ORDERED,
  SORTED: ListOrderType.ORDERED,
  KEY_VALUE_ORDERED: MapOrder.KEY_VALUE_ORDERED,
  PERSIST_INDEX,
};

/** A write: its operation, what comes before order and flags, whether it has room for an order. */
interface Verb {
  readonly code: number;
  readonly params: readonly ExpNode[];
  readonly hasOrder: boolean;
  readonly flags: number;
  /** Whether the operation takes flags at all. */
  readonly hasFlags: boolean;
}

/** A write gives the changed list or map, as a value. */
export function lowerWrite(lowering: Lowering, node: MethodNode): ExpNode {
  const path = pathReceiver(node);
  const { fn } = node;
  if (fn.name === "modify") return modify(lowering, node, path!);
  if (fn.name === "remove" && needsSelect(path!.steps)) {
    return change(lowering, node, path!, opNode(ExpOp.REMOVE_RESULT, []));
  }
  const base = path?.base ?? node.receiver;
  const steps = path?.steps ?? [];
  const isWhole = wholeOf(node) !== 0;
  const way = isWhole ? steps : steps.slice(0, -1);
  const holders = [propertiesOf(base), ...steps.map((step) => step.properties)];
  checkHolders(lowering, node, steps, holders);
  const last = holders[way.length] ?? [];
  const noFail = node.properties.some(({ name }) => name === "NO_FAIL" || name === "PARTIAL");
  const verb = isWhole ? wholeVerb(lowering, node) : placeVerb(lowering, node, steps.at(-1)!, last);
  const order = last.reduce((sum, { name }) => sum | (ORDERS[name] ?? 0), 0);
  if (last.length > 0 && !verb.hasOrder && !(last[0]!.name === "UNSORTED_PAD" && isPadding(node))) {
    lowering.fail(last[0]!, `${fn.name}() can't say the order of the container that it creates`);
  }
  if (noFail && !verb.hasFlags && way.length === 0) {
    lowering.fail(node.properties[0]!, `${fn.name}() has no flags, and no steps before the place that may be missing`);
  }
  const params = [...verb.params];
  if (verb.hasOrder && (order !== 0 || verb.flags !== 0)) params.push(int(order));
  if (verb.flags !== 0) params.push(int(verb.flags));
  return lowering.call(node, {
    type: lowering.typeOf(base),
    system: "cdt",
    modify: true,
    code: verb.code,
    params,
    path: contextOf(lowering, way, holders),
    noFailPath: noFail && way.length > 0,
    target: lowering.lower(base),
  });
}

function propertiesOf(base: AelNode): readonly Property[] {
  return base.kind === "bin" ? base.properties : [];
}

const MAP_ORDERS: ReadonlySet<string> = new Set(["KEY_ORDERED", "KEY_VALUE_ORDERED", "UNORDERED"]);
const LIST_ORDERS: ReadonlySet<string> = new Set(["SORTED", "UNSORTED", "UNSORTED_PAD"]);

/** What is said of the containers on the way: orders only, one for each, where one place is created. */
function checkHolders(
  lowering: Lowering,
  node: MethodNode,
  steps: readonly Step[],
  holders: readonly (readonly Property[])[],
): void {
  holders.forEach((properties, i) => {
    const orders = properties.filter(({ name }) => name !== "PERSIST_INDEX");
    if (orders.length > 1) lowering.fail(orders[1]!, "A container has one order");
    for (const property of properties) {
      const { name } = property;
      if (!MAP_ORDERS.has(name) && !LIST_ORDERS.has(name) && name !== "PERSIST_INDEX") {
        lowering.fail(property, `${name} stands behind the function, not behind a bin or a step`);
      }
      if (name === "PERSIST_INDEX" && i > 0) lowering.fail(property, "PERSIST_INDEX stands behind the bin");
      if (node.fn.name === "remove" || node.fn.name === "modify") {
        lowering.fail(property, `${node.fn.name}() creates nothing`);
      }
      const next = steps[i];
      if (next === undefined) continue;
      if (!isSingleStep(next)) lowering.fail(property, "Only a container with a step to one place is created");
      if ((next.on === "map" && LIST_ORDERS.has(name)) || (next.on === "list" && MAP_ORDERS.has(name))) {
        lowering.fail(property, `${name} is no order of a ${next.on}`);
      }
    }
  });
}

function isPadding({ fn }: MethodNode): boolean {
  return fn.name === "setTo" || fn.name === "insert" || fn.name === "insertItems" || fn.name === "add";
}

function listFlags(lowering: Lowering, node: MethodNode, base: number): number {
  return node.properties.reduce((flags, property) => {
    switch (property.name) {
      case "NO_FAIL":
        return flags | ListWriteFlags.NO_FAIL;
      case "PARTIAL":
        return flags | ListWriteFlags.PARTIAL | ListWriteFlags.NO_FAIL;
      case "ADD_UNIQUE":
        return flags | ListWriteFlags.ADD_UNIQUE;
      default:
        return lowering.fail(property, `${property.name} does not go with ${node.fn.name}()`);
    }
  }, base);
}

function mapFlags(lowering: Lowering, node: MethodNode, base: number): number {
  return node.properties.reduce((flags, property) => {
    switch (property.name) {
      case "NO_FAIL":
        return flags | MapWriteFlags.NO_FAIL;
      case "PARTIAL":
        return flags | MapWriteFlags.PARTIAL | MapWriteFlags.NO_FAIL;
      default:
        return lowering.fail(property, `${property.name} is for lists`);
    }
  }, base);
}

/** Verbs that work on a container as a whole. */
function wholeVerb(lowering: Lowering, node: MethodNode): Verb {
  const { fn, args } = node;
  const params = args.filter((arg) => arg !== undefined).map((arg) => lowering.lower(arg));
  const none = { params, hasOrder: false, flags: 0, hasFlags: false };
  const map = (base: number): Verb => ({
    code: MapOp.PUT_ITEMS.code,
    params,
    hasOrder: true,
    flags: mapFlags(lowering, node, base),
    hasFlags: true,
  });
  switch (fn.name) {
    case "append":
    case "appendItems": {
      const { code } = fn.name === "append" ? ListOp.APPEND : ListOp.APPEND_ITEMS;
      return { code, params, hasOrder: true, flags: listFlags(lowering, node, 0), hasFlags: true };
    }
    case "putItems":
      return map(MapWriteFlags.DEFAULT);
    case "insertItems":
      return map(MapWriteFlags.CREATE_ONLY);
    case "updateItems":
      return map(MapWriteFlags.UPDATE_ONLY);
    case "clear":
      return { ...none, code: lowering.typeOf(node.receiver) === "map" ? MapOp.CLEAR.code : ListOp.CLEAR.code };
    default: {
      const isDistinct = node.properties.some(({ name }) => name === "DROP_DUPS");
      return { ...none, code: ListOp.SORT.code, flags: isDistinct ? 2 : 0 };
    }
  }
}

/** Verbs that take the last step as the place that they change. */
function placeVerb(lowering: Lowering, node: MethodNode, place: Step, holder: readonly Property[]): Verb {
  const { fn, args } = node;
  if (fn.name === "remove") return remove(lowering, place);
  const [key] = selectorParams(lowering, place);
  const value = lowering.lower(args[0]!);
  if (place.on === "list") {
    const isPadded = holder.some(({ name }) => name === "UNSORTED_PAD");
    const flags = listFlags(lowering, node, isPadded ? 0 : ListWriteFlags.INSERT_BOUNDED);
    const params = [key!, value];
    const list = { params, flags, hasFlags: true, hasOrder: false };
    switch (fn.name) {
      case "setTo":
        return { ...list, code: ListOp.SET.code };
      case "insert":
        return { ...list, code: ListOp.INSERT.code };
      case "insertItems":
        return { ...list, code: ListOp.INSERT_ITEMS.code };
      default:
        return { ...list, code: ListOp.INCREMENT.code, hasOrder: true };
    }
  }
  const params = [key!, value];
  if (fn.name === "add") {
    for (const property of node.properties) if (property.name === "ADD_UNIQUE") mapFlags(lowering, node, 0);
    return { code: MapOp.INCREMENT.code, params, hasOrder: true, flags: 0, hasFlags: false };
  }
  const only = fn.name === "insert" ? MapWriteFlags.CREATE_ONLY : fn.name === "update" ? MapWriteFlags.UPDATE_ONLY : 0;
  return { code: MapOp.PUT.code, params, hasOrder: true, flags: mapFlags(lowering, node, only), hasFlags: true };
}

function remove(lowering: Lowering, place: Step): Verb {
  const { code } = selectorOperations(place.on === "list" ? "list" : "map", kindOf(place)).remove;
  const params = [int(place.inverted ? INVERTED : 0), ...selectorParams(lowering, place)];
  return { code, params, hasOrder: false, flags: 0, hasFlags: false };
}

function modify(lowering: Lowering, node: MethodNode, path: PathNode): ExpNode {
  const apply = lowering.lower(node.args[0]!);
  // Servers that know strings do well what those before them go down over.
  if (!neededVersion(apply).version.startsWith("8.2")) lowering.checked(node.args[0]!, () => checkChange(apply));
  return change(lowering, node, path, apply);
}

function change(lowering: Lowering, node: MethodNode, path: PathNode, apply: ExpNode): ExpNode {
  checkHolders(lowering, node, path.steps, [propertiesOf(path.base), ...path.steps.map((step) => step.properties)]);
  const noFail = node.properties.some(({ name }) => name === "NO_FAIL");
  return select(lowering, path, 0, lowering.typeOf(path.base), { change: apply, noFail });
}
