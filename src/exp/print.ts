import { operationOf } from "../../protocol/cdt/operations.js";
import type { ExpKind } from "../../protocol/exp/exp-type.js";
import { type CallNode, type CondNode, childrenOf, type ExpNode, type LetNode } from "../../protocol/exp/node.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { printConstant } from "./print-constant.js";
import { printFunctionCall } from "./print-function.js";
import { isArithmetic, negatedBy, printOp } from "./print-op.js";
import { printCall, printSelect } from "./print-path.js";
import { printRegex } from "./print-regex.js";
import { printChange, printWrite } from "./print-write.js";
import { binName, code, operand, Precedence, type Printed, type Printer, parenthesized, typed } from "./printed.js";

/** An expression as text. */
export function printNode(node: ExpNode): string {
  return new TextPrinter(readInSeveralTypes(node)).print(node, undefined).text;
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

class TextPrinter implements Printer {
  /** Bins that are read in several types: each mention says its own. */
  readonly #locals: ReadonlySet<string>;

  constructor(locals: ReadonlySet<string>) {
    this.#locals = locals;
  }

  print(node: ExpNode, known: ExpKind | undefined): Printed {
    switch (node.kind) {
      case "const": {
        const text = printConstant(node);
        return text === undefined
          ? code(node)
          : { text, precedence: text.startsWith("-") ? Precedence.UNARY : Precedence.OPERAND };
      }
      case "bin":
        // There is no word for the type of nothing.
        if (node.type === "nil") return code(node);
        return this.#locals.has(node.name)
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
        if (node.type === "nil") return code(node);
        return typed(node.part === "value" ? "@" : `@${node.part}`, node.type, node.part === "index" ? "int" : known);
      case "op":
        return printOp(this, node, known);
      case "regex":
        return printRegex(this, node);
      case "cond":
        return this.#cond(node, known);
      case "let":
        return this.#let(node, known);
      case "call":
        return this.#call(node, known) ?? code(node);
      case "select":
        return printSelect(this, node) ?? printChange(this, node) ?? code(node);
      case "text":
        return { text: node.text, precedence: Precedence.OR };
      case "special":
      case "binExists":
        return code(node);
    }
  }

  isOpen(node: ExpNode): boolean {
    switch (node.kind) {
      case "bin":
      case "key":
        return true;
      case "loopVar":
        return node.part !== "index";
      case "call":
        // It prints its type exactly where the place does not give it.
        return this.#call(node, node.type)?.text !== this.#call(node, undefined)?.text;
      case "op": {
        const negated = node.code === ExpOp.SUB ? negatedBy(node.args) : undefined;
        return negated === undefined
          ? isArithmetic(node.code) && node.args.every((arg) => this.isOpen(arg))
          : this.isOpen(negated);
      }
      case "cond":
        return values(node).every((value) => this.isOpen(value));
      case "let":
        return this.isOpen(node.body);
      default:
        return false;
    }
  }

  /** Literals stand in parentheses: a number has functions of its own, others have none. */
  receiver(target: ExpNode, known: ExpKind | undefined): string {
    const printed = this.print(target, known);
    const isOpenEnded =
      target.kind === "bin" || target.kind === "call" || target.kind === "select" || target.kind === "op";
    const isBare = isOpenEnded || (target.kind === "const" && target.type === "blob");
    const needsParentheses = !isBare || /^\$\.\w+\(\)|^Exp\./.test(printed.text);
    return needsParentheses ? `(${printed.text})` : parenthesized(Precedence.OPERAND, printed);
  }

  #call(node: CallNode, known: ExpKind | undefined): Printed | undefined {
    const operation = operationOf(node.system, node.code);
    if (operation === undefined || operation.modifies !== node.modify) return undefined;
    if (node.system !== "cdt") return printFunctionCall(this, node);
    return node.modify ? printWrite(this, node, operation) : printCall(this, node, known);
  }

  #cond(node: CondNode, known: ExpKind | undefined): Printed {
    let type = values(node).find((value) => !this.isOpen(value))?.type ?? known;
    const parts = node.parts.map((part, i) => {
      const isLast = i === node.parts.length - 1;
      if (i % 2 === 0 && !isLast) return `${this.print(part, "bool").text} => `;
      const { text } = this.print(part, type);
      if (!isUnknown(part)) type = part.type ?? type;
      return isLast ? `default => ${text}` : `${text}, `;
    });
    return operand(`when (${parts.join("")})`);
  }

  #let(node: LetNode, known: ExpKind | undefined): Printed {
    const definitions = node.definitions.map(({ name, value }) => `${name} = ${this.print(value, undefined).text}`);
    return operand(`let (${definitions.join(", ")}) then (${this.print(node.body, known).text})`);
  }
}

function values(node: CondNode): readonly ExpNode[] {
  return node.parts.filter((part, i) => (i % 2 === 1 || i === node.parts.length - 1) && !isUnknown(part));
}

function isUnknown(node: ExpNode): boolean {
  return node.kind === "op" && node.code === ExpOp.UNKNOWN;
}
