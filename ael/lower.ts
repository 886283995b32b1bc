import { ListReturnType } from "../protocol/cdt/flags.js";
import { ListOp, StringOp } from "../protocol/cdt/operations.js";
import { checkTarget } from "../protocol/exp/call-target.js";
import { constantOf } from "../protocol/exp/constant.js";
import { checkCall } from "../protocol/exp/danger.js";
import type { ExpType } from "../protocol/exp/exp-type.js";
import type { CallNode, ConstNode, ExpNode, PathStep } from "../protocol/exp/node.js";
import { ExpOp } from "../protocol/exp/op-code.js";
import { opNode } from "../protocol/exp/ops.js";
import { Double, double } from "../protocol/value/double.js";
import { GeoJson } from "../protocol/value/geojson.js";
import { inOrder } from "../protocol/value/ordered-list.js";
import { INFINITY, WILDCARD } from "../protocol/value/special.js";
import type { AelNode, CompareNode, InNode, MapLiteralNode, MatchNode, NaryNode, Span, WhenNode } from "./ast.js";
import { COMPARISONS, int, PARTICLES, string } from "./constants.js";
import { openMistake } from "./describe.js";
import { METADATA } from "./functions.js";
import { isGeometry } from "./geometry-shape.js";
import { isNull } from "./infer.js";
import { isNumberBin } from "./infer-number.js";
import { sortedList, unorderedMap } from "./literal-order.js";
import { lowerMethod } from "./lower-method.js";
import { lowerNumberIn, lowerNumbers } from "./lower-number.js";
import { lowerPath } from "./lower-path.js";
import { presence } from "./lower-presence.js";
import { AelMistakeError } from "./mistake.js";
import type { AelParam } from "./params.js";
import { type Portable, portableRegex } from "./portable-regex.js";
import { single } from "./type-set.js";

/**
 * What is compiled for: `any`, the form that the oldest server runs which can work it out at all; `8.2`, the form that
 * server 8.2 itself makes of the text.
 */
export type AelTarget = "any" | "8.2";

/** Operators of two operands; and those whose chains become one operation. */
const BINARY: Readonly<Record<string, number>> = {
  "%": ExpOp.MOD,
  "**": ExpOp.POW,
  "<<": ExpOp.INT_LSHIFT,
  ">>": ExpOp.INT_ARSHIFT,
  ">>>": ExpOp.INT_RSHIFT,
};
const CHAINED: Readonly<Record<string, number>> = {
  and: ExpOp.AND,
  or: ExpOp.OR,
  "+": ExpOp.ADD,
  "*": ExpOp.MUL,
  "&": ExpOp.INT_AND,
  "|": ExpOp.INT_OR,
  "^": ExpOp.INT_XOR,
};
const LEFT: Readonly<Record<string, number>> = { "-": ExpOp.SUB, "/": ExpOp.DIV };
const OTHERS: Readonly<Record<string, number>> = { exclusive: ExpOp.EXCLUSIVE, min: ExpOp.MIN, max: ExpOp.MAX };
/** What a call of a list, map, bit, sketch or string operation is made of. */
export interface CallParts {
  readonly type: ExpType;
  readonly system: CallNode["system"];
  readonly modify?: boolean;
  readonly code: number;
  readonly params: readonly ExpNode[];
  readonly path?: readonly PathStep[];
  readonly noFailPath?: boolean;
  readonly why?: string | undefined;
  readonly target: ExpNode;
}

/** Turns a tree whose types are found into an expression. */
export class Lowering {
  readonly text: string;
  readonly params: readonly AelParam[];
  readonly target: AelTarget;
  /** Leaves room for scalar parameters instead of their values. */
  readonly #asTemplate: boolean;
  /** The value of some parameter shaped the expression, so that it can't be a template for other values. */
  needsValues = false;
  /** A wildcard or infinity that was met: they only compare. */
  special: Span | undefined;

  constructor(text: string, params: readonly AelParam[], target: AelTarget, asTemplate: boolean) {
    this.text = text;
    this.params = params;
    this.target = target;
    this.#asTemplate = asTemplate;
  }

  /** The type that was found for a node. */
  typeOf(node: AelNode): ExpType {
    const { typed } = node;
    const type = typed === undefined ? undefined : single(typed.set);
    if (type === undefined) throw openMistake(this.text, node, typed!);
    return type;
  }

  lower(node: AelNode): ExpNode {
    switch (node.kind) {
      case "literal":
        return { kind: "const", type: node.of, value: node.of === "float" ? Number(node.value) : node.value };
      case "list":
        return this.checked(node, () => {
          const list = constantOf(this.valueOf(node), "The literal") as ConstNode;
          return node.order === "SORTED" ? sortedList(list, node.items.length) : list;
        });
      case "map":
        return this.checked(node, () => {
          const map = constantOf(this.valueOf(node), "The literal") as ConstNode;
          return node.order === "UNORDERED" ? unorderedMap(map, node.entries.length) : map;
        });
      case "placeholder":
        return this.#placeholder(node.index, this.typeOf(node));
      case "variable":
        return { kind: "var", type: this.typeOf(node), name: node.name };
      case "typeWord":
        return int(PARTICLES[node.of]);
      case "metadata": {
        if (node.name === "digestModulo") return { kind: "digestModulo", type: "int", modulus: node.modulus };
        if (node.name === "key") return { kind: "key", type: this.typeOf(node) };
        return opNode(METADATA.get(node.name)![0], []);
      }
      case "bin":
        return { kind: "bin", type: this.typeOf(node), name: node.name };
      case "loop":
        return { kind: "loopVar", type: this.typeOf(node), part: node.part };
      case "path":
        return lowerPath(this, node);
      case "method":
        return lowerMethod(this, node);
      case "function":
        if (node.fn.name === "geoJson") {
          const geometry = String(this.valueOf(node.args[0]!));
          if (!isGeometry(geometry))
            this.fail(node.args[0]!, "This is no GeoJSON", `Write geoJson('{"type":"Point","coordinates":[0.0,0.0]}')`);
          return this.checked(node, () => constantOf(new GeoJson(geometry), "geoJson()"));
        }
        return opNode(
          node.fn.code,
          node.args.map((arg) => this.lower(arg)),
        );
      case "unary":
        if (node.op === "not") return opNode(ExpOp.NOT, [this.lower(node.operand)]);
        if (node.op === "~") return opNode(ExpOp.INT_NOT, [this.lower(node.operand)]);
        if (node.op === "+") return this.lower(node.operand);
        return opNode(ExpOp.SUB, [zero(this.typeOf(node.operand)), this.lower(node.operand)]);
      case "nary":
        return this.#nary(node);
      case "compare":
        return this.#compare(node);
      case "in":
        return this.#in(node);
      case "between": {
        if (isNumberBin(node.subject) || isNumberBin(node.low) || isNumberBin(node.high)) {
          return opNode(ExpOp.AND, [
            this.#ofKinds(node, ">=", node.subject, node.low),
            this.#ofKinds(node, "<=", node.subject, node.high),
          ]);
        }
        const subject = this.lower(node.subject);
        const low = opNode(ExpOp.GE, [subject, this.lower(node.low)]);
        return opNode(ExpOp.AND, [low, opNode(ExpOp.LE, [subject, this.lower(node.high)])]);
      }
      case "match":
        return this.#match(node);
      case "let": {
        const definitions = node.definitions.map(({ name, value }) => ({ name, value: this.lower(value) }));
        const body = this.lower(node.body);
        return { kind: "let", type: body.type, definitions, body };
      }
      case "when":
        return this.#when(node);
      case "unknown":
        return opNode(ExpOp.UNKNOWN, []);
      case "null":
      case "special":
        return this.fail(node, "This has no meaning here");
    }
  }

  /** The JavaScript value of a constant; a parameter's value comes in as it is. */
  valueOf(node: AelNode): unknown {
    switch (node.kind) {
      case "literal":
        return node.of === "float" ? double(Number(node.value)) : node.value;
      case "special":
        this.special ??= node;
        return node.word === "INF" ? INFINITY : WILDCARD;
      case "placeholder": {
        this.needsValues = true;
        const value = this.params[node.index];
        const isFloat = typeof value === "number" && node.typed !== undefined && single(node.typed.set) === "float";
        return isFloat ? double(value) : value;
      }
      case "list": {
        const values = node.items.map((item) => this.valueOf(item));
        if (node.order === "SORTED" && !inOrder(values)) {
          this.fail(
            node,
            "The elements of a SORTED list ascend, and are numbers, strings, booleans or blobs of one type",
          );
        }
        return values;
      }
      case "map":
        return this.#mapOf(node);
      default:
        return this.fail(node, "Lists and maps in a text hold constants only");
    }
  }

  #mapOf(node: MapLiteralNode): ReadonlyMap<unknown, unknown> {
    const map = new Map<unknown, unknown>();
    for (const [key, value] of node.entries) {
      const name = this.valueOf(key);
      if (map.has(name)) this.fail(key, `The map has the key ${this.text.slice(key.at, key.end)} twice`);
      map.set(name, this.valueOf(value));
    }
    return map;
  }

  /** Errors about values become mistakes with a place. */
  checked<T>(where: Span, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof TypeError || error instanceof RangeError) this.fail(where, error.message);
      throw error;
    }
  }

  call(where: Span, parts: CallParts): ExpNode {
    const { type, system, modify = false, code, params, path = [], noFailPath, why, target } = parts;
    const bare: CallNode = { kind: "call", type, system, modify, code, params, path, target };
    const marked = noFailPath === true ? { ...bare, noFailPath } : bare;
    const node = why === undefined ? marked : { ...marked, why };
    return this.checked(where, () => {
      checkCall(node);
      return { ...node, type: checkTarget(node, target) };
    });
  }

  #placeholder(index: number, type: ExpType): ExpNode {
    const value = this.params[index];
    const isScalar = typeof value !== "object" || value instanceof Double;
    if (this.#asTemplate && isScalar) return { kind: "param", type, index };
    this.needsValues ||= !isScalar;
    const node = constantOf(value, `?${index}`);
    return type === "float" && node.type === "int" ? { kind: "const", type, value: Number(node.value) } : node;
  }

  #nary(node: NaryNode): ExpNode {
    const { op, args } = node;
    const pair = BINARY[op];
    if (pair !== undefined) {
      // Whether a division needs its guard hangs on the divisor's value.
      if (op === "%" && args[1]?.kind === "placeholder") this.needsValues = true;
      return opNode(
        pair,
        args.map((arg) => this.lower(arg)),
      );
    }
    const left = LEFT[op];
    if (left !== undefined) {
      if (op === "/" && args.slice(1).some((arg) => arg.kind === "placeholder")) this.needsValues = true;
      return opNode(left, this.#leftSpine(node, op));
    }
    const code = CHAINED[op];
    if (code === undefined) {
      return opNode(
        OTHERS[op]!,
        args.map((arg) => this.lower(arg)),
      );
    }
    const all = this.#chain(node, op, []);
    return op === "+" && this.typeOf(node) === "string" ? this.#concat(node, all) : opNode(code, all);
  }

  /** Operands of a chain of one operator, through parentheses and from either side. */
  #chain(node: AelNode, op: string, found: ExpNode[]): ExpNode[] {
    if (node.kind === "nary" && node.op === op) for (const arg of node.args) this.#chain(arg, op, found);
    else {
      const lowered = this.lower(node);
      // Null tests and between join conditions, too.
      const isJoined = lowered.kind === "op" && (op === "and" || op === "or") && lowered.code === CHAINED[op];
      if (isJoined) found.push(...lowered.args);
      else found.push(lowered);
    }
    return found;
  }

  /** `a - b - c` is one operation; on the right it is another. */
  #leftSpine(node: NaryNode, op: string): ExpNode[] {
    const [first, ...others] = node.args;
    const rest = others.map((arg) => this.lower(arg));
    if (first?.kind === "nary" && first.op === op) return [...this.#leftSpine(first, op), ...rest];
    if (op === "-" && first?.kind === "unary" && first.op === "-") {
      return [zero(this.typeOf(first.operand)), this.lower(first.operand), ...rest];
    }
    return [this.lower(first!), ...rest];
  }

  #concat(where: Span, [first, ...others]: readonly ExpNode[]): ExpNode {
    return others.reduce<ExpNode>(
      (text, other) =>
        this.call(where, {
          type: "string",
          system: "string",
          modify: true,
          code: StringOp.APPEND.code,
          params: [other],
          target: text,
        }),
      first!,
    );
  }

  #compare(node: CompareNode): ExpNode {
    const { left, right, op } = node;
    if (isNull(left, this.params)) return presence(this, right, op !== "==");
    if (isNull(right, this.params)) return presence(this, left, op !== "==");
    return this.#ofKinds(node, op, left, right);
  }

  #ofKinds(where: Span, op: string, left: AelNode, right: AelNode): ExpNode {
    if (isNumberBin(left) || isNumberBin(right)) return lowerNumbers(this, where, op, left, right);
    return opNode(COMPARISONS[op]!, [this.lower(left), this.lower(right)]);
  }

  /** Whether the list holds the value: for servers before 8.1.2 an EXISTS read. */
  #in(node: InNode): ExpNode {
    const { left, right } = node;
    const given = right.kind === "placeholder" ? this.params[right.index] : undefined;
    if (Array.isArray(given) && given.length === 0) {
      this.needsValues = true;
      return { kind: "const", type: "bool", value: false };
    }
    if (isNumberBin(left)) return lowerNumberIn(this, node, left);
    const value = this.lower(left);
    const list = value.type === "float" && Array.isArray(given) ? this.#floats(right, given) : this.lower(right);
    return this.inList(node, value, list);
  }

  inList(where: Span, value: ExpNode, list: ExpNode): ExpNode {
    if (this.target === "8.2") return opNode(ExpOp.IN_LIST, [value, list]);
    return this.call(where, {
      type: "bool",
      system: "cdt",
      code: ListOp.GET_ALL_BY_VALUE.code,
      params: [int(ListReturnType.EXISTS), value],
      target: list,
    });
  }

  /** Numbers of a parameter where FLOAT is looked for. */
  #floats(where: Span, values: readonly unknown[]): ExpNode {
    this.needsValues = true;
    const floats = values.map((value) => (typeof value === "number" ? double(value) : value));
    return this.checked(where, () => constantOf(floats, "The list"));
  }

  /** A pattern that POSIX and ICU read alike runs everywhere; others are ICU's, which is server 8.2's. */
  #match(node: MatchNode): ExpNode {
    const { pattern: given, negated } = node;
    const subject = this.lower(node.subject);
    const pattern = "kind" in given ? String(this.valueOf(given)) : given.pattern;
    const flags = "kind" in given ? 0 : given.flags;
    if (pattern.includes("\0")) this.fail(given, "A pattern can't hold a NUL");
    // Older servers' own form takes no operand without a type.
    if (this.target === "any" && isUnknown(subject)) return subject;
    const portable: Portable = this.target === "8.2" ? { why: "regular expressions" } : portableRegex(pattern, flags);
    const match: ExpNode =
      "why" in portable
        ? this.call(node, {
            type: "bool",
            system: "string",
            code: StringOp.REGEX_COMPARE.code,
            params: [string(pattern), ...(flags === 0 ? [] : [int(flags)])],
            why: `the regular expression /${pattern}/: ${portable.why}`,
            target: subject,
          })
        : { kind: "regex", type: "bool", flags: portable.flags, pattern: portable.pattern, subject };
    return negated ? opNode(ExpOp.NOT, [match]) : match;
  }

  #when(node: WhenNode): ExpNode {
    const parts: ExpNode[] = [];
    for (const [condition, value] of node.cases) parts.push(this.lower(condition), this.lower(value));
    parts.push(this.lower(node.otherwise));
    const known = parts.find((part, i) => (i % 2 === 1 || i === parts.length - 1) && !isUnknown(part));
    return { kind: "cond", type: known?.type ?? "bool", parts };
  }

  fail(where: Span, problem: string, suggestion?: string): never {
    throw new AelMistakeError(this.text, { problem, at: where.at, end: where.end, suggestion });
  }
}

function isUnknown(node: ExpNode): boolean {
  return node.kind === "op" && node.code === ExpOp.UNKNOWN;
}

function zero(type: ExpType): ConstNode {
  return { kind: "const", type, value: 0 };
}
