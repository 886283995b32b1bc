import { ResultType } from "../../../emulator/exp/result-type.js";
import { ExpOp } from "../../../protocol/exp/op-code.js";
import { blob, bool, double, geo, int, list, nil, op, quote, raw, sketch, text } from "./packing.js";
import type { Random } from "./random.js";
import { randomCall } from "./random-call.js";
import {
  randomBlob,
  randomDouble,
  randomGeoJson,
  randomInteger,
  randomList,
  randomMap,
  randomString,
} from "./random-value.js";

/** The types that a random expression can be asked for. */
export type ExpressionType = Exclude<(typeof ResultType)[keyof typeof ResultType], 10 | 11 | 12>;

/** Bins that random records have, by type; `x` holds anything and `gone` is always missing. */
export const binsByType: Readonly<Record<ExpressionType, readonly string[]>> = {
  [ResultType.NIL]: ["x"],
  [ResultType.BOOL]: ["t", "x"],
  [ResultType.INT]: ["i", "j", "k", "x"],
  [ResultType.FLOAT]: ["d", "e", "x"],
  [ResultType.STRING]: ["s", "u", "x"],
  [ResultType.LIST]: ["l", "n", "o", "x"],
  [ResultType.MAP]: ["m", "p", "x"],
  [ResultType.BLOB]: ["b", "x"],
  [ResultType.GEOJSON]: ["g", "x"],
  [ResultType.HLL]: ["h", "x"],
};

const COMPARABLE = [
  ResultType.BOOL,
  ResultType.INT,
  ResultType.INT,
  ResultType.FLOAT,
  ResultType.STRING,
  ResultType.LIST,
  ResultType.MAP,
  ResultType.BLOB,
] as const;
const ANY = [...COMPARABLE, ResultType.GEOJSON, ResultType.HLL, ResultType.NIL] as const;
const PATTERNS = ["a", "^a", "b$", "a*b", "(a|b)+", "[a-c]x?", "^$", ".", "hello", "a{2}", "\\bab", "[[:upper:]]", "é"];

/** How much a record takes. */
export const SIZES: readonly ExpOp[] = [ExpOp.RECORD_SIZE, ExpOp.DEVICE_SIZE, ExpOp.MEMORY_SIZE];
const METADATA: readonly ExpOp[] = [...SIZES, ExpOp.VOID_TIME, ExpOp.LAST_UPDATE];

/** Makes packed expressions of any type that servers build, none of which can take a server down. */
export class RandomExpression {
  readonly random: Random;
  /** HyperLogLog sketches to use as constants. */
  readonly sketches: readonly Uint8Array[];
  /** Variables in scope, innermost last. */
  #variables: { readonly name: string; readonly type: ExpressionType }[] = [];
  #named = 0;
  /** Inside a path expression, where loop variables are all that is known. */
  #inLoop = false;
  readonly #metadata: readonly ExpOp[];

  /** @param metadata facts of a record, all integers, that expressions may be about */
  constructor(random: Random, sketches: readonly Uint8Array[], metadata: readonly ExpOp[] = METADATA) {
    this.random = random;
    this.sketches = sketches;
    this.#metadata = metadata;
  }

  /** An expression of a type; `depth` bounds the nesting. */
  expression(type: ExpressionType, depth: number): Uint8Array {
    const { random } = this;
    if (depth <= 0 || random.oneIn(5)) return this.#leaf(type);
    const form = random.below(12);
    if (form === 0) return this.#cond(type, depth - 1);
    if (form === 1) return this.#let(type, depth - 1);
    if (form < 6 && type !== ResultType.GEOJSON) return randomCall(this, type, depth - 1);
    return this.#operation(type, depth - 1);
  }

  /** An expression for the inside of a path. */
  loopExpression(type: ExpressionType, depth: number): Uint8Array {
    const outer = { inLoop: this.#inLoop, variables: this.#variables };
    this.#inLoop = true;
    this.#variables = [];
    const expression = this.expression(type, depth);
    this.#inLoop = outer.inLoop;
    this.#variables = outer.variables;
    return expression;
  }

  anyType(): ExpressionType {
    return this.random.pick(ANY);
  }

  #leaf(type: ExpressionType): Uint8Array {
    const { random } = this;
    const variables = this.#variables.filter((variable) => variable.type === type);
    if (variables.length > 0 && random.oneIn(2)) return op(ExpOp.VAR, raw(random.pick(variables).name));
    if (this.#inLoop && random.oneIn(2)) {
      const which = type === ResultType.INT ? random.below(3) : random.below(2);
      return op(ExpOp.LOOP_VAR, int(type), int(which));
    }
    if (random.oneIn(2)) {
      const name = random.oneIn(12) ? "gone" : random.pick(binsByType[type]);
      return op(ExpOp.BIN, int(type), raw(name));
    }
    return this.constant(type);
  }

  constant(type: ExpressionType): Uint8Array {
    const { random } = this;
    switch (type) {
      case ResultType.NIL:
        return nil;
      case ResultType.BOOL:
        return bool(random.oneIn(2));
      case ResultType.INT:
        return int(randomInteger(random));
      case ResultType.FLOAT:
        return double(randomDouble(random));
      case ResultType.STRING:
        return text(randomString(random));
      case ResultType.BLOB:
        return blob(randomBlob(random));
      case ResultType.LIST:
        return quote(randomList(random));
      case ResultType.MAP:
        return randomMap(random);
      case ResultType.GEOJSON:
        return geo(randomGeoJson(random));
      case ResultType.HLL:
        return sketch(random.pick(this.sketches));
    }
  }

  #cond(type: ExpressionType, depth: number): Uint8Array {
    const cases = Array.from({ length: this.random.between(1, 2) }, () => [
      this.expression(ResultType.BOOL, depth),
      this.#branch(type, depth),
    ]).flat();
    // With nothing but unknown branches it would be a bool.
    return op(ExpOp.COND, ...cases, this.expression(type, depth));
  }

  #branch(type: ExpressionType, depth: number): Uint8Array {
    return this.random.oneIn(8) ? op(ExpOp.UNKNOWN) : this.expression(type, depth);
  }

  #let(type: ExpressionType, depth: number): Uint8Array {
    const outer = this.#variables.length;
    const parts: Uint8Array[] = [];
    for (let i = this.random.between(1, 2); i > 0; i--) {
      const variable = { name: `v${this.#named++}`, type: this.anyType() };
      parts.push(raw(variable.name), this.expression(variable.type, depth));
      this.#variables.push(variable);
    }
    const body = this.expression(type, depth);
    this.#variables.length = outer;
    return op(ExpOp.LET, ...parts, body);
  }

  #operation(type: ExpressionType, depth: number): Uint8Array {
    switch (type) {
      case ResultType.BOOL:
        return this.#boolOperation(depth);
      case ResultType.INT:
        return this.#intOperation(depth);
      case ResultType.FLOAT:
        return this.#floatOperation(depth);
      case ResultType.STRING:
        if (this.random.oneIn(3)) return op(ExpOp.SET_NAME);
        return this.random.oneIn(3) ? op(ExpOp.KEY, int(type)) : this.#leaf(type);
      case ResultType.LIST:
        return op(
          this.random.pick([ExpOp.MAP_KEYS, ExpOp.MAP_VALUES]),
          this.expression(this.random.oneIn(10) ? this.anyType() : ResultType.MAP, depth),
        );
      default:
        return this.#leaf(type);
    }
  }

  #boolOperation(depth: number): Uint8Array {
    const { random } = this;
    const { BOOL, STRING, GEOJSON, LIST } = ResultType;
    switch (random.below(9)) {
      case 0:
        return op(random.pick([ExpOp.KEY_EXISTS, ExpOp.IS_TOMBSTONE]));
      case 1:
      case 2:
      case 8: {
        const type = random.pick(COMPARABLE);
        const code = random.pick([ExpOp.EQ, ExpOp.NE, ExpOp.GT, ExpOp.GE, ExpOp.LT, ExpOp.LE]);
        return op(code, this.expression(type, depth), this.expression(type, depth));
      }
      case 3:
        return op(random.pick([ExpOp.AND, ExpOp.OR, ExpOp.EXCLUSIVE]), ...this.#several(BOOL, 2, 4, depth));
      case 4:
        return op(ExpOp.NOT, this.expression(BOOL, depth));
      case 5:
        return op(ExpOp.REGEX, int(random.below(8)), raw(random.pick(PATTERNS)), this.expression(STRING, depth));
      case 6:
        return op(ExpOp.GEO_COMPARE, this.expression(GEOJSON, depth), this.expression(GEOJSON, depth));
      default:
        return op(ExpOp.IN_LIST, this.expression(this.anyType(), depth), this.expression(LIST, depth));
    }
  }

  #several(type: ExpressionType, least: number, most: number, depth: number): Uint8Array[] {
    return Array.from({ length: this.random.between(least, most) }, () => this.expression(type, depth));
  }

  #intOperation(depth: number): Uint8Array {
    const { random } = this;
    const { INT, BOOL, FLOAT } = ResultType;
    const int1 = () => this.expression(INT, depth);
    switch (random.below(9)) {
      case 0:
        return op(
          random.pick([ExpOp.ADD, ExpOp.SUB, ExpOp.MUL, ExpOp.MIN, ExpOp.MAX]),
          ...this.#several(INT, 1, 3, depth),
        );
      case 1:
        return op(random.pick([ExpOp.INT_AND, ExpOp.INT_OR, ExpOp.INT_XOR]), ...this.#several(INT, 1, 3, depth));
      case 2:
        // INT64_MIN divided by -1 takes a server down: the divisor is a constant and never -1.
        return op(random.pick([ExpOp.DIV, ExpOp.MOD]), int1(), int(random.pick([0, 1, 2, 3, -2, 10, -7, 256])));
      case 3:
        return op(random.pick([ExpOp.ABS, ExpOp.INT_NOT, ExpOp.INT_COUNT]), int1());
      case 4:
        return op(random.pick([ExpOp.INT_LSHIFT, ExpOp.INT_RSHIFT, ExpOp.INT_ARSHIFT]), int1(), int1());
      case 5:
        return op(random.pick([ExpOp.INT_LSCAN, ExpOp.INT_RSCAN]), int1(), this.expression(BOOL, depth));
      case 6:
        return op(ExpOp.TO_INT, this.expression(FLOAT, depth));
      case 7:
        return this.#fact();
      default:
        return op(ExpOp.BIN_TYPE, raw(random.pick([...binsByType[this.anyType()], "gone"])));
    }
  }

  #fact(): Uint8Array {
    const { random } = this;
    const modulus = int(random.pick([1, 2, 3, 7, 16, -5, 1000]));
    if (random.oneIn(3)) return op(ExpOp.DIGEST_MODULO, modulus);
    if (random.oneIn(3)) return op(ExpOp.KEY, int(ResultType.INT));
    return op(random.pick(this.#metadata));
  }

  #floatOperation(depth: number): Uint8Array {
    const { random } = this;
    const { INT, FLOAT } = ResultType;
    switch (random.below(4)) {
      case 0: {
        const code = random.pick([ExpOp.ADD, ExpOp.SUB, ExpOp.MUL, ExpOp.DIV, ExpOp.MIN, ExpOp.MAX]);
        return op(code, ...this.#several(FLOAT, 1, 3, depth));
      }
      case 1:
        return op(random.pick([ExpOp.ABS, ExpOp.FLOOR, ExpOp.CEIL]), this.expression(FLOAT, depth));
      case 2:
        // Of pow and log only what has one exact answer everywhere.
        return random.oneIn(2)
          ? op(ExpOp.POW, double(random.pick([2, 1, -1, 0])), double(random.pick([0, 1, 2, 3, Number.NaN, Infinity])))
          : op(ExpOp.LOG, double(1), double(random.pick([2, 10])));
      default:
        return op(ExpOp.TO_FLOAT, this.expression(INT, depth));
    }
  }
}

/** An expression with wrong arity, wrong types or unknown codes somewhere: most of these a server refuses. */
export function damaged(random: Random, expression: Uint8Array): Uint8Array {
  const bytes = expression.slice();
  const at = random.below(bytes.length);
  if (random.oneIn(3)) return list(bytes, bytes);
  if (random.oneIn(3)) return bytes.subarray(0, at);
  bytes[at] = random.below(256);
  return bytes;
}
