import { MapReturnType } from "../protocol/cdt/flags.js";
import { type AelNode, isSingleStep, type MethodNode, needsSelect, type PathNode } from "./ast.js";
import type { Inference } from "./infer.js";
import { walkPath } from "./infer-path.js";
import { ANY, BLOB, BOOL, CONTAINER, HLL, INT, KEY, LIST, MAP, NUMBER, STRING, setName, setOf } from "./type-set.js";
import { TypeVar } from "./type-var.js";

/** The receiver as a path, where it is one and not a value in parentheses. */
export function pathReceiver(node: MethodNode): PathNode | undefined {
  const { receiver } = node;
  return receiver.kind === "path" && !receiver.grouped ? receiver : undefined;
}

/** Whether a method works on a bin itself. */
function isBinReceiver({ receiver }: MethodNode): boolean {
  return receiver.kind === "bin" && !receiver.grouped;
}

/** Whether a path leads to several elements. */
export function isSeveral({ steps }: PathNode): boolean {
  return !isSingleStep(steps.at(-1)!) || needsSelect(steps);
}

export function inferMethod(inference: Inference, node: MethodNode): TypeVar {
  const { fn } = node;
  switch (fn.family) {
    case "read":
      return inferRead(inference, node);
    case "cast": {
      const takes = fn.name === "toString" ? NUMBER | BLOB | STRING | BOOL : NUMBER | STRING;
      inference.need(node.receiver, takes, `${fn.name}() works on ${setName(takes)}`, node.name);
      return new TypeVar(fn.gives, { node, why: undefined });
    }
    case "write":
      return inferWrite(inference, node);
    case "string":
      return inferOn(inference, node, STRING);
    case "bits":
      return inferOn(inference, node, BLOB);
    default:
      return inferOn(inference, node, HLL);
  }
}

function inferArguments(inference: Inference, node: MethodNode): void {
  const { fn, args } = node;
  fn.slots.forEach((slot, i) => {
    const arg = args[i];
    if (arg === undefined) return;
    const what = slot.positional ? `${fn.name}()` : `${slot.name} of ${fn.name}()`;
    // Several sketches come as a parameter only.
    const types = slot.types === (HLL | LIST) && arg.kind !== "placeholder" ? HLL : slot.types;
    inference.need(arg, types, `${what} takes ${setName(types)}`, node.name);
    if (slot.literal && !isConstant(arg)) inference.fail(arg, `${what} is true or false, as it shapes the call`);
  });
}

function isConstant(node: AelNode): boolean {
  return node.kind === "literal" || node.kind === "placeholder";
}

/** Functions of strings, blobs and sketches. A string's, on a path, gives the changed container. */
function inferOn(inference: Inference, node: MethodNode, set: number): TypeVar {
  const { fn, receiver } = node;
  const path = pathReceiver(node);
  if (path !== undefined && fn.modify && fn.family !== "string") {
    inference.fail(
      node.name,
      `${fn.name}() changes a bin or a value, not a place in a path`,
      `Write (${inference.source(receiver)}).${fn.name}(…) for the changed ${setName(set)}`,
    );
  }
  if (fn.family === "hll" && fn.modify && !isBinReceiver(node)) {
    inference.fail(node.name, `${fn.name}() works on a bin`);
  }
  const hint = fn.name === "contains" ? "; a list is asked with in: 'x' in $.list" : "";
  if (path !== undefined && fn.family === "string") {
    // A read on a path of several has no meaning; of one it looks at that string.
    if (isSeveral(path))
      inference.fail(receiver, `${fn.name}() works on one STRING; the path leads to several elements`);
  }
  inference.need(receiver, set, `${fn.name}() works on ${setName(set)}${hint}`, node.name);
  inferArguments(inference, node);
  if (path !== undefined && fn.modify) return path.base.typed!;
  return new TypeVar(fn.gives, { node, why: undefined });
}

function inferRead(inference: Inference, node: MethodNode): TypeVar {
  const { fn, receiver } = node;
  const path = pathReceiver(node);
  const result = (set: number): TypeVar => new TypeVar(set, { node, why: undefined });
  switch (fn.name) {
    case "exists":
      if (path === undefined && !isBinReceiver(node)) {
        inference.fail(node.name, "exists() asks for a bin or an element, not for what was worked out");
      }
      inference.infer(receiver);
      return result(BOOL);
    case "type":
      if (!isBinReceiver(node)) inference.fail(node.name, "type() asks for a bin, not for what is in it or worked out");
      inference.infer(receiver);
      return result(INT);
    case "count": {
      const typed = inference.infer(receiver);
      const isMatches = path !== undefined && path.steps.at(-1)!.kind === "firstValue";
      if (!isMatches && (path === undefined || !isSeveral(path))) {
        inference.demand(receiver, typed, CONTAINER, "count() counts a LIST or MAP", node.name);
      }
      return result(INT);
    }
    case "join":
      inference.need(receiver, LIST, "join() works on a LIST of STRING", node.name);
      inferArguments(inference, node);
      return result(STRING);
    case "orElse": {
      const typed = inference.infer(receiver);
      const fallback = node.args[0]!;
      inference.meet(
        node,
        receiver,
        typed,
        fallback,
        inference.infer(fallback),
        "Value and replacement are of one type, not",
      );
      return typed;
    }
    case "get":
      return inferReturns(inference, node);
  }
  // What a path gives besides values.
  if (path === undefined) {
    return inference.fail(
      node.name,
      `${fn.name}() needs a step into a list or map before it`,
      `Write ${inference.source(receiver)}.{0:}.${fn.name}()`,
    );
  }
  inference.infer(path);
  const several = isSeveral(path);
  const isSelect = needsSelect(path.steps);
  switch (fn.name) {
    case "getIndexes":
    case "getRanks":
      if (isSelect) refuseWithWildcard(inference, node);
      return result(several ? LIST : INT);
    case "getTree":
      if (!several) refuseOnOne(inference, node);
      return path.base.typed!;
    case "getMaps":
      if (isSelect) refuseWithWildcard(inference, node);
      needMap(inference, node, path);
      return result(MAP);
    default:
      if (!isSelect) needMap(inference, node, path);
      return result(LIST);
  }
}

function needMap(inference: Inference, node: MethodNode, path: PathNode): void {
  if (!isSeveral(path)) refuseOnOne(inference, node);
  if (path.steps.at(-1)!.on === "list")
    inference.fail(node.name, `${node.fn.name}() asks for keys, and a list has none`);
}

function refuseOnOne(inference: Inference, node: MethodNode): never {
  return inference.fail(
    node.name,
    `${node.fn.name}() needs a step that selects several elements`,
    "A range of one gives a list of one: {#-1:}, {0:1}, {@a,}",
  );
}

function refuseWithWildcard(inference: Inference, node: MethodNode): never {
  return inference.fail(
    node.name,
    `${node.fn.name}() does not go with wildcards, conditions, or several places before the last step`,
  );
}

/** `get(return: …)` that 8.2 has no words for. */
function inferReturns(inference: Inference, node: MethodNode): TypeVar {
  const { code, type } = node.returns!;
  inference.infer(node.receiver);
  if (code === MapReturnType.COUNT) return new TypeVar(INT, { node, why: undefined });
  if (code === MapReturnType.KEY_VALUE) return new TypeVar(MAP, { node, why: undefined });
  // The key of one entry: STRING, unless something else is said.
  const typed = new TypeVar(KEY);
  if (type !== undefined) {
    if (!typed.narrow(setOf(type), { node: node.name, why: "its type says" })) {
      inference.fail(node.name, `A key is INT, STRING or BLOB, not ${type.toUpperCase()}`);
    }
  } else inference.soften(typed, STRING);
  return typed;
}

function inferWrite(inference: Inference, node: MethodNode): TypeVar {
  const { fn, receiver } = node;
  const path = pathReceiver(node);
  if (path === undefined && !isBinReceiver(node)) {
    return inference.fail(node.name, `${fn.name}() changes a bin, or a place in one`);
  }
  inference.refuseInElement(node, "A change");
  if (fn.name === "modify") return inferModify(inference, node, path);
  const typed = path === undefined ? inference.infer(receiver) : inference.infer(path);
  if (path !== undefined && needsSelect(path.steps) && fn.name !== "remove") {
    inference.fail(
      node.name,
      `${fn.name}() works on one place; with wildcards and several places go modify() and remove()`,
    );
  }
  inferArguments(inference, node);
  const whole = wholeOf(node);
  if (whole !== 0) {
    if (path !== undefined && isSeveral(path)) {
      inference.fail(node.name, `${fn.name}() works on one container; the path leads to several elements`);
    }
    inference.demand(receiver, typed, whole, `${fn.name}() works on a ${setName(whole)}`, node.name);
  } else if (path === undefined) {
    const hint = fn.name === "add" ? `Write ${inference.source(receiver)} + …` : undefined;
    inference.fail(node.name, `${fn.name}() needs a step to the place that it changes`, hint);
  } else checkPlace(inference, node, path);
  return path === undefined ? typed : path.base.typed!;
}

/** What a verb works on as a whole; 0 for those that take the last step as the place. */
export function wholeOf({ fn, args }: MethodNode): number {
  switch (fn.name) {
    case "append":
    case "appendItems":
    case "sort":
      return LIST;
    case "putItems":
    case "updateItems":
      return MAP;
    case "clear":
      return CONTAINER;
    case "insertItems":
      return (args[0]?.typed?.set ?? 0) === MAP ? MAP : 0;
    default:
      return 0;
  }
}

/** Which last steps a verb can change. */
function checkPlace(inference: Inference, node: MethodNode, path: PathNode): void {
  const { fn } = node;
  const last = path.steps.at(-1)!;
  if (fn.name === "remove") return;
  const takes = fn.name === "insertItems" ? ["index"] : fn.name === "update" ? ["key"] : ["index", "key"];
  const fits = takes.includes(last.kind) && !(last.kind === "index" && last.on === "map");
  if (fits) return;
  const words = takes.map((kind) => (kind === "key" ? "a key of a map" : "an index of a list")).join(" or ");
  inference.fail(
    last,
    `${fn.name}() changes ${words}`,
    fn.name === "update" && last.kind === "index" ? "Write setTo(value)" : undefined,
  );
}

function inferModify(inference: Inference, node: MethodNode, path: PathNode | undefined): TypeVar {
  if (path === undefined) return inference.fail(node.name, "modify() needs a step to what it changes");
  walkPath(inference, path);
  path.typed = new TypeVar(ANY);
  const element = new TypeVar(ANY);
  inference.pin(path, element, path.steps.at(-1)!.pins);
  inference.inElement(new TypeVar(KEY), element, () => inference.infer(node.args[0]!));
  return path.base.typed!;
}
