import type { ExpKind } from "../../protocol/exp/exp-type.js";
import type { CondNode, ExpNode, LetNode } from "../../protocol/exp/node.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { printCode } from "./print-code.js";
import { printConstant, quote } from "./print-constant.js";
import { isArithmetic, negatedBy, printOp } from "./print-op.js";
import { printCall, printSelect } from "./print-path.js";
import { printRegex } from "./print-regex.js";
import { operand, Precedence, type Printed, parenthesized } from "./printed.js";

/** An expression as text. */
export function printNode(node: ExpNode): string {
  return print(node, "int").text;
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
      return typed(`$.${binName(node.name)}`, node.type, known);
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
  return operand(type === known || type === undefined ? path : `${path}.get(type: ${type.toUpperCase()})`);
}

export function binName(name: string): string {
  const isPlain = /^[A-Za-z0-9_@]+$/.test(name) && !/^\d+$/.test(name) && !/null/i.test(name);
  return isPlain ? name : quote(name);
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
  return target.kind === "const" ? `(${printed.text})` : parenthesized(Precedence.OPERAND, printed);
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
  const definitions = node.definitions.map(({ name, value }) => `${name} = ${print(value, "int").text}`);
  return operand(`let (${definitions.join(", ")}) then (${print(node.body, known).text})`);
}
