import { BitWriteFlags, MapReturnType } from "../protocol/cdt/flags.js";
import { ContainerOp, ListOp, MapOp, StringOp, selectorOperations } from "../protocol/cdt/operations.js";
import { PathSelectFlags } from "../protocol/cdt/path.js";
import { constantOf } from "../protocol/exp/constant.js";
import type { ExpType } from "../protocol/exp/exp-type.js";
import type { ExpNode } from "../protocol/exp/node.js";
import { ExpOp } from "../protocol/exp/op-code.js";
import { opNode } from "../protocol/exp/ops.js";
import { type AelNode, isSingleStep, type MethodNode, needsSelect, type PathNode } from "./ast.js";
import { int } from "./constants.js";
import { isSeveral, pathReceiver } from "./infer-method.js";
import type { Lowering } from "./lower.js";
import { contextOf, readStep, select, selectCount, selectExists } from "./lower-path.js";
import { orElse } from "./lower-presence.js";
import { selectorParams } from "./lower-step.js";
import { lowerWrite } from "./lower-write.js";
import { single } from "./type-set.js";

/** Of bits; those of sketches are the same. */
const FLAGS: Readonly<Record<string, number>> = BitWriteFlags;
const REGEX_GLOBAL = 16;
/** Stands for a number of bits that is not given. */
const NOT_GIVEN = -1;

export function lowerMethod(lowering: Lowering, node: MethodNode): ExpNode {
  switch (node.fn.family) {
    case "read":
      return lowerRead(lowering, node);
    case "cast":
      return lowerCast(lowering, node);
    case "write":
      return lowerWrite(lowering, node);
    case "string":
      return lowerString(lowering, node);
    case "bits":
      return lowerBits(lowering, node);
    default:
      return lowerSketch(lowering, node);
  }
}

function lowerRead(lowering: Lowering, node: MethodNode): ExpNode {
  const path = pathReceiver(node);
  const isReversed = node.properties.some(({ name }) => name === "REVERSE");
  switch (node.fn.name) {
    case "exists":
      return lowerExists(lowering, node, path);
    case "type":
      return { kind: "binType", type: "int", name: binName(node.receiver) };
    case "count":
      return lowerCount(lowering, node, path);
    case "join":
      return lowerJoin(lowering, node, path);
    case "orElse":
      return orElse(lowering, node);
    case "get":
      return readStep(lowering, path!, node.returns!.code, lowering.typeOf(node));
    case "getKeys":
      if (needsSelect(path!.steps)) return select(lowering, path!, PathSelectFlags.MAP_KEYS, "list");
      return readStep(lowering, path!, MapReturnType.KEY, "list");
    case "getKeyValues":
      return select(lowering, path!, PathSelectFlags.MAP_KEY_VALUES, "list");
    case "getTree":
      return select(lowering, path!, PathSelectFlags.MATCHING_TREE, lowering.typeOf(path!.base));
    case "getIndexes": {
      const returns = isReversed ? MapReturnType.REVERSE_INDEX : MapReturnType.INDEX;
      return readStep(lowering, path!, returns, isSeveral(path!) ? "list" : "int");
    }
    case "getRanks": {
      if (path!.steps.at(-1)!.kind === "keyList") {
        lowering.fail(node.name, "Servers have no ranks for a list of keys", "Ask for each key: $.m.a.getRanks()");
      }
      const returns = isReversed ? MapReturnType.REVERSE_RANK : MapReturnType.RANK;
      return readStep(lowering, path!, returns, isSeveral(path!) ? "list" : "int");
    }
    default: {
      const isUnordered = node.properties.some(({ name }) => name === "UNORDERED");
      return readStep(lowering, path!, isUnordered ? MapReturnType.UNORDERED_MAP : MapReturnType.ORDERED_MAP, "map");
    }
  }
}

function binName(node: AelNode): string {
  return node.kind === "bin" ? node.name : "";
}

function lowerExists(lowering: Lowering, node: MethodNode, path: PathNode | undefined): ExpNode {
  if (path === undefined) {
    const name = binName(node.receiver);
    if (lowering.target === "8.2") return { kind: "binExists", type: "bool", name };
    return opNode(ExpOp.NE, [{ kind: "binType", type: "int", name }, int(0)]);
  }
  if (needsSelect(path.steps)) return selectExists(lowering, path);
  // Servers answer EXISTS of all others as whether something was found.
  if (path.steps.at(-1)!.inverted) {
    return opNode(ExpOp.GT, [readStep(lowering, path, MapReturnType.COUNT, "int"), int(0)]);
  }
  return readStep(lowering, path, MapReturnType.EXISTS, "bool");
}

/** Elements of a container, or how many a path leads to. */
function lowerCount(lowering: Lowering, node: MethodNode, path: PathNode | undefined): ExpNode {
  if (path !== undefined) {
    if (needsSelect(path.steps)) return selectCount(lowering, path);
    const last = path.steps.at(-1)!;
    // One value that is looked for has no elements: what is counted is how often it is there.
    if (last.kind === "firstValue") {
      const { code } = selectorOperations(last.on === "list" ? "list" : "map", "value").read;
      return lowering.call(node, {
        type: "int",
        system: "cdt",
        code,
        params: [int(MapReturnType.COUNT), ...selectorParams(lowering, last)],
        path: contextOf(lowering, path.steps.slice(0, -1)),
        target: lowering.lower(path.base),
      });
    }
    if (!isSingleStep(last)) return readStep(lowering, path, MapReturnType.COUNT, "int");
  }
  const { receiver } = node;
  const type = single(receiver.typed!.set);
  if (type === undefined && path === undefined) lowering.typeOf(receiver);
  const either = type === undefined || lowering.target === "8.2";
  const { code } = either ? ContainerOp.COUNT : type === "map" ? MapOp.SIZE : ListOp.SIZE;
  const source = lowering.text.slice(receiver.at, receiver.end);
  return lowering.call(node, {
    type: "int",
    system: "cdt",
    code,
    params: [],
    path: path === undefined ? [] : contextOf(lowering, path.steps),
    why:
      type === undefined
        ? `count() of what may be a list or a map (servers before count ${source}:LIST or ${source}:MAP)`
        : undefined,
    target: lowering.lower(path?.base ?? receiver),
  });
}

function lowerJoin(lowering: Lowering, node: MethodNode, path: PathNode | undefined): ExpNode {
  const inContext = path !== undefined && !isSeveral(path) ? path : undefined;
  return lowering.call(node, {
    type: "string",
    system: "cdt",
    code: ListOp.JOIN.code,
    params: [lowering.lower(node.args[0]!)],
    path: inContext === undefined ? [] : contextOf(lowering, inContext.steps),
    target: lowering.lower(inContext?.base ?? node.receiver),
  });
}

/** The same type stays as it is; strings are parsed. */
function lowerCast(lowering: Lowering, node: MethodNode): ExpNode {
  const { fn, receiver } = node;
  const value = lowering.lower(receiver);
  if (fn.name === "toString") return opNode(ExpOp.TO_STRING, [value]);
  const type: ExpType = fn.name === "toInt" ? "int" : "float";
  const from = lowering.typeOf(receiver);
  if (from === type) return value;
  if (from !== "string") return opNode(fn.code, [value]);
  const { code } = type === "int" ? StringOp.TO_INTEGER : StringOp.TO_DOUBLE;
  return lowering.call(node, { type, system: "string", code, params: [], target: value });
}

/** Parameters of the slots that were given. */
function paramsOf(lowering: Lowering, node: MethodNode): ExpNode[] {
  return node.args.filter((arg) => arg !== undefined).map((arg) => lowering.lower(arg));
}

function flagsOf({ properties }: MethodNode): number {
  return properties.reduce((sum, { name }) => sum | (FLAGS[name] ?? 0), 0);
}

function lowerString(lowering: Lowering, node: MethodNode): ExpNode {
  const { fn } = node;
  const path = pathReceiver(node);
  const flags = flagsOf(node);
  if (flags !== 0 && path === undefined) {
    lowering.fail(node.properties[0]!, `${fn.name}() of a bin or a value takes no ${node.properties[0]!.name}`);
  }
  const steps = path?.steps ?? [];
  return lowering.call(node, {
    type: path !== undefined && fn.modify ? lowering.typeOf(path.base) : resultOf(fn.gives),
    system: "string",
    modify: fn.modify,
    code: fn.code,
    params: stringParams(lowering, node, flags),
    path: contextOf(lowering, steps),
    noFailPath: flags !== 0 && steps.length > 1,
    target: lowering.lower(path?.base ?? node.receiver),
  });
}

function stringParams(lowering: Lowering, node: MethodNode, flags: number): ExpNode[] {
  const { fn, args, regex } = node;
  const policy = flags === 0 ? [] : [int(flags)];
  if (fn.name === "regexReplace") {
    const by = constantText(lowering, node, args[1]!);
    const pattern = regex?.pattern ?? constantText(lowering, node, args[0]!);
    return [texts(lowering, node, pattern, by), int((regex?.flags ?? 0) | REGEX_GLOBAL), ...policy];
  }
  if (fn.name === "replace" || fn.name === "replaceAll") {
    const [find, by] = args.map((arg) => constantText(lowering, node, arg!));
    return [texts(lowering, node, find!, by!), ...policy];
  }
  if (flags !== 0 && fn.slots.some((slot, i) => slot.optional && args[i] === undefined)) {
    lowering.fail(node.name, `${fn.name}() with NO_FAIL needs all of its arguments`);
  }
  return [...paramsOf(lowering, node), ...policy];
}

/** The two strings of a replacement travel as one constant list. */
function texts(lowering: Lowering, node: MethodNode, find: string, by: string): ExpNode {
  return lowering.checked(node, () => constantOf([find, by], "The replacement"));
}

function constantText(lowering: Lowering, node: MethodNode, arg: AelNode): string {
  if (arg.kind !== "literal" && arg.kind !== "placeholder") {
    lowering.fail(
      arg,
      `What ${node.fn.name}() looks for and puts in its place are constants`,
      "Give it as a parameter: ?0",
    );
  }
  return String(lowering.valueOf(arg));
}

function resultOf(gives: number): ExpType {
  return single(gives)!;
}

function lowerBits(lowering: Lowering, node: MethodNode): ExpNode {
  const { fn, args } = node;
  const flags = flagsOf(node);
  const params: ExpNode[] = [];
  let isSigned = false;
  fn.slots.forEach((slot, i) => {
    const arg = args[i];
    if (slot.name === "signed") isSigned = arg !== undefined && lowering.valueOf(arg) === true;
    else if (arg !== undefined) params.push(lowering.lower(arg));
  });
  if (isSigned && fn.modify) params.push(int(flags), int(1));
  else if (isSigned) params.push(int(1));
  else if (flags !== 0) params.push(int(flags));
  return lowering.call(node, {
    type: resultOf(fn.gives),
    system: "bits",
    modify: fn.modify,
    code: fn.code,
    params,
    target: lowering.lower(node.receiver),
  });
}

function lowerSketch(lowering: Lowering, node: MethodNode): ExpNode {
  const { fn, args } = node;
  const flags = flagsOf(node);
  let last = args.length;
  while (last > 0 && args[last - 1] === undefined && flags === 0) last--;
  const params = args.slice(0, last).map((arg) => (arg === undefined ? int(NOT_GIVEN) : lowering.lower(arg)));
  if (flags !== 0) params.push(int(flags));
  return lowering.call(node, {
    type: resultOf(fn.gives),
    system: "hll",
    modify: fn.modify,
    code: fn.code,
    params,
    target: lowering.lower(node.receiver),
  });
}
