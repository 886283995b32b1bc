import type { ExpType } from "../../protocol/exp/exp-type.js";
import { AelParseError } from "./ael-parse-error.js";
import type { AelNode, BinaryNode, FunctionNode, LetAelNode, LogicNode, RegexMatchNode, WhenNode } from "./ast.js";
import { describeOrigin, typeName } from "./describe.js";
import { inferComparison, inferIn, inferNullTest } from "./infer-comparison.js";
import { inferPath } from "./infer-path.js";
import { isNumber, Slot } from "./slot.js";

/** Types of the values that placeholders stand for, and the one type of a list's elements. */
export interface ParamTypes {
  typeOf(index: number): ExpType | undefined;
  /** The common type of a list parameter's elements; undefined for none. Throws a sentence when they differ. */
  elementOf(index: number): ExpType | undefined;
}

const METADATA_TYPES: Readonly<Record<string, ExpType>> = { setName: "string", keyExists: "bool", isTombstone: "bool" };

const NO_VARIABLES: ReadonlyMap<string, Slot> = new Map();

/**
 * Finds the type of everything. Every node gets a slot; things that meet share one, and when all is read the slots say
 * which type each bin, element and variable has.
 */
export class Inference {
  readonly text: string;
  readonly params: ParamTypes;
  /** Variables by name; a new map for each scope, as few expressions have any. */
  #variables: ReadonlyMap<string, Slot> = NO_VARIABLES;
  /** How many path filters are around the current node. */
  filters = 0;

  constructor(text: string, params: ParamTypes) {
    this.text = text;
    this.params = params;
  }

  infer(node: AelNode): Slot {
    const slot = this.#infer(node);
    node.slot = slot;
    return slot;
  }

  #infer(node: AelNode): Slot {
    switch (node.kind) {
      case "literal":
        return new Slot(node.type, node, node.type === "int");
      case "list":
        for (const item of node.items) this.infer(item);
        return new Slot("list", node);
      case "map":
        for (const entry of node.entries) for (const part of entry) this.infer(part);
        return new Slot("map", node);
      case "placeholder": {
        const type = this.params.typeOf(node.index);
        return new Slot(type, node, type === "int");
      }
      case "variable": {
        this.refuseInFilter(node, "A variable");
        const found = this.#variables.get(node.name);
        if (found === undefined) {
          const defined = [...this.#variables.keys()].map((name) => `\${${name}}`).join(", ");
          this.fail(
            node,
            `The variable \${${node.name}} is not defined`,
            defined === "" ? undefined : `one of ${defined}`,
          );
        }
        return found;
      }
      case "metadata":
        this.refuseInFilter(node, "Metadata");
        if (node.name === "key") return new Slot(undefined, node);
        return new Slot(METADATA_TYPES[node.name] ?? "int", node);
      case "path":
        return inferPath(this, node);
      case "unary":
        return this.#unary(node.op, node.operand, node);
      case "binary":
        return this.#binary(node);
      case "logic":
        return this.#logic(node);
      case "between":
        inferComparison(this, node.subject, this.infer(node.subject), node.low, this.infer(node.low));
        inferComparison(this, node.subject, node.subject.slot!, node.high, this.infer(node.high));
        return new Slot("bool", node);
      case "regex":
        return this.#regex(node);
      case "function":
        return this.#function(node);
      case "let":
        return this.#let(node);
      case "when":
        return this.#when(node);
      case "unknown":
        // As a value of when() it goes with any type, see there.
        return new Slot("bool", node);
    }
  }

  #unary(op: "-" | "~" | "not", operand: AelNode, node: AelNode): Slot {
    const slot = this.infer(operand);
    if (op === "not") {
      this.require(operand, slot, "bool", "not() takes a condition");
      return new Slot("bool", node);
    }
    if (op === "~") {
      this.require(operand, slot, "int", '"~" works on integers');
      return new Slot("int", node);
    }
    return this.#number(operand, slot);
  }

  #binary(node: BinaryNode): Slot {
    const { op, left, right } = node;
    switch (op) {
      case "==":
      case "!=":
        if (isNull(left) || isNull(right)) {
          inferNullTest(this, node, isNull(left) ? right : left);
          return new Slot("bool", node);
        }
        inferComparison(this, left, this.infer(left), right, this.infer(right));
        return new Slot("bool", node);
      case ">":
      case ">=":
      case "<":
      case "<=":
        inferComparison(this, left, this.infer(left), right, this.infer(right));
        return new Slot("bool", node);
      case "in":
        inferIn(this, node);
        return new Slot("bool", node);
      case "+":
      case "-":
      case "*":
      case "/":
        return this.arithmetic([left, right], node);
      case "**":
        this.#float(left);
        this.#float(right);
        return new Slot("float", node);
      default:
        // %, bits and shifts.
        this.require(left, this.infer(left), "int", `"${op}" works on integers`);
        this.require(right, this.infer(right), "int", `"${op}" works on integers`);
        return new Slot("int", node);
    }
  }

  /**
   * The type of a calculation. FLOAT when one operand is, for good: then all are, an INT that is one for good by
   * conversion. Else what is open stays so, to become what the result is compared with.
   */
  arithmetic(operands: readonly AelNode[], node: AelNode): Slot {
    const slots = operands.map((operand) => this.#number(operand, this.infer(operand)));
    const firm = (type: ExpType): Slot | undefined => slots.find((slot) => slot.root.type === type && !slot.root.soft);
    const integer = firm("int");
    let common: Slot;
    if (firm("float") !== undefined) common = new Slot("float", node);
    else if (integer === undefined) common = slots[0]!;
    else if (slots.some((slot) => slot.root.type === undefined)) common = new Slot("int", integer.root.origin, true);
    else return integer.root;
    for (const slot of slots) if (slot.root.soft || slot.root.type !== "int") Slot.join(slot, common);
    return common;
  }

  #number(operand: AelNode, slot: Slot): Slot {
    const root = slot.root;
    if (root.type !== undefined && !isNumber(root.type)) {
      this.fail(
        operand,
        `Arithmetic requires numeric operands (INT or FLOAT); got non-numeric type ${typeName(root.type)}: ${describeOrigin(root, this.text)}`,
      );
    }
    root.numeric = true;
    return root;
  }

  /** The operand becomes FLOAT, by conversion if it is INT for good. */
  #float(operand: AelNode): void {
    Slot.join(this.#number(operand, this.infer(operand)), new Slot("float", operand));
  }

  #logic(node: LogicNode): Slot {
    for (const arg of node.args) this.require(arg, this.infer(arg), "bool", `"${node.op}" joins conditions`);
    return new Slot("bool", node);
  }

  #regex(node: RegexMatchNode): Slot {
    this.require(node.subject, this.infer(node.subject), "string", "A regular expression is looked for in a string");
    if (typeof node.pattern !== "string") {
      this.require(node.pattern, this.infer(node.pattern), "string", "A pattern is a string");
    }
    return new Slot("bool", node);
  }

  #function(node: FunctionNode): Slot {
    const { name, args } = node;
    switch (name) {
      case "abs":
        return this.#number(args[0]!, this.infer(args[0]!));
      case "ceil":
      case "floor":
      case "log":
      case "pow":
        for (const arg of args) this.#float(arg);
        return new Slot("float", node);
      case "min":
      case "max":
        return this.arithmetic(args, node);
      case "geoJson":
        if (args[0]?.kind !== "literal" || args[0].type !== "string") {
          if (args[0]?.kind !== "placeholder") this.fail(node, "geoJson() requires a single string literal argument");
          this.require(args[0], this.infer(args[0]), "string", "geoJson() takes a string");
        } else this.infer(args[0]);
        return new Slot("geo", node);
      case "geoCompare":
        for (const arg of args) {
          const slot = this.infer(arg);
          if (Slot.join(slot, new Slot("geo", node)) !== "joined") {
            this.fail(arg, `geoCompare() requires two GEO-typed arguments: ${describeOrigin(slot.root, this.text)}`);
          }
        }
        return new Slot("bool", node);
      default: {
        // countOneBits, findBitLeft, findBitRight.
        const [value, search] = args;
        this.require(value!, this.infer(value!), "int", `${name}() looks at the bits of an integer`);
        if (search !== undefined) this.require(search, this.infer(search), "bool", `${name}() looks for true or false`);
        return new Slot("int", node);
      }
    }
  }

  #let(node: LetAelNode): Slot {
    const outer = this.#variables;
    for (const { name, at, value } of node.definitions) {
      if (this.#variables.has(name)) {
        this.fail({ at, end: at + name.length }, `The variable ${name} is defined already, here or further out`);
      }
      const slot = this.infer(value);
      this.#variables = new Map(this.#variables).set(name, slot);
    }
    const slot = this.infer(node.body);
    this.#variables = outer;
    return slot;
  }

  #when(node: WhenNode): Slot {
    let common: Slot | undefined;
    for (const [condition] of node.cases) {
      this.require(condition, this.infer(condition), "bool", "when() takes conditions before =>");
    }
    for (const value of [...node.cases.map((one) => one[1]), node.otherwise]) {
      const slot = this.infer(value);
      if (value.kind === "unknown") continue;
      if (common === undefined) common = slot;
      else {
        const joined = Slot.join(common, slot);
        if (joined === "convert") common = new Slot("float", node);
        else if (joined === "mismatch") {
          this.fail(
            value,
            `All values of when() must be of one type: ${describeOrigin(common.root, this.text)}; ${describeOrigin(slot.root, this.text)}`,
          );
        }
      }
    }
    return common ?? new Slot(undefined, node);
  }

  /** The node must be of this type, or is made to be; an INT beside FLOAT is converted. */
  require(node: AelNode, slot: Slot, type: ExpType, why: string): void {
    const joined = Slot.join(slot, new Slot(type));
    if (joined === "joined" || (joined === "convert" && type === "float")) return;
    const { root } = slot;
    const is = root.type === undefined ? "INT or FLOAT" : typeName(root.type);
    this.fail(node, `${why}; this is ${is}: ${describeOrigin(root, this.text)}`, typeName(type));
  }

  /** Servers know only the element at hand while they look at each: everything else is unknown there. */
  refuseInFilter(node: AelNode, what: string): void {
    if (this.filters === 0) return;
    this.fail(node, `${what} is not known inside a path's filter`, "@, @key, @index or what lies below them");
  }

  fail(
    where: { readonly at: number; readonly end: number },
    problem: string,
    expected?: string,
    suggestion?: string,
  ): never {
    throw new AelParseError(this.text, { problem, at: where.at, end: where.end, expected, suggestion });
  }
}

function isNull(node: AelNode): boolean {
  return node.kind === "literal" && node.type === "nil";
}
