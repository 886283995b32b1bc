import type { ExpType } from "../../protocol/exp/exp-type.js";
import { AelParseError } from "./ael-parse-error.js";
import type { AelNode, BinaryNode, FunctionNode, LetAelNode, LogicNode, RegexMatchNode, WhenNode } from "./ast.js";
import { describeOrigin, typeName } from "./describe.js";
import { inferComparison, inferIn, inferNullTest } from "./infer-comparison.js";
import { inferPath } from "./infer-path.js";
import { isNumber, TypeVariable } from "./type-variable.js";

/** Types of the values that placeholders stand for, and the one type of a list's elements. */
export interface ParamTypes {
  typeOf(index: number): ExpType | undefined;
  /** The common type of a list parameter's elements; undefined for none. Throws a sentence when they differ. */
  elementOf(index: number): ExpType | undefined;
}

const METADATA_TYPES: Readonly<Record<string, ExpType>> = { setName: "string", keyExists: "bool", isTombstone: "bool" };

const NO_VARIABLES: ReadonlyMap<string, TypeVariable> = new Map();

/**
 * Finds the type of everything. Every node gets a type variable; things that meet share one, and when all is read these
 * say which type each bin, element and variable has.
 */
export class Inference {
  readonly text: string;
  readonly params: ParamTypes;
  /** Variables by name; a new map for each scope, as few expressions have any. */
  #variables: ReadonlyMap<string, TypeVariable> = NO_VARIABLES;
  /** How many path filters are around the current node. */
  filters = 0;

  constructor(text: string, params: ParamTypes) {
    this.text = text;
    this.params = params;
  }

  infer(node: AelNode): TypeVariable {
    const typeVariable = this.#infer(node);
    node.typeVariable = typeVariable;
    return typeVariable;
  }

  #infer(node: AelNode): TypeVariable {
    switch (node.kind) {
      case "literal":
        return new TypeVariable(node.type, node, node.type === "int");
      case "list":
        for (const item of node.items) this.infer(item);
        return new TypeVariable("list", node);
      case "map":
        for (const entry of node.entries) for (const part of entry) this.infer(part);
        return new TypeVariable("map", node);
      case "placeholder": {
        const type = this.params.typeOf(node.index);
        return new TypeVariable(type, node, type === "int");
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
        if (node.name === "key") return new TypeVariable(undefined, node);
        return new TypeVariable(METADATA_TYPES[node.name] ?? "int", node);
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
        inferComparison(this, node.subject, node.subject.typeVariable!, node.high, this.infer(node.high));
        return new TypeVariable("bool", node);
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
        return new TypeVariable("bool", node);
    }
  }

  #unary(op: "-" | "~" | "not", operand: AelNode, node: AelNode): TypeVariable {
    const typeVariable = this.infer(operand);
    if (op === "not") {
      this.require(operand, typeVariable, "bool", "not() takes a condition");
      return new TypeVariable("bool", node);
    }
    if (op === "~") {
      this.require(operand, typeVariable, "int", '"~" works on integers');
      return new TypeVariable("int", node);
    }
    return this.#number(operand, typeVariable);
  }

  #binary(node: BinaryNode): TypeVariable {
    const { op, left, right } = node;
    switch (op) {
      case "==":
      case "!=":
        if (isNull(left) || isNull(right)) {
          inferNullTest(this, node, isNull(left) ? right : left);
          return new TypeVariable("bool", node);
        }
        inferComparison(this, left, this.infer(left), right, this.infer(right));
        return new TypeVariable("bool", node);
      case ">":
      case ">=":
      case "<":
      case "<=":
        inferComparison(this, left, this.infer(left), right, this.infer(right));
        return new TypeVariable("bool", node);
      case "in":
        inferIn(this, node);
        return new TypeVariable("bool", node);
      case "+":
      case "-":
      case "*":
      case "/":
        return this.arithmetic([left, right], node);
      case "**":
        this.#float(left);
        this.#float(right);
        return new TypeVariable("float", node);
      default:
        // %, bits and shifts.
        this.require(left, this.infer(left), "int", `"${op}" works on integers`);
        this.require(right, this.infer(right), "int", `"${op}" works on integers`);
        return new TypeVariable("int", node);
    }
  }

  /**
   * The type of a calculation. FLOAT when one operand is, for good: then all are, an INT that is one for good by
   * conversion. Else what is open stays so, to become what the result is compared with.
   */
  arithmetic(operands: readonly AelNode[], node: AelNode): TypeVariable {
    const types = operands.map((operand) => this.#number(operand, this.infer(operand)));
    const firm = (type: ExpType): TypeVariable | undefined =>
      types.find((typeVariable) => typeVariable.root.type === type && !typeVariable.root.soft);
    const integer = firm("int");
    let common: TypeVariable;
    if (firm("float") !== undefined) common = new TypeVariable("float", node);
    else if (integer === undefined) common = types[0]!;
    else if (types.some((typeVariable) => typeVariable.root.type === undefined))
      common = new TypeVariable("int", integer.root.origin, true);
    else return integer.root;
    for (const typeVariable of types)
      if (typeVariable.root.soft || typeVariable.root.type !== "int") TypeVariable.unify(typeVariable, common);
    return common;
  }

  #number(operand: AelNode, typeVariable: TypeVariable): TypeVariable {
    const root = typeVariable.root;
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
    TypeVariable.unify(this.#number(operand, this.infer(operand)), new TypeVariable("float", operand));
  }

  #logic(node: LogicNode): TypeVariable {
    for (const arg of node.args) this.require(arg, this.infer(arg), "bool", `"${node.op}" joins conditions`);
    return new TypeVariable("bool", node);
  }

  #regex(node: RegexMatchNode): TypeVariable {
    this.require(node.subject, this.infer(node.subject), "string", "A regular expression is looked for in a string");
    if (typeof node.pattern !== "string") {
      this.require(node.pattern, this.infer(node.pattern), "string", "A pattern is a string");
    }
    return new TypeVariable("bool", node);
  }

  #function(node: FunctionNode): TypeVariable {
    const { name, args } = node;
    switch (name) {
      case "abs":
        return this.#number(args[0]!, this.infer(args[0]!));
      case "ceil":
      case "floor":
      case "log":
      case "pow":
        for (const arg of args) this.#float(arg);
        return new TypeVariable("float", node);
      case "min":
      case "max":
        return this.arithmetic(args, node);
      case "geoJson":
        if (args[0]?.kind !== "literal" || args[0].type !== "string") {
          if (args[0]?.kind !== "placeholder") this.fail(node, "geoJson() requires a single string literal argument");
          this.require(args[0], this.infer(args[0]), "string", "geoJson() takes a string");
        } else this.infer(args[0]);
        return new TypeVariable("geo", node);
      case "geoCompare":
        for (const arg of args) {
          const typeVariable = this.infer(arg);
          if (TypeVariable.unify(typeVariable, new TypeVariable("geo", node)) !== "unified") {
            this.fail(
              arg,
              `geoCompare() requires two GEO-typed arguments: ${describeOrigin(typeVariable.root, this.text)}`,
            );
          }
        }
        return new TypeVariable("bool", node);
      default: {
        // countOneBits, findBitLeft, findBitRight.
        const [value, search] = args;
        this.require(value!, this.infer(value!), "int", `${name}() looks at the bits of an integer`);
        if (search !== undefined) this.require(search, this.infer(search), "bool", `${name}() looks for true or false`);
        return new TypeVariable("int", node);
      }
    }
  }

  #let(node: LetAelNode): TypeVariable {
    const outer = this.#variables;
    for (const { name, at, value } of node.definitions) {
      if (this.#variables.has(name)) {
        this.fail({ at, end: at + name.length }, `The variable ${name} is defined already, here or further out`);
      }
      const typeVariable = this.infer(value);
      this.#variables = new Map(this.#variables).set(name, typeVariable);
    }
    const typeVariable = this.infer(node.body);
    this.#variables = outer;
    return typeVariable;
  }

  #when(node: WhenNode): TypeVariable {
    let common: TypeVariable | undefined;
    for (const [condition] of node.cases) {
      this.require(condition, this.infer(condition), "bool", "when() takes conditions before =>");
    }
    for (const value of [...node.cases.map((one) => one[1]), node.otherwise]) {
      const typeVariable = this.infer(value);
      if (value.kind === "unknown") continue;
      if (common === undefined) common = typeVariable;
      else {
        const joined = TypeVariable.unify(common, typeVariable);
        if (joined === "convert") common = new TypeVariable("float", node);
        else if (joined === "mismatch") {
          this.fail(
            value,
            `All values of when() must be of one type: ${describeOrigin(common.root, this.text)}; ${describeOrigin(typeVariable.root, this.text)}`,
          );
        }
      }
    }
    return common ?? new TypeVariable(undefined, node);
  }

  /** The node must be of this type, or is made to be; an INT beside FLOAT is converted. */
  require(node: AelNode, typeVariable: TypeVariable, type: ExpType, why: string): void {
    const joined = TypeVariable.unify(typeVariable, new TypeVariable(type));
    if (joined === "unified" || (joined === "convert" && type === "float")) return;
    const { root } = typeVariable;
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
