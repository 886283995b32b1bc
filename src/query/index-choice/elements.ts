import { INVERTED, MapReturnType } from "../../../protocol/cdt/flags.js";
import { isSingle, type SelectorKind } from "../../../protocol/cdt/operations.js";
import { literalValue } from "../../../protocol/exp/literal.js";
import type { CallNode, ExpNode } from "../../../protocol/exp/node.js";
import { ExpOp } from "../../../protocol/exp/op-code.js";
import { EXACT_VALUES, type ExactValue, exactValuesOf, isExactValue } from "./exact-values.js";
import { collectionOf, type IndexSource, readOf, type SelectingRead } from "./index-source.js";
import { foldInteger, integersOf, membership } from "./integers.js";
import { ALL, has, type IntervalSet, interval, isAll, NONE, union } from "./interval-set.js";
import { comparisons, type Lattice, solve } from "./solve.js";

// What some element of a list, key of a map or value of a map must be. Two conditions on elements may be fulfilled by
// two different ones, so they do not narrow each other: each is a way of its own to narrow the records.

export type Elements = "list" | "mapKeys" | "mapValues";

/** Some element is in the set: integers, or a few strings or blobs. */
export interface Contained {
  readonly integers: IntervalSet;
  readonly points: readonly ExactValue[];
}

/** Every one of these holds; none when nothing is known. `never`: the condition can't be true. */
export type Containment = readonly Contained[] | "never";

const CONTAINMENT: Lattice<Containment> = {
  all: [],
  none: "never",
  both: (a, b) => (a === "never" || b === "never" ? "never" : [...a, ...b]),
  either: (a, b) => {
    if (a === "never") return b;
    if (b === "never") return a;
    const [first] = a;
    const [second] = b;
    if (first === undefined || second === undefined) return [];
    const points = EXACT_VALUES.either(first.points, second.points) ?? [];
    return [{ integers: union(first.integers, second.integers), points }];
  },
};

/** Ways in which a condition needs some element to be one of a few. */
export function elementsOf(condition: ExpNode, source: IndexSource, elements: Elements): Containment {
  return solve(condition, true, CONTAINMENT, (node, want) => leafElements(node, want, source, elements));
}

function leafElements(node: ExpNode, want: boolean, source: IndexSource, elements: Elements): Containment {
  const found: Contained[] = [];
  if (want) {
    const direct = containedBy(node, MapReturnType.EXISTS, source, elements);
    if (direct !== undefined) return [direct];
    if (node.kind === "op" && node.code === ExpOp.IN_LIST) return inList(node.args, source, elements);
  }
  for (const { op, left, right } of comparisons(node, want)) {
    const counted = isCountPositive(node, want, left, right)
      ? containedBy(left, MapReturnType.COUNT, source, elements)
      : undefined;
    if (counted !== undefined) found.push(counted);
    if (right.kind === "const" || foldInteger(right) !== undefined)
      found.push(...read(node, want, op, left, source, elements));
  }
  const member = want ? membership(node) : undefined;
  if (member !== undefined) found.push(...read(node, want, ExpOp.EQ, member.value, source, elements));
  return found;
}

function inList(args: readonly ExpNode[], source: IndexSource, elements: Elements): Containment {
  const [value, list] = args;
  if (value?.kind !== "const" || list === undefined || !isCollection(list, source, elements)) return [];
  const contained = valuesOf([value.value]);
  return contained === undefined ? [] : [contained];
}

function isCollection(target: ExpNode, source: IndexSource, elements: Elements): boolean {
  const collection = collectionOf(target);
  return (elements === "list" && source.is(target)) || (collection.elements === elements && source.is(collection.of));
}

/** Whether a comparison with a count needs at least one to be counted. */
function isCountPositive(node: ExpNode, want: boolean, count: ExpNode, bound: ExpNode): boolean {
  if (foldInteger(bound) === undefined) return false;
  const counts = integersOf(node, want, (other) => other === count);
  return !has(counts, 0n);
}

type Shape = "one" | "several" | "interval";

/** What selectors look at, and the shape of their parameters; places say nothing about elements. */
const SELECTS: Readonly<Partial<Record<SelectorKind, readonly [part: "keys" | "values", shape: Shape]>>> = {
  key: ["keys", "one"],
  keyList: ["keys", "several"],
  keyRange: ["keys", "interval"],
  firstValue: ["values", "one"],
  value: ["values", "one"],
  valueList: ["values", "several"],
  valueRange: ["values", "interval"],
};

function elementsIn({ on, selects }: SelectingRead): readonly [Elements, Shape] | undefined {
  const [part, shape] = SELECTS[selects] ?? [];
  if (part === undefined || shape === undefined) return undefined;
  if (on === "list") return ["list", shape];
  return [part === "keys" ? "mapKeys" : "mapValues", shape];
}

/** What a call that counts or finds elements looks for, if it looks at those of the index. */
function containedBy(node: ExpNode, returns: number, source: IndexSource, elements: Elements): Contained | undefined {
  const operation = readOf(node);
  if (node.kind !== "call" || operation === undefined) return undefined;
  const [selected, shape] = elementsIn(operation) ?? [];
  const [returnType, first, second] = node.params;
  if (selected === undefined || shape === undefined || first === undefined || !isPlain(returnType, returns))
    return undefined;
  if (!isOver(node, selected, source, elements)) return undefined;
  if (shape === "interval") return valuesBetween(first, second);
  if (first.kind !== "const") return undefined;
  const value = first.type === "list" ? literalValue(first.value) : first.value;
  if (shape === "one") return first.type === "list" ? undefined : valuesOf([value]);
  return Array.isArray(value) ? valuesOf(value) : undefined;
}

/** Whether a call looks at the elements that the index has: `in $.m.mapKeys()` looks at keys through a list. */
function isOver(node: CallNode, selected: Elements, source: IndexSource, elements: Elements): boolean {
  if (selected === elements && source.isTargetOf(node)) return true;
  if (selected !== "list" || node.path.length > 0) return false;
  const collection = collectionOf(node.target);
  return collection.elements === elements && source.is(collection.of);
}

function isPlain(returnType: ExpNode | undefined, returns: number): boolean {
  return returnType?.kind === "const" && (Number(returnType.value) & INVERTED) === 0 && returnType.value === returns;
}

/** All values together as a set; undefined when one is of a type that no index has. */
function valuesOf(values: readonly unknown[]): Contained | undefined {
  const integers: IntervalSet[] = [];
  const points: ExactValue[] = [];
  for (const value of values) {
    if (typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value))) {
      integers.push(interval(BigInt(value), BigInt(value)));
    } else if (isExactValue(value)) points.push(value);
    else return undefined;
  }
  return { integers: union(...integers), points };
}

/** An interval with an integer at either end has integers alone in it. */
function valuesBetween(begin: ExpNode, end: ExpNode | undefined): Contained | undefined {
  const low = foldInteger(begin);
  const high = end === undefined ? undefined : foldInteger(end);
  return low === undefined || high === undefined ? undefined : { integers: interval(low, high - 1n), points: [] };
}

/** `$.m.k == 5`: the map has the key k, and the value 5; `$.l.[0] == 5`: the list has the element 5. */
function read(
  node: ExpNode,
  want: boolean,
  op: number,
  left: ExpNode,
  source: IndexSource,
  elements: Elements,
): Contained[] {
  const call = findRead(left, source);
  const operation = call && readOf(call);
  if (call === undefined || operation === undefined) return [];
  if (elements === "mapKeys") {
    const [, key] = call.params;
    const contained = operation.selects === "key" && key?.kind === "const" ? valuesOf([key.value]) : undefined;
    return contained === undefined ? [] : [contained];
  }
  if (operation.on !== (elements === "list" ? "list" : "map")) return [];
  const isCall = (other: ExpNode): boolean => other === call;
  const points = left === call && op === ExpOp.EQ ? exactValuesOf(node, want, isCall) : undefined;
  if (points !== undefined && points.length > 0) return [{ integers: NONE, points }];
  const integers = call.type === "int" ? integersOf(node, want, isCall) : ALL;
  return isAll(integers) ? [] : [{ integers, points: [] }];
}

/** The read of an element of the source that a comparison looks at, perhaps below arithmetic. */
function findRead(node: ExpNode, source: IndexSource): CallNode | undefined {
  if (node.kind === "op") {
    for (const arg of node.args) {
      const found = findRead(arg, source);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const operation = readOf(node);
  if (node.kind !== "call" || operation === undefined || !isSingle(operation.selects)) return undefined;
  return isPlain(node.params[0], MapReturnType.VALUE) && source.isTargetOf(node) ? node : undefined;
}
