import type { FunctionInfo, Slot } from "../../ael/functions.js";
import { functionOf } from "../../ael/functions.js";
import { portableRegex } from "../../ael/portable-regex.js";
import { single } from "../../ael/type-set.js";
import { BitWriteFlags } from "../../protocol/cdt/flags.js";
import { StringOp } from "../../protocol/cdt/operations.js";
import { literalValue } from "../../protocol/exp/literal.js";
import type { CallNode, ExpNode } from "../../protocol/exp/node.js";
import { quote } from "./print-constant.js";
import { printBase } from "./print-path.js";
import { operand, Precedence, type Printed, type Printer, parenthesized } from "./printed.js";

// Functions of strings, blobs and sketches, those that change them included.

/** Those of sketches have the same bits. */
const FLAGS = Object.entries(BitWriteFlags);
const ALL_FLAGS = FLAGS.reduce((sum, [, bit]) => sum | bit, 0);
const REGEX_GLOBAL = 16;
/** Stands for a number of bits that is not given. */
const NOT_GIVEN = -1;

/** Undefined for what the language can't say. */
export function printFunctionCall(printer: Printer, node: CallNode): Printed | undefined {
  if (node.system === "cdt") return undefined;
  if (node.system === "string") return printString(printer, node);
  const fn = functionOf(node.system, node.code);
  if (fn === undefined || fn.modify !== node.modify || node.path.length > 0) return undefined;
  if (node.system === "hll" && node.modify && node.target.kind !== "bin") return undefined;
  const target = receiverOf(printer, node);
  const { params } = node;
  let given: readonly (ExpNode | undefined)[] = params;
  let flags = 0;
  let signed = "";
  if (node.system === "bits") {
    const count = fn.slots.filter(({ name }) => name !== "signed").length;
    const rest = params.slice(count).map(constantInt);
    given = params.slice(0, count);
    if (given.length < count) return undefined;
    const takesSign = fn.slots.length > count;
    if (rest.length > 0 && takesSign && !fn.modify) {
      if (rest[0] !== 1 || rest.length > 1) return undefined;
      signed = ", signed: true";
    } else if (rest.length > 0) {
      flags = rest[0] ?? 0;
      if (rest.length === 2 && takesSign && rest[1] === 1) signed = ", signed: true";
      else if (rest.length > 1 || flags === 0) return undefined;
    }
  } else {
    const { slots } = fn;
    if (params.length > slots.length) {
      flags = constantInt(params.at(-1)) ?? 0;
      if (params.length > slots.length + 1 || flags === 0) return undefined;
      given = params.slice(0, -1);
    }
    given = given.map((param) => (param !== undefined && constantInt(param) === NOT_GIVEN ? undefined : param));
    if (slots.some((slot, i) => !slot.optional && given[i] === undefined)) return undefined;
    // Servers take a list of sketches as well, and the language one.
    if (fn.name.startsWith("hllUnion") || fn.name === "hllIntersectCount" || fn.name === "hllSimilarity") {
      if (given[0]?.type !== "hll") return undefined;
    }
  }
  const properties = propertiesOf(fn, flags);
  if (properties === undefined) return undefined;
  return operand(`${target}.${fn.name}(${argumentsOf(printer, fn.slots, given)}${signed})${properties}`);
}

function propertiesOf(fn: FunctionInfo, flags: number): string | undefined {
  const names = FLAGS.filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name);
  return (flags & ~ALL_FLAGS) !== 0 || names.some((name) => !fn.properties.includes(name))
    ? undefined
    : names.map((name) => `:${name}`).join("");
}

function argumentsOf(printer: Printer, slots: readonly Slot[], given: readonly (ExpNode | undefined)[]): string {
  const parts = given.map((param, i) => {
    const slot = slots[i];
    if (param === undefined || slot === undefined) return "";
    const { text } = printer.print(param, single(slot.types) ?? param.type);
    return slot.positional ? text : `${slot.name}: ${text}`;
  });
  return parts.filter((part) => part !== "").join(", ");
}

/** A path in parentheses is a value: what a function would do to a place in it is something else. */
function receiverOf(printer: Printer, { target, system }: CallNode): string {
  const known = system === "bits" ? "blob" : system === "hll" ? "hll" : "string";
  if (target.kind === "bin") return printer.receiver(target, known);
  const { text, precedence } = printer.print(target, known);
  const isChain = target.kind === "call" && target.system === system && target.path.length === 0;
  return isChain && precedence === Precedence.OPERAND && text.startsWith("$") ? text : `(${text})`;
}

function printString(printer: Printer, node: CallNode): Printed | undefined {
  const { params, path, target } = node;
  if (path.length === 0) {
    const unnamed = printUnnamed(printer, node);
    if (unnamed !== undefined) return unnamed;
  }
  const fn = functionOf("string", node.code);
  if (fn === undefined || fn.modify !== node.modify) return undefined;
  const base = path.length === 0 ? receiverOf(printer, node) : printBase(printer, target, path, "map");
  if (base === undefined) return undefined;
  const texts = fn.name === "replace" || fn.name === "replaceAll" || fn.name === "regexReplace";
  const taken = fn.name === "regexReplace" ? 2 : texts ? 1 : fn.slots.length;
  const flags = params.length > taken ? constantInt(params[taken]) : 0;
  if (flags === undefined || params.length > taken + 1) return undefined;
  if ((flags !== 0) !== params.length > taken || (flags !== 0 && (path.length === 0 || flags !== 4))) return undefined;
  if ((node.noFailPath === true) !== (flags !== 0 && path.length > 1)) return undefined;
  const property = flags === 0 ? "" : ":NO_FAIL";
  if (texts) {
    const pair = params[0]?.kind === "const" ? literalValue(params[0].value) : undefined;
    if (!Array.isArray(pair) || pair.length !== 2 || pair.some((each) => typeof each !== "string")) return undefined;
    const [find, by] = pair.map(String);
    let first = `find: ${quote(find!)}`;
    if (fn.name === "regexReplace") {
      const regexFlags = constantInt(params[1]);
      if (regexFlags === undefined || (regexFlags & REGEX_GLOBAL) === 0) return undefined;
      const literal = regexLiteral(find!, regexFlags & ~REGEX_GLOBAL);
      if (literal === undefined) return undefined;
      first = `pattern: ${literal}`;
    }
    return operand(`${base}.${fn.name}(${first}, replace: ${quote(by!)})${property}`);
  }
  const given = params.slice(0, taken);
  if (fn.slots.some((slot, i) => !slot.optional && given[i] === undefined)) return undefined;
  return operand(`${base}.${fn.name}(${argumentsOf(printer, fn.slots, given)})${property}`);
}

/** Operations that the language has operators for, or functions of another kind. */
function printUnnamed(printer: Printer, node: CallNode): Printed | undefined {
  const { code, params, target } = node;
  const [first] = params;
  switch (code) {
    case StringOp.APPEND.code: {
      if (params.length !== 1 || first === undefined || !node.modify) return undefined;
      const left = parenthesized(Precedence.SUM, printer.print(target, "string"));
      const right = parenthesized(Precedence.PRODUCT, printer.print(first, "string"));
      // One of both says that they are strings.
      const isSaid = !printer.isOpen(target) || !printer.isOpen(first);
      const text = isSaid ? left : parenthesized(Precedence.SUM, printer.print(target, undefined));
      return { text: `${text} + ${right}`, precedence: Precedence.SUM };
    }
    case StringOp.TO_INTEGER.code:
    case StringOp.TO_DOUBLE.code:
      if (params.length > 0) return undefined;
      return operand(
        `(${printer.print(target, undefined).text}).${code === StringOp.TO_INTEGER.code ? "toInt" : "toFloat"}()`,
      );
    case StringOp.REGEX_COMPARE.code: {
      if (first?.kind !== "const" || params.length > 2) return undefined;
      const flags = params.length === 1 ? 0 : constantInt(params[1]);
      if (flags === undefined || (params.length === 2 && flags === 0)) return undefined;
      const pattern = String(first.value);
      const literal = regexLiteral(pattern, flags);
      // Others are compiled for every server.
      if (literal === undefined || !("why" in portableRegex(pattern, flags))) return undefined;
      const left = parenthesized(Precedence.BIT_OR, printer.print(target, "string"));
      return { text: `${left} =~ ${literal}`, precedence: Precedence.COMPARISON };
    }
    default:
      return undefined;
  }
}

/** Between slashes as it stands; undefined for a pattern that can't stand there. */
function regexLiteral(pattern: string, flags: number): string | undefined {
  if (flags > 7 || pattern === "" || /[\n\r]|(?<!\\)(?:\\\\)*\/|\\$/.test(pattern)) return undefined;
  const letters = `${(flags & 1) === 0 ? "" : "i"}${(flags & 2) === 0 ? "" : "m"}${(flags & 4) === 0 ? "" : "s"}`;
  return `/${pattern}/${letters}`;
}

function constantInt(node: ExpNode | undefined): number | undefined {
  return node?.kind === "const" && node.type === "int" && typeof node.value === "number" ? node.value : undefined;
}
