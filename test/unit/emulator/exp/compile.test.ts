import { describe, expect, it } from "vitest";
import { buildFilter, compile, type Expression, Refused, UNKNOWN } from "../../../../emulator/exp/index.js";
import { ExpOp } from "../../../../protocol/exp/op-code.js";
import {
  blob,
  bool,
  double,
  geo,
  int,
  list,
  nil,
  op,
  quote,
  raw,
  sketch,
  text,
} from "../../../support/random/packing.js";
import { fromHex } from "../cdt/recorded.js";
import { viewWith } from "./tiny-view.js";

const L = op(ExpOp.BIN, int(4), raw("l"));
const WILDCARD = fromHex("d4ff00");

/** Everything here was given to a server of 8.1.2, or is what takes one down. */
const REFUSED: readonly (readonly [string, Uint8Array])[] = [
  ["nothing", new Uint8Array(0)],
  ["an empty list", list()],
  ["bytes behind the end", Uint8Array.of(1, 2)],
  ["an unknown op code", op(10)],
  ["a negative op code", list(int(-1))],
  ["an op code that is no integer", list(text("a"))],
  ["a truncated list", fromHex("9301")],
  ["an and of one", op(ExpOp.AND, bool(true))],
  ["an and of an integer", op(ExpOp.AND, bool(true), int(1))],
  ["a not of two", op(ExpOp.NOT, bool(true), bool(true))],
  ["types that don't compare", op(ExpOp.EQ, int(1), text("a"))],
  ["integers with doubles", op(ExpOp.ADD, int(1), double(1))],
  ["an add of nothing", op(ExpOp.ADD)],
  ["an add of strings", op(ExpOp.ADD, text("a"), text("b"))],
  [
    "GeoJSON compared",
    op(ExpOp.EQ, geo('{"type":"Point","coordinates":[1,2]}'), geo('{"type":"Point","coordinates":[1,2]}')),
  ],
  ["sketches compared", op(ExpOp.EQ, sketch(new Uint8Array(20)), sketch(new Uint8Array(20)))],
  ["nil with an integer", op(ExpOp.EQ, nil, int(1))],
  ["invalid GeoJSON", geo("{}")],
  ["a blob of another language", fromHex("a20761")],
  ["an empty string without type", fromHex("a0")],
  ["a bare extension", fromHex("c7000105")],
  ["a bare wildcard", WILDCARD],
  ["an unquoted list as a constant", list(int(1), int(2))],
  ["a quoted integer", op(ExpOp.QUOTE, int(1))],
  ["a bin with a name of 16 bytes", op(ExpOp.BIN, int(2), raw("abcdefghijklmnop"))],
  ["a bin with a NUL in its name", op(ExpOp.BIN, int(2), fromHex("a2610062"))],
  ["a bin of no type", op(ExpOp.BIN, int(10), raw("a"))],
  ["a key of type list", op(ExpOp.KEY, int(4))],
  ["a digest modulo zero", op(ExpOp.DIGEST_MODULO, int(0))],
  ["a digest modulo 2^32", op(ExpOp.DIGEST_MODULO, int(2n ** 32n))],
  ["a digest modulo an expression", op(ExpOp.DIGEST_MODULO, op(ExpOp.TTL))],
  ["a bad pattern", op(ExpOp.REGEX, int(1), raw("("), text("a"))],
  ["a pattern for an integer", op(ExpOp.REGEX, int(1), raw("a"), int(1))],
  ["a cond without default", op(ExpOp.COND, bool(true), int(1))],
  ["a cond of two types", op(ExpOp.COND, bool(true), int(1), text("a"))],
  ["a cond on an integer", op(ExpOp.COND, int(1), int(1), int(2))],
  ["a cond of extensions", op(ExpOp.COND, bool(true), WILDCARD, WILDCARD)],
  ["a let without body", op(ExpOp.LET, raw("a"), int(1))],
  ["a let with a bad name", op(ExpOp.LET, raw("1a"), int(1), int(2))],
  ["a let that uses itself", op(ExpOp.LET, raw("a"), op(ExpOp.VAR, raw("a")), int(1))],
  ["a let that hides another", op(ExpOp.LET, raw("a"), int(1), op(ExpOp.LET, raw("a"), int(2), int(3)))],
  ["an undefined variable", op(ExpOp.VAR, raw("a"))],
  ["a variable out of its scope", op(ExpOp.ADD, op(ExpOp.LET, raw("a"), int(1), int(2)), op(ExpOp.VAR, raw("a")))],
  ["a loop variable that does not exist", op(ExpOp.LOOP_VAR, int(2), int(3))],
  ["an index that is no integer", op(ExpOp.LOOP_VAR, int(3), int(2))],
  ["in_list without a list", op(ExpOp.IN_LIST, int(1), int(1))],
  ["a call of an unknown system", op(ExpOp.CALL, int(2), int(3), op(16), L)],
  ["a call on an integer", op(ExpOp.CALL, int(2), int(0), op(16), int(1))],
  ["a call without operation", op(ExpOp.CALL, int(2), int(0), list(), L)],
  ["a call of no type", op(ExpOp.CALL, int(10), int(0), op(16), L)],
  ["an unquoted list as a param", op(ExpOp.CALL, int(2), int(0), op(22, int(5), list(int(1), int(2))), L)],
  [
    "a blob of another language after a list",
    op(ExpOp.CALL, int(2), int(0), op(25, int(5), quote(list()), fromHex("a20761")), L),
  ],
  ["a context of two", op(ExpOp.CALL, int(2), int(0), list(int(255), list(int(16), int(0))), L)],
  ["a path of two", op(ExpOp.CALL, int(2), int(0), list(int(254), list()), L)],
  ["remove_result as a param", op(ExpOp.CALL, int(2), int(0), op(22, int(5), op(ExpOp.REMOVE_RESULT)), L)],
  ["remove_result compared", op(ExpOp.EQ, op(ExpOp.REMOVE_RESULT), op(ExpOp.REMOVE_RESULT))],
  ["remove_result in a list", op(ExpOp.IN_LIST, op(ExpOp.REMOVE_RESULT), L)],
  ["bits read from nil", op(ExpOp.CALL, int(6), int(1), op(50, int(0), int(8)), nil)],
  [
    "a call of more parts than a server holds",
    op(ExpOp.CALL, int(2), int(0), op(22, ...new Array(17).fill(quote(list()))), L),
  ],
  ["more than a megabyte compiled", fromHex(`dd0000c35110${"c3".repeat(50_000)}`)],
];

function compileFilter(packed: Uint8Array): Expression | undefined {
  const built = buildFilter(packed);
  return built instanceof Refused ? undefined : built;
}

describe("what a server builds no expression from", () => {
  it.each(REFUSED)("%s", (_, packed) => {
    expect(compile(packed)).toBeUndefined();
  });
});

describe("what a server builds", () => {
  it.each([
    ["extensions that are only compared", op(ExpOp.EQ, WILDCARD, WILDCARD), true],
    ["a cond of nothing but unknown", op(ExpOp.COND, bool(true), op(ExpOp.UNKNOWN), op(ExpOp.UNKNOWN)), UNKNOWN],
    [
      "the same name in two scopes",
      op(
        ExpOp.ADD,
        op(ExpOp.LET, raw("a"), int(1), op(ExpOp.VAR, raw("a"))),
        op(ExpOp.LET, raw("a"), int(2), op(ExpOp.VAR, raw("a"))),
      ),
      3n,
    ],
    ["an op code and header that are not compact", fromHex("dd00000003cd00010101"), true],
    ["an unsigned integer beyond int64, wrapped", fromHex("cfffffffffffffffff"), -1n],
    ["a double of single precision", fromHex("ca3fc00000"), 1.5],
    ["a type prefix that is part of a bin's name", op(ExpOp.BIN, int(2), text("a")), UNKNOWN],
    [
      "a call on nil, of type nil to its surroundings",
      op(ExpOp.EQ, op(ExpOp.CALL, int(2), int(0), op(16), nil), nil),
      UNKNOWN,
    ],
  ] as const)("%s", (_, packed, value) => {
    expect(compile(packed)?.evaluate(viewWith({}))).toBe(value);
  });
});

describe("filters", () => {
  it("are bools", () => {
    expect(compileFilter(bool(true))).toBeDefined();
    expect(compileFilter(op(ExpOp.UNKNOWN))).toBeDefined();
    expect(compileFilter(int(1))).toBeUndefined();
    expect(compileFilter(blob(new Uint8Array(1)))).toBeUndefined();
  });
});

describe("nesting", () => {
  it("is as deep as the compiled size allows", () => {
    let packed = bool(true);
    const depth = 120_000;
    const bytes = new Uint8Array(2 * depth + 1);
    for (let i = 0; i < depth; i++) bytes.set([0x92, ExpOp.NOT], 2 * i);
    bytes.set(packed, 2 * depth);
    packed = bytes;
    expect(compileFilter(packed)?.test(viewWith({}))).toBe(true);
    expect(compile(bytes.subarray(0, 2 * depth))).toBeUndefined();
  });

  it("ends with the compiled size", () => {
    const depth = 131_072;
    const bytes = new Uint8Array(2 * depth + 1);
    for (let i = 0; i < depth; i++) bytes.set([0x92, ExpOp.NOT], 2 * i);
    bytes[2 * depth] = 0xc3;
    expect(compile(bytes)).toBeUndefined();
  });

  it("of lists inside constants costs no stack", () => {
    const depth = 100_000;
    const deep = new Uint8Array(depth + 1).fill(0x91);
    deep[depth] = 1;
    expect(compileFilter(op(ExpOp.EQ, quote(deep), quote(deep)))?.test(viewWith({}))).toBe(true);
  });
});
