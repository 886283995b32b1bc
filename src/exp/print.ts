import { KEYWORDS } from "../../ael/token-cursor.js";
import type { ExpKind } from "../../protocol/exp/exp-type.js";
import { type CondNode, childrenOf, type ExpNode, type LetNode } from "../../protocol/exp/node.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { printCode } from "./print-code.js";
import { printConstant } from "./print-constant.js";
import { isArithmetic, negatedBy, printOp } from "./print-op.js";
import { printCall, printSelect } from "./print-path.js";
import { printRegex } from "./print-regex.js";
import { operand, Precedence, type Printed, parenthesized } from "./printed.js";

/** Bins of which one expression reads several types: each mention says its own. */
let locals: ReadonlySet<string> = new Set();

/** An expression as text. */
export function printNode(node: ExpNode): string {
  const outer = locals;
  locals = readInSeveralTypes(node);
  const { text } = print(node, undefined);
  locals = outer;
  return text;
}

function readInSeveralTypes(root: ExpNode): ReadonlySet<string> {
  const types = new Map<string, ExpKind>();
  const several = new Set<string>();
  const walk = (node: ExpNode): void => {
    if (node.kind === "bin") {
      if ((types.get(node.name) ?? node.type) !== node.type) several.add(node.name);
      types.set(node.name, node.type);
    }
    for (const child of childrenOf(node)) walk(child);
  };
  walk(root);
  return several;
}

/**
 * A node as text. `known` is the type that the place gives to something of open type (a bin, an element): when it is
 * of another, its type is written out.
 */
export function print(node: ExpNode, known: ExpKind | undefined): Printed {
  switch (node.kind) {
    case "const": {
      const text = printConstant(node);
      return text === undefined
        ? code(node)
        : { text, precedence: text.startsWith("-") ? Precedence.UNARY : Precedence.OPERAND };
    }
    case "bin":
      return locals.has(node.name)
        ? operand(`$.${binName(node.name)}:LOCAL:${node.type.toUpperCase()}`)
        : typed(`$.${binName(node.name)}`, node.type, known);
    case "binType":
      return operand(`$.${binName(node.name)}.type()`);
    case "key":
      return typed("$.key()", node.type, known);
    case "digestModulo":
      return operand(`$.digestModulo(${node.modulus})`);
    case "param":
      return operand(`?${node.index}`);
    case "var":
      return operand(`\${${node.name}}`);
    case "loopVar":
      return typed(node.part === "value" ? "@" : `@${node.part}`, node.type, node.part === "index" ? "int" : known);
    case "op":
      return printOp(node, known);
    case "regex":
      return printRegex(node);
    case "cond":
      return printCond(node, known);
    case "let":
      return printLet(node, known);
    case "call":
      return printCall(node, known) ?? code(node);
    case "select":
      return printSelect(node) ?? code(node);
    case "text":
      return { text: node.text, precedence: Precedence.OR };
    case "special":
    case "binExists":
      return code(node);
  }
}

/** What the text language can't say, as factories of Exp. */
export function code(node: ExpNode): Printed {
  return operand(printCode(node));
}

/** A path of open type, its type written out unless the place gives it. */
export function typed(path: string, type: ExpKind | undefined, known: ExpKind | undefined): Printed {
  return operand(type === known || type === undefined ? path : `${path}:${type.toUpperCase()}`);
}

export function binName(name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name) && !KEYWORDS.has(name)) return name;
  // Between the quotes of a bin's name a backslash is a character like others.
  return name.includes('"') ? `'${name}'` : `"${name}"`;
}

/** Whether text without a written type leaves the type of this open: the place decides. */
export function isOpen(node: ExpNode): boolean {
  switch (node.kind) {
    case "bin":
    case "key":
      return true;
    case "loopVar":
      return node.part !== "index";
    case "call":
      // It prints its type exactly where the place does not give it.
      return printCall(node, node.type)?.text !== printCall(node, undefined)?.text;
    case "op": {
      const negated = node.code === ExpOp.SUB ? negatedBy(node.args) : undefined;
      return negated === undefined ? isArithmetic(node.code) && node.args.every(isOpen) : isOpen(negated);
    }
    case "cond":
      return values(node).every(isOpen);
    case "let":
      return isOpen(node.body);
    default:
      return false;
  }
}

/** What a path function works on. Literals stand in parentheses: a number has functions of its own, others have none. */
export function receiver(target: ExpNode, known: ExpKind | undefined): string {
  const printed = print(target, known);
  const isOpenEnded =
    target.kind === "bin" || target.kind === "call" || target.kind === "select" || target.kind === "op";
  const isBare = isOpenEnded || (target.kind === "const" && target.type === "blob");
  const needsParentheses = !isBare || /^\$\.\w+\(\)|^Exp\./.test(printed.text);
  return needsParentheses ? `(${printed.text})` : parenthesized(Precedence.OPERAND, printed);
}

function values(node: CondNode): readonly ExpNode[] {
  return node.parts.filter((part, i) => (i % 2 === 1 || i === node.parts.length - 1) && !isUnknown(part));
}

function isUnknown(node: ExpNode): boolean {
  return node.kind === "op" && node.code === ExpOp.UNKNOWN;
}

function printCond(node: CondNode, known: ExpKind | undefined): Printed {
  let type = values(node).find((value) => !isOpen(value))?.type ?? known;
  const parts = node.parts.map((part, i) => {
    const isLast = i === node.parts.length - 1;
    if (i % 2 === 0 && !isLast) return `${print(part, "bool").text} => `;
    const { text } = print(part, type);
    if (!isUnknown(part)) type = part.type ?? type;
    return isLast ? `default => ${text}` : `${text}, `;
  });
  return operand(`when (${parts.join("")})`);
}

function printLet(node: LetNode, known: ExpKind | undefined): Printed {
  const definitions = node.definitions.map(({ name, value }) => `${name} = ${print(value, undefined).text}`);
  return operand(`let (${definitions.join(", ")}) then (${print(node.body, known).text})`);
}
