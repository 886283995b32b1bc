import type {
  AelNode,
  BinNode,
  CompareNode,
  FunctionNode,
  LetNode,
  NaryNode,
  Pin,
  PlaceholderNode,
  Span,
  WhenNode,
} from "./ast.js";
import { conflictHint, describeType, openMistake } from "./describe.js";
import { METADATA } from "./functions.js";
import { inferIn } from "./infer-in.js";
import { inferMethod } from "./infer-method.js";
import { inferNumberIn, inferNumbers, isNumberBin } from "./infer-number.js";
import { inferPath } from "./infer-path.js";
import { AelMistakeError } from "./mistake.js";
import { type AelParam, paramSet } from "./params.js";
import {
  ANY,
  BOOL,
  COMPARABLE,
  FLOAT,
  GEO,
  HLL,
  INT,
  KEY,
  LIST,
  MAP,
  NIL,
  NUMBER,
  STRING,
  setName,
  setOf,
  single,
} from "./type-set.js";
import { TypeVar } from "./type-var.js";

const NONE: ReadonlySet<string> = new Set();

/** Whether a parameter is null, which beside `==` asks whether something is missing. */
export function isNull(node: AelNode, params: readonly AelParam[]): boolean {
  return node.kind === "null" || (node.kind === "placeholder" && params[node.index] === null);
}

/**
 * Finds the type of everything, as server 8.2 does: each part has a set of possible types, and what meets shares what
 * both allow. All mentions of a bin share one type over the whole text, whatever the order. Nothing is converted.
 */
export class Inference {
  readonly text: string;
  readonly params: readonly AelParam[];
  readonly #bins = new Map<string, TypeVar>();
  readonly #doubles: ReadonlySet<string>;
  #variables: ReadonlyMap<string, TypeVar> | undefined;
  /** Types that become the one at their side where nothing else is said. */
  readonly #soft: { readonly typed: TypeVar; readonly set: number }[] = [];
  /** Of the element that a path's condition or change looks at; undefined outside of one. */
  element: { readonly value: TypeVar; readonly key: TypeVar } | undefined;

  /** @param doubles bins that are known to hold FLOAT */
  constructor(text: string, params: readonly AelParam[], doubles: ReadonlySet<string> = NONE) {
    this.text = text;
    this.params = params;
    this.#doubles = doubles;
  }

  /** To be called when all was inferred: what is still open becomes what it is by default. */
  finish(): void {
    for (const { typed, set } of this.#soft) if (typed.set !== set) typed.narrow(set, typed.root.origin);
  }

  infer(node: AelNode): TypeVar {
    const typed = this.#infer(node);
    node.typed = typed;
    return typed;
  }

  #infer(node: AelNode): TypeVar {
    switch (node.kind) {
      case "literal":
        return new TypeVar(setOf(node.of), { node, why: undefined });
      case "list":
        for (const item of node.items) if (item.kind !== "special") this.infer(item);
        return new TypeVar(LIST, { node, why: undefined });
      case "map":
        for (const [key, value] of node.entries) {
          this.infer(key);
          if (value.kind !== "special") this.infer(value);
        }
        return new TypeVar(MAP, { node, why: undefined });
      case "placeholder":
        return this.#placeholder(node);
      case "variable": {
        this.refuseInElement(node, "A variable");
        const found = this.#variables?.get(node.name);
        if (found === undefined) this.#unknownVariable(node, node.name);
        return found;
      }
      case "typeWord":
        return new TypeVar(INT, { node, why: undefined });
      case "metadata": {
        this.refuseInElement(node, "Metadata");
        if (node.name !== "key") return new TypeVar(METADATA.get(node.name)![1], { node, why: undefined });
        const typed = new TypeVar(KEY);
        this.pin(node, typed, node.pins);
        return typed;
      }
      case "bin":
        return this.bin(node);
      case "loop": {
        const { element } = this;
        const typed = node.part === "index" ? new TypeVar(INT, { node, why: undefined }) : element![node.part];
        this.pin(node, typed, node.pins);
        return typed;
      }
      case "path":
        return inferPath(this, node);
      case "method":
        return inferMethod(this, node);
      case "function":
        return this.#function(node);
      case "unary":
        if (node.op === "not") return this.#given(node, node.operand, BOOL, "not() takes a condition");
        if (node.op === "~") return this.#given(node, node.operand, INT, '"~" works on INT');
        return this.need(node.operand, NUMBER, `"${node.op}" works on INT and FLOAT`, node);
      case "nary":
        return this.#nary(node);
      case "compare":
        return this.#compare(node);
      case "in":
        return isNumberBin(node.left) ? inferNumberIn(this, node, node.left) : inferIn(this, node);
      case "between":
        if (isNumberBin(node.subject) || isNumberBin(node.low) || isNumberBin(node.high)) {
          return inferNumbers(this, node, [node.subject, node.low, node.high]);
        }
        this.infer(node.subject);
        this.meet(node, node.subject, node.subject.typed!, node.low, this.infer(node.low), "Cannot compare");
        this.meet(node, node.subject, node.subject.typed!, node.high, this.infer(node.high), "Cannot compare");
        return new TypeVar(BOOL, { node, why: undefined });
      case "match":
        this.need(node.subject, STRING, "A regular expression is looked for in a STRING", node);
        if ("kind" in node.pattern) this.need(node.pattern, STRING, "A pattern is a STRING", node);
        return new TypeVar(BOOL, { node, why: undefined });
      case "let":
        return this.#let(node);
      case "when":
        return this.#when(node);
      case "null":
        return this.fail(node, "null stands only beside == and !=", "Ask not($.a.exists()), or compare with NIL");
      case "unknown":
        return new TypeVar(ANY | NIL);
      case "special":
        return this.fail(node, `${node.word} stands only inside of lists and steps`);
    }
  }

  #placeholder(node: PlaceholderNode): TypeVar {
    const { index } = node;
    if (index >= this.params.length) {
      this.fail(
        node,
        this.params.length === 0
          ? "Placeholder used but no placeholder values provided"
          : `Missing value for placeholder ?${index}: ${this.params.length} given, the first is ?0`,
      );
    }
    const typed = new TypeVar(paramSet(this.params[index], index), { node, why: undefined });
    if (typed.set === NUMBER) this.soften(typed, INT);
    return typed;
  }

  /** What this is where nothing else is said. */
  soften(typed: TypeVar, set: number): void {
    this.#soft.push({ typed, set });
  }

  #unknownVariable(node: AelNode, name: string): never {
    const names = [...(this.#variables?.keys() ?? [])].map((each) => `\${${each}}`).join(", ");
    const hint =
      names === ""
        ? "Variables are defined by let (name = …) then (…); parameters are ?0, ?1, …"
        : `Defined are ${names}`;
    return this.fail(node, `The variable \${${name}} is not defined`, hint);
  }

  /** A mention of a bin: all share one type, save those that are LOCAL. */
  bin(node: BinNode): TypeVar {
    this.refuseInElement(node, "A bin");
    if (node.isNumber) {
      this.fail(node, "A NUMBER is compared: with ==, !=, <, <=, >, >=, between or in", "Calculate with INT or FLOAT");
    }
    let typed = node.local ? undefined : this.#bins.get(node.name);
    if (typed === undefined) {
      typed =
        !node.local && this.#doubles.has(node.name)
          ? new TypeVar(FLOAT, { node: { at: node.at, end: node.end }, why: "its data set says so in doubles" })
          : new TypeVar(ANY | NIL);
      if (!node.local) this.#bins.set(node.name, typed);
    }
    this.pin(node, typed, node.pins);
    return typed;
  }

  pin(node: AelNode, typed: TypeVar, pins: readonly Pin[]): void {
    for (const { type, at, end } of pins) {
      const set = setOf(type);
      if (typed.narrow(set, { node: { at, end }, why: "its type says" })) continue;
      this.fail(
        { at, end },
        `${this.source(node)} is ${setName(set)} here; ${describeType(node, typed, this.text)}`,
        node.kind === "bin" ? `If ${node.name} holds both, write $.${node.name}:LOCAL:${setName(set)} here` : undefined,
      );
    }
  }

  source(node: Span): string {
    return this.text.slice(node.at, node.end);
  }

  #given(node: AelNode, operand: AelNode, set: number, why: string): TypeVar {
    this.need(operand, set, why, node);
    return new TypeVar(set, { node, why: undefined });
  }

  /** The node must be of one of these types, or becomes so. */
  need(node: AelNode, set: number, why: string, by: Span): TypeVar {
    const typed = this.infer(node);
    this.demand(node, typed, set, why, by);
    return typed;
  }

  demand(node: AelNode, typed: TypeVar, set: number, why: string, by: Span): void {
    if (typed.narrow(set, { node: by, why })) return;
    // What is written on purpose is not meant to be two types.
    const isPinned = node.kind === "bin" && node.pins.length > 0;
    const hint = isPinned ? undefined : conflictHint(node, typed.set, undefined, set, this.text);
    this.fail(node, `${why}; ${describeType(node, typed, this.text)}`, hint);
  }

  /** Both must be of one type. */
  meet(where: Span, left: AelNode, leftType: TypeVar, right: AelNode, rightType: TypeVar, problem: string): void {
    if (TypeVar.unify(leftType, rightType)) return;
    const to = problem === "Cannot compare" ? " to " : " and ";
    const { text } = this;
    throw new AelMistakeError(text, {
      problem: `${problem} ${leftType.name}${to}${rightType.name}: ${describeType(left, leftType, text)}; ${describeType(right, rightType, text)}`,
      at: where.at,
      end: where.end,
      suggestion:
        conflictHint(left, leftType.set, right, rightType.set, text) ??
        conflictHint(right, rightType.set, left, leftType.set, text),
    });
  }

  #nary(node: NaryNode): TypeVar {
    const { op, args } = node;
    switch (op) {
      case "and":
      case "or":
      case "exclusive":
        for (const arg of args) this.need(arg, BOOL, `"${op}" joins conditions`, node);
        return new TypeVar(BOOL, { node, why: undefined });
      case "**":
        for (const arg of args) this.need(arg, FLOAT, '"**" works on FLOAT', node);
        return new TypeVar(FLOAT, { node, why: undefined });
      case "+":
        return this.#same(node, NUMBER | STRING, '"+" works on INT, FLOAT and STRING');
      case "-":
      case "*":
      case "/":
        return this.#same(node, NUMBER, `"${op}" works on INT and FLOAT`);
      case "min":
      case "max":
        return this.#same(node, NUMBER, `${op}() works on INT and FLOAT`);
      default:
        for (const arg of args) this.need(arg, INT, `"${op}" works on INT`, node);
        return new TypeVar(INT, { node, why: undefined });
    }
  }

  /** Operands and result are of one type. */
  #same(node: NaryNode, set: number, why: string): TypeVar {
    const [first] = node.args;
    const common = this.need(first!, set, why, node);
    for (let i = 1; i < node.args.length; i++) {
      const arg = node.args[i]!;
      const typed = this.need(arg, set, why, node);
      this.meet(node, first!, common, arg, typed, "Cannot calculate with");
    }
    return common;
  }

  #compare(node: CompareNode): TypeVar {
    const { left, right } = node;
    if (isNull(left, this.params) || isNull(right, this.params)) {
      this.#nullTest(node, isNull(left, this.params) ? right : left);
      return new TypeVar(BOOL, { node, why: undefined });
    }
    if (isNumberBin(left) || isNumberBin(right)) return inferNumbers(this, node, [left, right]);
    const leftType = this.infer(left);
    const rightType = this.infer(right);
    this.meet(node, left, leftType, right, rightType, "Cannot compare");
    const { set } = leftType;
    if ((set & (COMPARABLE | NIL)) === 0) {
      const hint = (set & GEO) !== 0 ? "Write geoCompare(a, b)" : undefined;
      this.fail(node, `${setName(set & (GEO | HLL))} values can't be compared`, hint);
    }
    leftType.narrow(COMPARABLE | NIL, undefined);
    return new TypeVar(BOOL, { node, why: undefined });
  }

  /** `$.bin == null`: whether something is there; its type does not matter. */
  #nullTest(node: CompareNode, other: AelNode): void {
    if (node.op !== "==" && node.op !== "!=")
      this.fail(node, `Nothing is ${node.op} null`, "null stands beside == and !=");
    const base = other.kind === "path" ? other.base : other;
    if (base.kind !== "bin") this.fail(other, "Only a bin, or an element of one, is compared with null");
    this.infer(other);
  }

  #function(node: FunctionNode): TypeVar {
    const { fn, args } = node;
    if (fn.name === "geoJson") this.need(args[0]!, STRING, "geoJson() takes a STRING", node);
    else {
      fn.slots.forEach((slot, i) => {
        const what = slot.positional ? `${fn.name}()` : `${slot.name} of ${fn.name}()`;
        this.need(args[i]!, slot.types, `${what} takes ${setName(slot.types)}`, node);
      });
    }
    return fn.gives === 0 ? args[0]!.typed! : new TypeVar(fn.gives, { node, why: undefined });
  }

  #let(node: LetNode): TypeVar {
    this.refuseInElement(node, "let");
    const outer = this.#variables;
    for (const { name, at, value } of node.definitions) {
      if (this.#variables?.has(name) === true) {
        this.fail({ at, end: at + name.length }, `The variable ${name} is defined already, here or further out`);
      }
      const typed = this.infer(value);
      if (single(typed.set) === undefined && typed.set !== NUMBER) this.failOpen(value, typed);
      this.#variables = new Map(this.#variables).set(name, typed);
    }
    const typed = this.infer(node.body);
    this.#variables = outer;
    return typed;
  }

  #when(node: WhenNode): TypeVar {
    let common: TypeVar | undefined;
    let first: AelNode | undefined;
    for (const [condition] of node.cases) this.need(condition, BOOL, "when() takes conditions before =>", node);
    for (const value of [...node.cases.map((one) => one[1]), node.otherwise]) {
      const typed = this.infer(value);
      if (value.kind === "unknown") continue;
      if (common === undefined || first === undefined) {
        common = typed;
        first = value;
      } else this.meet(value, first, common, value, typed, "All values of when() are of one type, not");
    }
    return common ?? new TypeVar(ANY | NIL);
  }

  /** Servers know only the element at hand while they look at each: everything else is unknown there. */
  refuseInElement(node: Span, what: string): void {
    if (this.element === undefined) return;
    this.fail(
      node,
      `${what} is not known inside a path's condition or change`,
      "Known are @, @key, @index and what lies below them",
    );
  }

  /** Reads the condition or the change of a path, in which `@` is an element. */
  inElement<T>(key: TypeVar, value: TypeVar, read: () => T): T {
    const outer = this.element;
    this.element = { key, value };
    const found = read();
    this.element = outer;
    return found;
  }

  /** The type must be known, and is not. */
  failOpen(node: AelNode, typed: TypeVar): never {
    throw openMistake(this.text, node, typed);
  }

  fail(where: Span, problem: string, suggestion?: string): never {
    throw new AelMistakeError(this.text, { problem, at: where.at, end: where.end, suggestion });
  }
}
