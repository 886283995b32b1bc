import { tryDecodeBase64 } from "../../protocol/bytes/base64.js";
import { ListReturnType } from "../../protocol/cdt/flags.js";
import { listByValue } from "../../protocol/cdt/list-selectors.js";
import { getBy } from "../../protocol/cdt/selector.js";
import type { ExpType } from "../../protocol/exp/exp-type.js";
import { packLiteral } from "../../protocol/exp/literal.js";
import type { ConstNode, ExpNode } from "../../protocol/exp/node.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { opNode } from "../../protocol/exp/ops.js";
import { INT64_MAX, INT64_MIN } from "../../protocol/limits.js";
import { Double, double } from "../../protocol/value/double.js";
import { GeoJson } from "../../protocol/value/geojson.js";
import type { SearchValue } from "../../protocol/value/pack.js";
import { Argument, callNode } from "../exp/call.js";
import { constantOf, isInt64 } from "../exp/constant.js";
import { AelParseError } from "./ael-parse-error.js";
import type {
  AelNode,
  BetweenNode,
  BinaryNode,
  FunctionNode,
  MapLiteralNode,
  MetadataNode,
  RegexMatchNode,
  WhenNode,
} from "./ast.js";
import { lowerPath } from "./lower-path.js";
import { nullTest } from "./lower-presence.js";
import { BINARY, FUNCTIONS, METADATA } from "./op-codes.js";
import type { AelParam } from "./params.js";

/** Turns a tree whose types are found into an expression. */
export class Lowering {
  readonly text: string;
  readonly #params: readonly AelParam[];
  /** Leaves room for scalar parameters instead of their values. */
  readonly #asTemplate: boolean;
  /** The value of some parameter shaped the expression, so that it can't be a template for other values. */
  needsValues = false;

  constructor(text: string, params: readonly AelParam[], asTemplate: boolean) {
    this.text = text;
    this.#params = params;
    this.#asTemplate = asTemplate;
  }

  lower(node: AelNode): ExpNode {
    switch (node.kind) {
      case "literal":
      case "list":
      case "map":
        return this.#constant(node, typeOf(node));
      case "placeholder":
        return this.#placeholder(node.index, typeOf(node));
      case "variable":
        return { kind: "var", type: typeOf(node), name: node.name };
      case "metadata":
        return this.#metadata(node);
      case "path":
        return lowerPath(this, node);
      case "unary":
        return this.#unary(node.op, node.operand, typeOf(node));
      case "binary":
        return this.#binary(node);
      case "logic": {
        const code = node.op === "and" ? ExpOp.AND : node.op === "or" ? ExpOp.OR : ExpOp.EXCLUSIVE;
        return this.op(
          code,
          node.args.map((arg) => this.lowerAs(arg, "bool")),
        );
      }
      case "between":
        return this.#between(node);
      case "regex":
        return this.#regex(node);
      case "function":
        return this.#function(node);
      case "let": {
        const definitions = node.definitions.map(({ name, value }) => ({ name, value: this.lower(value) }));
        const body = this.lower(node.body);
        return { kind: "let", type: body.type, definitions, body };
      }
      case "when":
        return this.#when(node);
      case "unknown":
        return { kind: "op", type: "bool", code: ExpOp.UNKNOWN, args: [] };
    }
  }

  /** The node as a value of `type`: an INT where a FLOAT is expected is converted. */
  lowerAs(node: AelNode, type: ExpType): ExpNode {
    const lowered = this.lower(node);
    if (type !== "float" || lowered.type !== "int") return lowered;
    if (lowered.kind === "const") return { kind: "const", type: "float", value: Number(lowered.value) };
    return this.op(ExpOp.TO_FLOAT, [lowered]);
  }

  op(code: number, args: readonly ExpNode[]): ExpNode {
    return opNode(code, args);
  }

  /** The JavaScript value of a constant; a parameter's value comes in as it is. */
  valueOf(node: AelNode): unknown {
    switch (node.kind) {
      case "literal":
        return node.type === "float" ? double(Number(node.value)) : node.value;
      case "placeholder":
        this.needsValues = true;
        return this.#params[node.index];
      case "list":
        return node.items.map((item) => this.valueOf(item));
      case "map":
        return this.#mapOf(node);
      default:
        return this.fail(node, "List and map constants may only contain constants");
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

  /** The value of a literal, where no parameters are. */
  constantAt(node: AelNode): unknown {
    if (node.kind === "placeholder") this.fail(node, "Placeholder used but no placeholder values provided");
    return this.valueOf(node);
  }

  /** A constant as it stands in a context. */
  packed(node: AelNode): Uint8Array {
    return this.checked(node, () => packLiteral(this.valueOf(node) as SearchValue));
  }

  packedList(nodes: readonly AelNode[]): Uint8Array {
    return this.checked(nodes[0]!, () => packLiteral(nodes.map((node) => this.valueOf(node) as SearchValue)));
  }

  /** A constant as a parameter of a collection call: a template keeps room for it. */
  argument(node: AelNode): SearchValue | Argument {
    if (node.kind === "placeholder") {
      const lowered = this.#placeholder(node.index, typeOf(node));
      if (lowered.kind === "param") return new Argument(lowered);
    }
    return this.valueOf(node) as SearchValue;
  }

  #constant(node: AelNode, type: ExpType): ExpNode {
    if (node.kind === "literal") {
      if (type === "int" && !isInt64(node.value)) {
        this.fail(node, "Integer literal out of range", `${INT64_MIN} to ${INT64_MAX}`);
      }
      return { kind: "const", type, value: type === "float" ? Number(node.value) : node.value };
    }
    return this.checked(node, () => constantOf(this.valueOf(node), "The literal"));
  }

  /** Errors about values become errors with a place. */
  checked<T>(where: { readonly at: number; readonly end: number }, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof TypeError || error instanceof RangeError) this.fail(where, error.message);
      throw error;
    }
  }

  #placeholder(index: number, type: ExpType): ExpNode {
    const value = this.#params[index];
    const isScalar = typeof value !== "object" || value instanceof Double;
    if (this.#asTemplate && isScalar) return { kind: "param", type, index };
    this.needsValues ||= !isScalar;
    const node = constantOf(value, `?${index}`);
    return type === "float" && node.type === "int" ? { kind: "const", type, value: Number(node.value) } : node;
  }

  #metadata(node: MetadataNode): ExpNode {
    if (node.name === "digestModulo") return { kind: "digestModulo", type: "int", modulus: node.modulus };
    if (node.name !== "key") return this.op(METADATA[node.name]!, []);
    const type = typeOf(node);
    if (type !== "int" && type !== "string" && type !== "blob") {
      this.fail(node, `A key is INT, STRING or BLOB, not ${type.toUpperCase()}`);
    }
    return { kind: "key", type };
  }

  #unary(op: "-" | "~" | "not", operand: AelNode, type: ExpType): ExpNode {
    if (op === "not") return this.op(ExpOp.NOT, [this.lowerAs(operand, "bool")]);
    if (op === "~") return this.op(ExpOp.INT_NOT, [this.lower(operand)]);
    const zero: ConstNode = { kind: "const", type, value: 0 };
    return this.op(ExpOp.SUB, [zero, this.lowerAs(operand, type)]);
  }

  #binary(node: BinaryNode): ExpNode {
    const { op, left, right } = node;
    if (op === "in") return this.#in(node);
    const code = BINARY[op]!;
    if (code <= ExpOp.LE) return this.#comparison(node, code);
    const type = typeOf(node);
    // Whether a division needs its guard hangs on the divisor's value.
    if ((op === "/" || op === "%") && right.kind === "placeholder") this.needsValues = true;
    return this.op(code, [this.lowerAs(left, type), this.lowerAs(right, type)]);
  }

  #comparison(node: BinaryNode, code: number): ExpNode {
    const { left, right } = node;
    if (typeOf(left) === "nil" && left.kind === "literal") return nullTest(this, right, code === ExpOp.EQ);
    if (typeOf(right) === "nil" && right.kind === "literal") return nullTest(this, left, code === ExpOp.EQ);
    return this.#compare(code, left, right);
  }

  #compare(code: number, left: AelNode, right: AelNode): ExpNode {
    const a = typeOf(left);
    const b = typeOf(right);
    if (a === "blob" && b === "string") return this.op(code, [this.lower(left), this.#base64(right)]);
    if (a === "string" && b === "blob") return this.op(code, [this.#base64(left), this.lower(right)]);
    const type = a !== b && (a === "float" || b === "float") ? "float" : a;
    return this.op(code, [this.lowerAs(left, type), this.lowerAs(right, type)]);
  }

  #base64(node: AelNode): ExpNode {
    const bytes = tryDecodeBase64(String(this.valueOf(node)));
    if (bytes === undefined) this.fail(node, "Invalid base64 for BLOB comparison");
    return { kind: "const", type: "blob", value: bytes };
  }

  /** Whether the list holds the value: an EXISTS read, which servers since 6.1 know. */
  #in(node: BinaryNode): ExpNode {
    const left = this.lower(node.left);
    const value = new Argument(left);
    const list = left.type === "float" ? this.#floats(node.right) : this.lower(node.right);
    return callNode("bool", getBy(listByValue(value), ListReturnType.EXISTS), list);
  }

  /** A list of integer literals compared with a float. */
  #floats(list: AelNode): ExpNode {
    if (list.kind !== "list" && list.kind !== "placeholder") return this.lower(list);
    const values = this.valueOf(list);
    if (!Array.isArray(values)) return this.lower(list);
    const floats = values.map((value) =>
      typeof value === "number" || typeof value === "bigint" ? double(Number(value)) : value,
    );
    return this.checked(list, () => constantOf(floats, "The list"));
  }

  #between(node: BetweenNode): ExpNode {
    const low = this.#compare(ExpOp.GE, node.subject, node.low);
    return this.op(ExpOp.AND, [low, this.#compare(ExpOp.LE, node.subject, node.high)]);
  }

  #regex(node: RegexMatchNode): ExpNode {
    let { pattern } = node as { pattern: string | AelNode | ExpNode };
    if (typeof pattern !== "string") {
      const lowered = this.lower(node.pattern as AelNode);
      pattern = lowered.kind === "const" ? String(lowered.value) : lowered;
    }
    if (typeof pattern === "string" && pattern.includes("\0")) this.fail(node, "A pattern can't hold a NUL");
    const match: ExpNode = {
      kind: "regex",
      type: "bool",
      flags: node.flags,
      pattern: pattern as string,
      subject: this.lower(node.subject),
    };
    return node.negated ? this.op(ExpOp.NOT, [match]) : match;
  }

  #function(node: FunctionNode): ExpNode {
    const { name, args } = node;
    if (name === "geoJson") {
      return this.checked(node, () => constantOf(new GeoJson(String(this.valueOf(args[0]!))), "geoJson()"));
    }
    const type = typeOf(node);
    const isArithmetic = type === "float" || name === "min" || name === "max" || name === "abs";
    const lowered = args.map((arg) => (isArithmetic ? this.lowerAs(arg, type) : this.lower(arg)));
    return this.op(FUNCTIONS[name]!, lowered);
  }

  #when(node: WhenNode): ExpNode {
    const type = typeOf(node);
    const parts: ExpNode[] = [];
    for (const [condition, value] of node.cases) parts.push(this.lowerAs(condition, "bool"), this.lowerAs(value, type));
    parts.push(this.lowerAs(node.otherwise, type));
    return { kind: "cond", type, parts };
  }

  fail(where: { readonly at: number; readonly end: number }, problem: string, expected?: string): never {
    throw new AelParseError(this.text, { problem, at: where.at, end: where.end, expected });
  }
}

/** The type that was found for a node. */
export function typeOf(node: AelNode): ExpType {
  return node.typeVariable?.resolved ?? "int";
}
