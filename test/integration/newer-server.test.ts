import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Writer } from "../../protocol/bytes/writer.js";
import { bitB64Encode } from "../../protocol/cdt/bit.js";
import { callOp, toStringOp } from "../../protocol/cdt/call.js";
import { containerCount, listJoin } from "../../protocol/cdt/list.js";
import { strAppend, strLength, strUpper } from "../../protocol/cdt/string.js";
import { writeCommand } from "../../protocol/command/record-command.js";
import { operate, type RecordOperation, readHeader } from "../../protocol/command/record-operation.js";
import { expressionReadOp } from "../../protocol/exp/expression-op.js";
import { type Op, OpCode } from "../../protocol/message/op.js";
import { ResultCode } from "../../protocol/result-code.js";
import { CTX, type DataSet, Exp, type Key, PathSelectFlags } from "../../src/index.js";
import { askMessage } from "../support/ask-message.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";

// What servers before 8.2 answer to what only 8.2 knows. The client refuses to send it; here it is sent all the same, for
// the emulator of 8.1.2 must answer as the server does.

let target: TestTarget;
let records: DataSet;
let key: Key;

beforeAll(async () => {
  target = await connectTarget();
  records = target.dataSet();
  key = records.id(1);
  await target.session.put(key, { s: "abc", n: 1, l: ["a", "b", "c"], m: { a: 1, b: 2 }, b: Uint8Array.of(1, 2) });
});

afterAll(async () => {
  await target[Symbol.asyncDispose]();
});

async function codeOf(operation: RecordOperation): Promise<number> {
  const w = new Writer(256);
  writeCommand(w, key, operation, 5000);
  const message = await askMessage(nodeOfKey(), w.copy());
  return message.resultCode;
}

function nodeOfKey(): string {
  const [first] = target.hosts.split(",");
  return first ?? "";
}

const inExpression = (exp: Exp): Op => expressionReadOp("r", exp);

const KNOWN_TO_8_2: readonly (readonly [string, () => Op, number])[] = [
  ["STRING_READ", () => callOp("s", strLength()), ResultCode.PARAMETER_ERROR],
  ["STRING_READ of a bin that is missing", () => callOp("none", strLength()), ResultCode.PARAMETER_ERROR],
  ["STRING_MODIFY", () => callOp("s", strUpper()), ResultCode.PARAMETER_ERROR],
  ["STRING_MODIFY that creates", () => callOp("none", strAppend("x")), ResultCode.PARAMETER_ERROR],
  ["TO_STRING", () => toStringOp("n"), ResultCode.PARAMETER_ERROR],
  ["list join", () => callOp("l", listJoin(",")), ResultCode.PARAMETER_ERROR],
  ["count", () => callOp("l", containerCount()), ResultCode.BIN_TYPE_ERROR],
  ["base64", () => callOp("b", bitB64Encode()), ResultCode.PARAMETER_ERROR],
  ["a call of strings", () => inExpression(Exp.strLength(Exp.stringBin("s"))), ResultCode.PARAMETER_ERROR],
  ["toString", () => inExpression(Exp.toString(Exp.intBin("n"))), ResultCode.PARAMETER_ERROR],
  ["binExists", () => inExpression(Exp.binExists("n", { opCode: true })), ResultCode.PARAMETER_ERROR],
  ["join in an expression", () => inExpression(Exp.listJoin(",", Exp.listBin("l"))), ResultCode.OP_NOT_APPLICABLE],
  ["count in an expression", () => inExpression(Exp.count(Exp.listBin("l"))), ResultCode.OP_NOT_APPLICABLE],
  [
    "a path's count",
    () => inExpression(Exp.selectByPath("int", PathSelectFlags.COUNT, Exp.listBin("l"), CTX.allChildren())),
    ResultCode.OP_NOT_APPLICABLE,
  ],
  [
    "a range in a path",
    () => inExpression(Exp.selectByPath("list", PathSelectFlags.VALUES, Exp.listBin("l"), CTX.listIndexRange(0, 2))),
    ResultCode.OP_NOT_APPLICABLE,
  ],
  // Overlooked: the keys themselves come in place of all others. So it must never be sent.
  [
    "all others in a path",
    () =>
      inExpression(Exp.selectByPath("list", PathSelectFlags.VALUES, Exp.mapBin("m"), CTX.mapKeysIn(["a"]).allOthers())),
    ResultCode.OK,
  ],
  [
    "a text",
    () => ({ code: OpCode.EXP_READ, bin: "r", payload: hex("9292cc80a5242e6e203e203100".replaceAll(" ", "")) }),
    ResultCode.PARAMETER_ERROR,
  ],
];

function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "hex"));
}

describe("servers before 8.2", () => {
  it.each(KNOWN_TO_8_2)("answer to %s", async (_, make, code) => {
    if (target.client.supports("stringOperations")) return;
    expect(await codeOf(operate([make()]))).toBe(code);
  });

  it("give no details of errors", async () => {
    const asked = { ...readHeader({ errorDetails: "expressionTrace" }), filter: hex("91") };
    const w = new Writer(256);
    writeCommand(w, key, asked, 5000);
    const message = await askMessage(nodeOfKey(), w.copy());
    expect(message.resultCode).toBe(ResultCode.PARAMETER_ERROR);
    if (!target.client.supports("errorDetails")) expect(message.nextField()).toBe(false);
  });
});
