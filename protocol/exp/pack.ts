import type { Writer } from "../bytes/writer.js";
import { CONTEXT_NO_FAIL } from "../cdt/context.js";
import { CdtForm } from "../cdt/operations.js";
import { GeoJson } from "../value/geojson.js";
import { Hll } from "../value/hll.js";
import {
  packBigint,
  packBytes,
  packDouble,
  packInteger,
  packListHeader,
  packRawString,
  packSearchValue,
  packString,
} from "../value/pack.js";
import { ParticleType } from "../value/particle-type.js";
import { INFINITY, WILDCARD } from "../value/special.js";
import { typeCode } from "./exp-type.js";
import type { CallNode, ConstNode, ExpNode, ParamNode, PathStep, SelectNode } from "./node.js";
import { APPLY, CALL_SYSTEMS, ExpOp, LOOP_PARTS, MODIFIES } from "./op-code.js";

// An expression on the wire:
//   operation   [op, argument…]            bin        [81, type, raw name]        bin type  [82, raw name]
//   scalar      the value itself           list       [126, [element…]]           map       the map itself
//   let         [125, raw name, value, …, body]       variable  [124, raw name]   loop variable  [122, type, part]
//   call        [127, type, system, [code, param…], target]
//   in context  [127, type, system, [255, [step, value…], [code, param…]], target]
//   select      [127, type, 0, [254, [step, value…], flags (, apply)], target]
//   text        [128, raw text], as a whole expression

/** Takes note of where a parameter's bytes belong. */
export type AtParam = (param: ParamNode, raw: boolean) => void;

/** Packs a resolved tree; `atParam` is called in place of packing a parameter. */
export function packNode(w: Writer, node: ExpNode, atParam?: AtParam): void {
  switch (node.kind) {
    case "const":
      packConstant(w, node);
      return;
    case "special":
      packSearchValue(w, node.value === WILDCARD ? WILDCARD : INFINITY);
      return;
    case "param":
      atParam?.(node, false);
      return;
    case "op":
      packHead(w, node.code, node.args.length);
      for (const arg of node.args) packNode(w, arg, atParam);
      return;
    case "bin":
      packHead(w, ExpOp.BIN, 2);
      packInteger(w, typeCode(node.type));
      packRawString(w, node.name);
      return;
    case "binType":
      packHead(w, ExpOp.BIN_TYPE, 1);
      packRawString(w, node.name);
      return;
    case "binExists":
      packHead(w, ExpOp.BIN_EXISTS, 1);
      packRawString(w, node.name);
      return;
    case "text":
      packListHeader(w, 2);
      packInteger(w, ExpOp.TEXT);
      packRawString(w, node.text);
      return;
    case "key":
      packHead(w, ExpOp.KEY, 1);
      packInteger(w, typeCode(node.type));
      return;
    case "digestModulo":
      packHead(w, ExpOp.DIGEST_MODULO, 1);
      packInteger(w, node.modulus);
      return;
    case "regex":
      packHead(w, ExpOp.REGEX, 3);
      packInteger(w, node.flags);
      if (typeof node.pattern === "string") packRawString(w, node.pattern);
      else atParam?.(node.pattern, true);
      packNode(w, node.subject, atParam);
      return;
    case "cond":
      packHead(w, ExpOp.COND, node.parts.length);
      for (const part of node.parts) packNode(w, part, atParam);
      return;
    case "var":
      packHead(w, ExpOp.VAR, 1);
      packRawString(w, node.name);
      return;
    case "let":
      packHead(w, ExpOp.LET, node.definitions.length * 2 + 1);
      for (const definition of node.definitions) {
        packRawString(w, definition.name);
        packNode(w, definition.value, atParam);
      }
      packNode(w, node.body, atParam);
      return;
    case "loopVar":
      packHead(w, ExpOp.LOOP_VAR, 2);
      packInteger(w, typeCode(node.type));
      packInteger(w, LOOP_PARTS.indexOf(node.part));
      return;
    case "call":
      packCall(w, node, atParam);
      return;
    case "select":
      packSelect(w, node, atParam);
      return;
  }
}

function packHead(w: Writer, code: number, args: number): void {
  packListHeader(w, args + 1);
  w.u8(code);
}

/** A constant as an expression: lists are quoted, as a bare list would be an operation. */
export function packConstant(w: Writer, node: ConstNode): void {
  const { value } = node;
  switch (node.type) {
    case "int":
      if (typeof value === "bigint") packBigint(w, value);
      else packInteger(w, Number(value));
      return;
    case "float":
      packDouble(w, Number(value));
      return;
    case "string":
      packString(w, String(value));
      return;
    case "bool":
      w.u8(value === true ? 0xc3 : 0xc2);
      return;
    case "nil":
      w.u8(0xc0);
      return;
    case "list":
      packHead(w, ExpOp.QUOTE, 1);
      break;
  }
  if (value instanceof GeoJson) packSearchValue(w, value);
  else if (value instanceof Hll) packBytes(w, value.bytes, ParticleType.HLL);
  else if (value instanceof Uint8Array) {
    if (node.type === "blob") packBytes(w, value, ParticleType.BLOB);
    else w.bytes(value);
  }
}

function packCall(w: Writer, node: CallNode, atParam: AtParam | undefined): void {
  packHead(w, ExpOp.CALL, 4);
  // Resolved trees have all their types.
  packInteger(w, typeCode(node.type ?? "nil"));
  packInteger(w, CALL_SYSTEMS.indexOf(node.system) | (node.modify ? MODIFIES : 0));
  if (node.path.length > 0) {
    packListHeader(w, 3);
    packInteger(w, CdtForm.IN_CONTEXT);
    packPath(w, node.path, atParam, node.noFailPath);
  }
  packListHeader(w, node.params.length + 1);
  packInteger(w, node.code);
  for (const param of node.params) packNode(w, param, atParam);
  packNode(w, node.target, atParam);
}

function packSelect(w: Writer, node: SelectNode, atParam: AtParam | undefined): void {
  packHead(w, ExpOp.CALL, 4);
  packInteger(w, typeCode(node.type));
  packInteger(w, node.apply === undefined ? 0 : MODIFIES);
  packSelection(w, node, atParam);
  packNode(w, node.target, atParam);
}

/** A path and what becomes of the places that it leads to, without what it works on. */
export function packSelection(w: Writer, { path, flags, apply }: SelectNode, atParam?: AtParam): void {
  packListHeader(w, apply === undefined ? 3 : 4);
  packInteger(w, CdtForm.SELECT);
  packPath(w, path, atParam);
  packInteger(w, apply === undefined ? flags : flags | APPLY);
  if (apply !== undefined) packNode(w, apply, atParam);
}

function packPath(w: Writer, path: readonly PathStep[], atParam: AtParam | undefined, noFail = false): void {
  packListHeader(w, path.length * 2 + (noFail ? 1 : 0));
  if (noFail) packInteger(w, CONTEXT_NO_FAIL);
  for (const step of path) {
    packInteger(w, step.code);
    if (step.filter === undefined) w.bytes(step.value);
    else packNode(w, step.filter, atParam);
  }
}
