import { Reader } from "../bytes/reader.js";
import { CONTEXT_NO_FAIL } from "../cdt/context.js";
import { CdtForm } from "../cdt/operations.js";
import { Double } from "../value/double.js";
import { GeoJson } from "../value/geojson.js";
import { Hll } from "../value/hll.js";
import { PackedHead, PackedType, takeHead } from "../value/packed-head.js";
import { ParticleType } from "../value/particle-type.js";
import { checkTarget } from "./call-target.js";
import { binName, checkText, checkVariableName } from "./check-names.js";
import { checkCall } from "./danger.js";
import { type ExpType, typeOfCode } from "./exp-type.js";
import { exactText, readLiteral } from "./literal.js";
import {
  type CallNode,
  type ConstNode,
  type Definition,
  type ExpNode,
  NO_VALUE,
  type PathStep,
  type SelectNode,
} from "./node.js";
import { APPLY, CALL_SYSTEMS, ExpOp, LOOP_PARTS, MODIFIES } from "./op-code.js";
import { OPS, opNode } from "./ops.js";
import { checkChange } from "./path-change.js";
import { condType, MAX_DEPTH } from "./resolve.js";

// The grammar of pack.ts, read back. Numbers and headers may be longer than need be; what the server refuses is
// refused here too.

/** Low nibble of a step's type: its value is an expression. */
const EXPRESSION_STEP = 4;

/**
 * The tree of a packed expression. Throws TypeError for one that servers refuse or must not be sent, ProtocolError for
 * bytes that break off.
 */
export function readExpression(packed: Uint8Array): ExpNode {
  const r = new Reader(packed);
  const node = read(r, 0);
  if (r.left > 0) throw new TypeError(`${r.left} bytes follow the end of the expression`);
  return node;
}

function read(r: Reader, depth: number): ExpNode {
  if (depth > MAX_DEPTH) throw new TypeError(`the expression nests deeper than ${MAX_DEPTH} levels`);
  const count = listCount(r);
  if (count === undefined) return readConstant(r);
  if (count === 0) throw new TypeError("an empty list is no expression");
  const code = readInt(r, "the op code");
  const args = count - 1;
  if (args > r.left) throw new TypeError(`an operation announces ${args} arguments in ${r.left} bytes`);
  const op = OPS[code];
  if (op !== undefined) {
    if (typeof op.takes !== "string" && op.takes.length !== args) wrongCount(op.name, args, op.takes.length);
    if (op.takes === "same" && args !== 2) wrongCount(op.name, args, 2);
    return opNode(code, readMany(r, args, depth));
  }
  return readSpecial(r, code, args, depth);
}

function readMany(r: Reader, count: number, depth: number): ExpNode[] {
  const nodes: ExpNode[] = [];
  for (let i = 0; i < count; i++) nodes.push(read(r, depth + 1));
  return nodes;
}

/** Operations with an argument that is no expression. */
function readSpecial(r: Reader, code: number, args: number, depth: number): ExpNode {
  switch (code) {
    case ExpOp.REGEX: {
      if (args !== 3) wrongCount("regexCompare", args, 3);
      const flags = readInt(r, "the flags");
      // A pattern may end in a NUL, which is not part of it.
      const pattern = rawString(r).replace(/\0$/, "");
      return { kind: "regex", type: "bool", flags, pattern, subject: read(r, depth + 1) };
    }
    case ExpOp.DIGEST_MODULO: {
      if (args !== 1) wrongCount("digestModulo", args, 1);
      const modulus = readInt(r, "the modulus");
      if (modulus === 0 || modulus !== (modulus | 0))
        throw new TypeError(`digestModulo: ${modulus} is no 32-bit integer other than 0`);
      return { kind: "digestModulo", type: "int", modulus };
    }
    case ExpOp.KEY: {
      if (args !== 1) wrongCount("key", args, 1);
      const type = readType(r);
      if (type !== "int" && type !== "string" && type !== "blob") throw new TypeError(`a key can't be ${type}`);
      return { kind: "key", type };
    }
    case ExpOp.BIN:
      if (args !== 2) wrongCount("bin", args, 2);
      return { kind: "bin", type: readType(r), name: binName(rawString(r), "bin") };
    case ExpOp.BIN_EXISTS:
      if (args !== 1) wrongCount("binExists", args, 1);
      return { kind: "binExists", type: "bool", name: binName(rawString(r), "binExists") };
    case ExpOp.TEXT:
      if (args !== 1) wrongCount("a text", args, 1);
      if (depth > 0) throw new TypeError("a text that the server compiles is a whole expression, never part of one");
      return { kind: "text", type: undefined, text: checkText(rawString(r)) };
    case ExpOp.BIN_TYPE:
      if (args !== 1) wrongCount("binType", args, 1);
      return { kind: "binType", type: "int", name: binName(rawString(r), "binType") };
    case ExpOp.LOOP_VAR: {
      if (args !== 2) wrongCount("loopVar", args, 2);
      const type = readType(r);
      const part = LOOP_PARTS[readInt(r, "the part")];
      if (part === undefined || (part === "index" && type !== "int"))
        throw new TypeError("there is no such loop variable");
      return { kind: "loopVar", type, part };
    }
    case ExpOp.COND: {
      if (args < 3 || args % 2 === 0)
        throw new TypeError(`cond has ${args} arguments; expected an odd number from 3 on`);
      const parts = readMany(r, args, depth);
      return { kind: "cond", type: condType(parts), parts };
    }
    case ExpOp.VAR:
      if (args !== 1) wrongCount("var", args, 1);
      return { kind: "var", type: undefined, name: checkVariableName(rawString(r), "var") };
    case ExpOp.LET:
      return readLet(r, args, depth);
    case ExpOp.QUOTE: {
      if (args !== 1) wrongCount("quote", args, 1);
      if (!isList(r)) throw new TypeError("only a list is quoted");
      const { packed, specials } = readLiteral(r);
      return { kind: "const", type: "list", value: packed, specials };
    }
    case ExpOp.CALL:
      if (args !== 4) wrongCount("call", args, 4);
      return readCall(r, depth);
    default:
      throw new TypeError(`there is no operation ${code}`);
  }
}

function readLet(r: Reader, args: number, depth: number): ExpNode {
  if (args < 3 || args % 2 === 0) throw new TypeError(`let has ${args} arguments; expected an odd number from 3 on`);
  const definitions: Definition[] = [];
  for (let i = 0; i < (args - 1) / 2; i++) {
    const name = checkVariableName(rawString(r), "def");
    definitions.push({ name, value: read(r, depth + 1) });
  }
  const body = read(r, depth + 1);
  return { kind: "let", type: body.type, definitions, body };
}

function readCall(r: Reader, depth: number): ExpNode {
  const type = readType(r);
  const system = readInt(r, "the call's system");
  const count = needList(r, "a call");
  const code = readInt(r, "the call's code");
  const modify = (system & MODIFIES) !== 0;
  if (code === CdtForm.SELECT) return readSelect(r, type, modify, count, depth);
  let path: readonly PathStep[] = [];
  let noFailPath = false;
  let op = code;
  let params = count - 1;
  if (code === CdtForm.IN_CONTEXT) {
    ({ path, noFail: noFailPath } = readPath(r, depth));
    params = needList(r, "the call in a context") - 1;
    op = readInt(r, "the call's code");
  }
  if (params < 0 || params > r.left) throw new TypeError("a call has no code");
  const nodes = readMany(r, params, depth);
  const target = read(r, depth + 1);
  const name = CALL_SYSTEMS[system & ~MODIFIES];
  if (name === undefined) throw new TypeError(`there is no call system ${system}`);
  const call: CallNode = { kind: "call", type, system: name, modify, code: op, params: nodes, path, target };
  const node = noFailPath ? { ...call, noFailPath } : call;
  checkTarget(node, target);
  checkCall(node);
  return node;
}

function readSelect(r: Reader, type: ExpType, modify: boolean, count: number, depth: number): ExpNode {
  const { path, noFail } = readPath(r, depth);
  if (noFail) throw new TypeError("a path says in its flags whether places may be missing, not in its steps");
  const flags = readInt(r, "the flags of a path");
  const apply = count > 3 ? read(r, depth + 1) : undefined;
  if ((apply !== undefined) !== modify || ((flags & APPLY) !== 0) !== modify) {
    throw new TypeError("a path changes something exactly when it has an expression to apply");
  }
  if (apply !== undefined) checkChange(apply);
  const target = read(r, depth + 1);
  const node: SelectNode = { kind: "select", type, path, flags: flags & ~APPLY, apply, target };
  return node;
}

function readPath(r: Reader, depth: number): { readonly path: readonly PathStep[]; readonly noFail: boolean } {
  const count = needList(r, "a context");
  const noFail = count % 2 === 1;
  const pairs = (count - (noFail ? 1 : 0)) / 2;
  if (pairs === 0 || count > r.left || (noFail && readInt(r, "the mark of a context") !== CONTEXT_NO_FAIL))
    throw new TypeError("a context is made of pairs");
  const path: PathStep[] = [];
  for (let i = 0; i < pairs; i++) {
    const code = readInt(r, "a step's type");
    const isFilter = (code & 0x0f) === EXPRESSION_STEP && isList(r);
    path.push(
      isFilter ? { code, value: NO_VALUE, filter: read(r, depth + 1) } : { code, value: readLiteral(r).packed },
    );
  }
  return { path, noFail };
}

function readConstant(r: Reader): ExpNode {
  const { value, packed, specials } = readLiteral(r);
  switch (typeof value) {
    case "number":
      return { kind: "const", type: Number.isSafeInteger(value) ? "int" : "float", value };
    case "bigint":
      return { kind: "const", type: "int", value };
    case "string":
      return { kind: "const", type: "string", value };
    case "boolean":
      return { kind: "const", type: "bool", value };
    case "symbol":
      return { kind: "special", type: "special", value };
  }
  const type = constantType(value, packed);
  const held = value instanceof Double ? value.value : type === "map" ? packed : value;
  const node: ConstNode = { kind: "const", type, value: held };
  return specials ? { ...node, specials } : node;
}

function constantType(value: unknown, packed: Uint8Array): ExpType {
  if (value === null) return "nil";
  if (value instanceof Double) return "float";
  if (value instanceof GeoJson) return "geo";
  if (value instanceof Hll) return "hll";
  if (!(value instanceof Uint8Array)) return "map";
  // Another type byte than a blob's; where it stands depends on the length of the header.
  if (packed[packed.length - value.length - 1] !== ParticleType.BLOB)
    throw new TypeError("a blob of another type can't be a constant");
  return "blob";
}

const head = new PackedHead();

/** Whether a list starts here. */
function isList(r: Reader): boolean {
  return head.read(r.bytes, r.at, r.end) && head.type === PackedType.LIST;
}

/** Takes the header of the list that starts here and gives its count; undefined when there is none. */
function listCount(r: Reader): number | undefined {
  if (!isList(r)) return undefined;
  r.at = head.next;
  return head.count;
}

function needList(r: Reader, what: string): number {
  const count = listCount(r);
  if (count === undefined || count === 0) throw new TypeError(`${what} is a list`);
  return count;
}

function readInt(r: Reader, what: string): number {
  const { value } = readLiteral(r);
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw new TypeError(`${what} is an integer`);
  return value;
}

function readType(r: Reader): ExpType {
  const type = typeOfCode(readInt(r, "a type"));
  if (type === undefined) throw new TypeError("there is no such type");
  return type;
}

/** A string without a type byte: a name or a pattern. */
function rawString(r: Reader): string {
  takeHead(r, head);
  switch (head.type) {
    case PackedType.STRING:
    case PackedType.BYTES:
    case PackedType.GEOJSON:
      return exactText(r.bytes.subarray(head.content, head.next));
    default:
      throw new TypeError("a name or a pattern is a string");
  }
}

function wrongCount(name: string, args: number, expected: number): never {
  throw new TypeError(`${name} has ${args} arguments; expected ${expected}`);
}
