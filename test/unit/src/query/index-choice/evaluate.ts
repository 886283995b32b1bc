import { literalValue } from "../../../../../protocol/exp/literal.js";
import type { CallNode, ExpNode } from "../../../../../protocol/exp/node.js";

// A small evaluator of its own, for filters over integers, strings, lists and maps: what it does not know is unknown.

export type TestValue = bigint | number | string | boolean | readonly TestValue[] | ReadonlyMap<TestValue, TestValue>;
export type TestRecord = Readonly<Record<string, TestValue>>;
type Result = TestValue | undefined;

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);

export function matches(node: ExpNode, record: TestRecord): boolean {
  return evaluate(node, record) === true;
}

function evaluate(node: ExpNode, record: TestRecord): Result {
  switch (node.kind) {
    case "const":
      return node.type === "list"
        ? asTest(literalValue(node.value))
        : node.type === "float"
          ? Number(node.value)
          : asTest(node.value);
    case "bin": {
      const value = record[node.name];
      return value !== undefined && typeName(value) === node.type ? value : undefined;
    }
    case "op":
      return operation(node.code, node.args, record);
    case "call":
      return call(node, record);
    case "cond": {
      for (let i = 0; i + 1 < node.parts.length; i += 2) {
        const condition = evaluate(node.parts[i]!, record);
        if (condition === undefined) return undefined;
        if (condition === true) return evaluate(node.parts[i + 1]!, record);
      }
      return evaluate(node.parts.at(-1)!, record);
    }
    default:
      return undefined;
  }
}

function asTest(value: unknown): Result {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.flatMap((item) => asTest(item) ?? []);
  return typeof value === "bigint" || typeof value === "string" || typeof value === "boolean" ? value : undefined;
}

function typeName(value: TestValue): string {
  switch (typeof value) {
    case "bigint":
      return "int";
    case "number":
      return "float";
    case "boolean":
      return "bool";
    case "string":
      return "string";
    default:
      return Array.isArray(value) ? "list" : "map";
  }
}

function operation(code: number, args: readonly ExpNode[], record: TestRecord): Result {
  const values = args.map((arg) => evaluate(arg, record));
  if (code === 16) return values.includes(false) ? false : values.includes(undefined) ? undefined : true;
  if (code === 17) return values.includes(true) ? true : values.includes(undefined) ? undefined : false;
  if (values.includes(undefined)) return undefined;
  const [first, second] = values as [TestValue, TestValue];
  switch (code) {
    case 1:
      return first === second;
    case 2:
      return first !== second;
    case 3:
      return first > second;
    case 4:
      return first >= second;
    case 5:
      return first < second;
    case 6:
      return first <= second;
    case 9:
      return Array.isArray(second) && second.includes(first);
    case 18:
      return !first;
    case 19:
      return values.filter((value) => value === true).length === 1;
    case 31:
      return Number(first);
    case 101:
      return [...(first as ReadonlyMap<TestValue, TestValue>).keys()];
    case 102:
      return [...(first as ReadonlyMap<TestValue, TestValue>).values()];
    default:
      return values.every((value) => typeof value === "bigint") ? arithmetic(code, values as bigint[]) : undefined;
  }
}

function arithmetic(code: number, values: readonly bigint[]): Result {
  const [a = 0n, b] = values;
  const rest = values.slice(1);
  const product = wrap(rest.reduce((x, y) => x * y, 1n));
  switch (code) {
    case 20:
      return wrap(values.reduce((x, y) => x + y));
    case 21:
      return wrap(rest.length === 0 ? -a : rest.reduce((x, y) => x - y, a));
    case 22:
      return wrap(values.reduce((x, y) => x * y));
    case 23:
      if (b === undefined) return a === 0n ? undefined : 1n / a;
      return product === 0n ? undefined : wrap(a / product);
    case 26:
      return b === undefined || b === 0n ? undefined : a % b;
    case 27:
      return wrap(a < 0n ? -a : a);
    case 32:
      return values.reduce((x, y) => x & y);
    case 33:
      return values.reduce((x, y) => x | y);
    case 34:
      return values.reduce((x, y) => x ^ y);
    case 35:
      return ~a;
    case 36:
      return wrap(a << ((b ?? 0n) & 63n));
    case 37:
      return wrap(BigInt.asUintN(64, a) >> ((b ?? 0n) & 63n));
    case 38:
      return a >> ((b ?? 0n) & 63n);
    case 50:
      return values.reduce((x, y) => (x < y ? x : y));
    case 51:
      return values.reduce((x, y) => (x > y ? x : y));
    default:
      return undefined;
  }
}

const EXISTS = 13n;
const COUNT = 5n;
const VALUE = 7n;

/** Reads without a context: one element by index or key, or how many elements have one of some values. */
function call(node: CallNode, record: TestRecord): Result {
  const target = evaluate(node.target, record);
  const [returns, first, second] = node.params.map((param) => evaluate(param, record));
  if (target === undefined || first === undefined || node.path.length > 0) return undefined;
  if (Array.isArray(target)) {
    if (node.code === 19) return ofType(target.at(Number(first)), node.type);
    return counted(returns, target, selectorOf(node.code, 22, 23, 25, first, second));
  }
  if (!(target instanceof Map)) return undefined;
  if (node.code === 97 && returns === VALUE) return ofType(target.get(first), node.type);
  const keys = selectorOf(node.code, 97, 107, 103, first, second);
  if (keys !== undefined) return counted(returns, [...target.keys()], keys);
  return counted(returns, [...target.values()], selectorOf(node.code, 102, 108, 105, first, second));
}

function ofType(value: TestValue | undefined, type: string | undefined): Result {
  return value !== undefined && typeName(value) === type ? value : undefined;
}

type Selector = (value: TestValue) => boolean;

function selectorOf(
  code: number,
  one: number,
  several: number,
  between: number,
  first: TestValue,
  second: Result,
): Selector | undefined {
  if (code === one) return (value) => value === first;
  if (code === several) return (value) => Array.isArray(first) && first.includes(value);
  // Integers come before all else that is used here.
  if (code === between)
    return (value) => isAtLeast(value, first) && (second === undefined || !isAtLeast(value, second));
  return undefined;
}

function isAtLeast(value: TestValue, bound: TestValue): boolean {
  if (typeof value !== typeof bound) return typeof value === "string";
  return value >= bound;
}

function counted(returns: Result, values: readonly TestValue[], selector: Selector | undefined): Result {
  if (selector === undefined) return undefined;
  const count = values.filter(selector).length;
  return returns === EXISTS ? count > 0 : returns === COUNT ? BigInt(count) : undefined;
}
