import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { encodeBase64 } from "../../../protocol/bytes/base64.js";
import { encodeUtf8 } from "../../../protocol/bytes/utf8.js";
import { Writer } from "../../../protocol/bytes/writer.js";
import { BackgroundOperateCommand } from "../../../protocol/command/background-operate.js";
import { beginProto, finishProto, ProtoType } from "../../../protocol/frame/proto.js";
import { OpCode, type PayloadOp } from "../../../protocol/message/op.js";
import { ResultCode } from "../../../protocol/result-code.js";
import type { Value } from "../../../protocol/value/value.js";
import { operateCommand, readCommand, udfCommand } from "../../support/record-commands.js";
import { encoded, keyOf, messageOf, NAMESPACE, SET, World } from "./support/world.js";

// Requests that took a real node of 8.1.2 down or damaged its data. No client of ours sends them; the emulator refuses
// each and leaves the record as it was.

const PARAMETER = ResultCode.PARAMETER_ERROR;
const NOT_APPLICABLE = ResultCode.OP_NOT_APPLICABLE;
/** What a change that is unknown comes to. */
const UNKNOWN = ResultCode.SERVER_ERROR;
const INT64_MIN = -(2n ** 63n);
const LONG = "x".repeat(31);

let world: World;

beforeAll(async () => {
  world = await World.start();
});

afterAll(() => world[Symbol.asyncDispose]());

afterEach(async () => {
  await world.write("alive", { n: 1 });
});

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

function op(code: PayloadOp["code"], hex: string): PayloadOp {
  return { code, bin: "b", payload: bytes(hex) };
}

const { CDT_MODIFY, CDT_READ, EXP_MODIFY, EXP_READ, BITS_MODIFY } = OpCode;
/** Bin b in an expression, as a list, map, blob and integer. */
const [LIST, MAP, BLOB, INT] = ["935104a162", "935105a162", "935106a162", "935102a162"];

type Row = readonly [request: string, bin: Value, code: PayloadOp["code"], hex: string, due: number];

/** The bin is there before and the same after; where it is undefined, there is no record. */
function refused(danger: string, rows: readonly Row[]): void {
  describe(danger, () => {
    test.each(rows)("%s", async (_, bin, code, hex, due) => {
      await world.write(1, { b: bin, other: 1 });
      const before = await world.read(1);
      expect(await world.codeOf(operateCommand(keyOf(1), [op(code, hex)]))).toBe(due);
      expect((await world.read(1))?.bins).toEqual(before?.bins);
    });
  });
}

/** An expression: as the value to write and, where it is a condition, as a filter. */
const write = (expression: string) => `92${expression}00`;

refused("a list or map that no server can hold", [
  ["append: a key twice", [1], CDT_MODIFY, "920182a2036101a2036102", PARAMETER],
  ["append: keys out of order", [1], CDT_MODIFY, "920183c70001c0a2036201a2036102", PARAMETER],
  ["append: nil as key", [1], CDT_MODIFY, "920181c001", PARAMETER],
  ["append: a double as key", [1], CDT_MODIFY, "920181cb3ff800000000000001", PARAMETER],
  ["append: a list as key", [1], CDT_MODIFY, "9201819001", PARAMETER],
  ["append: a blob of another type as key", [1], CDT_MODIFY, "920181a2070101", PARAMETER],
  ["append: a list that claims to be ordered", [1], CDT_MODIFY, "920193c700010301", PARAMETER],
  ["append: deep inside", [1], CDT_MODIFY, "9201919182a2036101a2036102", PARAMETER],
  ["append items", [1], CDT_MODIFY, "92029182a2036101a2036102", PARAMETER],
  ["insert", [1], CDT_MODIFY, "93030082a2036101a2036102", PARAMETER],
  ["insert items", [1], CDT_MODIFY, "9304009182a2036101a2036102", PARAMETER],
  ["set", [1], CDT_MODIFY, "93090082a2036101a2036102", PARAMETER],
  ["put", { a: 1 }, CDT_MODIFY, "9443a2036b82a2036101a203610200", PARAMETER],
  ["append in an expression", [1], EXP_MODIFY, write(`957f0440920182a2036101a2036102${LIST}`), NOT_APPLICABLE],
  ["an ordered list in an expression", [1], EXP_MODIFY, write(`957f04409201927e93c700010301${LIST}`), NOT_APPLICABLE],
]);

refused("an empty list of keys or values with INVERTED on a map", [
  ["keys, read", { a: 1 }, CDT_READ, "936bce0001000690", PARAMETER],
  ["keys, removal", { a: 1 }, CDT_MODIFY, "9351ce0001000790", PARAMETER],
  ["values, read", { a: 1 }, CDT_READ, "936cce0001000890", PARAMETER],
  ["values, removal", { a: 1 }, CDT_MODIFY, "9353ce0001001190", PARAMETER],
  ["in an expression", { a: 1 }, EXP_READ, write(`957f0400936bce00010007927e90${MAP}`), NOT_APPLICABLE],
]);

refused("a context that creates a map entry under a wrong key", [
  ["double", { a: 1 }, CDT_MODIFY, "93ccff9262cb3ff80000000000009443010100", PARAMETER],
  ["nil", { a: 1 }, CDT_MODIFY, "93ccff92cca2c09443010100", PARAMETER],
  ["below one that is created", { a: 1 }, CDT_MODIFY, "93ccff9462a2037a22c3920105", PARAMETER],
  ["with an index to be kept", { a: 1 }, CDT_MODIFY, "93ccff92cd01a2c39443010100", PARAMETER],
]);

refused("a context that creates a list element at an index below", [
  ["unordered", [1], CDT_MODIFY, "93ccff9250fe920105", NOT_APPLICABLE],
  ["ordered", [1], CDT_MODIFY, "93ccff92ccd0fe920105", NOT_APPLICABLE],
  ["padded", [1], CDT_MODIFY, "93ccff92cc90fb920105", PARAMETER],
  ["padded far out", [1], CDT_MODIFY, "93ccff92cc90ce7fffffff920105", ResultCode.RECORD_TOO_BIG],
  ["with an index to be kept", [1], CDT_MODIFY, "93ccff92cd0190fb920105", PARAMETER],
  ["in an expression", [1], EXP_MODIFY, write(`957f044093ccff92cc90fb920105${LIST}`), NOT_APPLICABLE],
]);

refused("a bit shift with PARTIAL that goes beyond the end of the blob", [
  ["left", new Uint8Array(3), BITS_MODIFY, "950813080808", PARAMETER],
  ["right", new Uint8Array(3), BITS_MODIFY, "950913081408", PARAMETER],
  ["by less than the size", new Uint8Array(3), BITS_MODIFY, "950910281408", PARAMETER],
  ["from the end", new Uint8Array(3), BITS_MODIFY, "9508f8281008", PARAMETER],
  ["in an expression", new Uint8Array(3), EXP_MODIFY, write(`957f0641950813080808${BLOB}`), NOT_APPLICABLE],
]);

refused("a read of bits or of a sketch on nothing", [
  ["bits", 1, EXP_READ, write("957f060193320008c0"), PARAMETER],
  ["a sketch", 1, EXP_READ, write("957f02029132c0"), PARAMETER],
  ["bits of a variable", 1, EXP_READ, write("947da178c0957f060193320008927ca178"), PARAMETER],
  ["bits of a cond", 1, EXP_READ, write("957f060193320008947bc3c0c0"), PARAMETER],
  ["another system", 1, EXP_READ, write("957f02039110c0"), PARAMETER],
]);

/** Replaces all elements of the list by what follows. */
const changing = (apply: string) => `94ccfe9204c304${apply}`;
const CALL = "957f0300931307" + "00937a0401";

refused("a path that puts text of the wrong size in an element's place", [
  ["text from a call", [["short"]], CDT_MODIFY, changing(CALL), UNKNOWN],
  ["text of 31 bytes", [1], CDT_MODIFY, changing(`d92003${"78".repeat(31)}`), UNKNOWN],
  ["a blob of 31 bytes", [1], CDT_MODIFY, changing(`d92004${"78".repeat(31)}`), UNKNOWN],
  ["an element of 31 bytes left as it is", [LONG], CDT_MODIFY, changing("937a0301"), UNKNOWN],
  ["a blob from a call", [new Uint8Array(2)], CDT_MODIFY, changing("957f060193320008937a0601"), UNKNOWN],
  ["in an expression", [LONG], EXP_MODIFY, write(`957f0440${changing("937a0301")}${LIST}`), NOT_APPLICABLE],
]);

refused("a removal that is compared or handed to a call", [
  ["compared", 1, EXP_READ, write("930191649164"), PARAMETER],
  ["in a list", [1], EXP_READ, write(`93099164${LIST}`), PARAMETER],
  ["in a call", [1], EXP_READ, write(`957f02009316059164${LIST}`), PARAMETER],
  ["a variable in a call", [1], EXP_READ, write(`947da1789164957f0200931605927ca178${LIST}`), PARAMETER],
]);

refused("a wildcard or infinity as a value, or too many parameters", [
  ["branches of a cond", 1, EXP_READ, write("947bc3d4ff00d4ff00"), PARAMETER],
  ["branches of a cond, infinity", 1, EXP_READ, write("947bc3d4ff01d4ff01"), PARAMETER],
  ["parameters", [1], EXP_READ, write(`957f0400dc001610${LIST.repeat(20)}${LIST}`), PARAMETER],
]);

refused("the division of -2^63 by -1", [
  ["/", INT64_MIN, EXP_MODIFY, write(`9317${INT}ff`), NOT_APPLICABLE],
  ["%", INT64_MIN, EXP_MODIFY, write(`931a${INT}ff`), NOT_APPLICABLE],
]);

describe("as a filter, the expressions that a server fails over", () => {
  test.each([
    ["a removal, compared", "930191649164", PARAMETER],
    ["a read of nothing", "930100957f020193330008c0", PARAMETER],
    ["wildcards as branches", "947bc3d4ff00d4ff00", PARAMETER],
    ["an empty list of keys, inverted", `9301957f0400936bce00010007927e90${MAP}927e90`, ResultCode.FILTERED_OUT],
    ["a division of -2^63 by -1", `93019317${INT}ff00`, ResultCode.FILTERED_OUT],
  ])("%s", async (_, filter, due) => {
    await world.write(2, { b: INT64_MIN });
    expect(await world.codeOf(readCommand(keyOf(2), undefined, { filter: bytes(filter) }))).toBe(due);
    if (due !== PARAMETER) return;
    const job = { namespace: NAMESPACE, setName: SET, taskId: 7n, filter: bytes(filter) };
    expect(await world.codeOf(new BackgroundOperateCommand(job, [{ code: OpCode.INCR, bin: "n", value: 1 }]))).toBe(
      due,
    );
  });
});

describe("in the background", () => {
  test("each record is refused alone, and the job ends", async () => {
    await world.write(3, { b: [1] });
    const append = op(CDT_MODIFY, "920182a2036101a2036102");
    await world.run(new BackgroundOperateCommand({ namespace: NAMESPACE, setName: SET, taskId: 8n }, [append]));
    expect(await world.finished(8n)).toMatchObject({ succeeded: 0, failed: expect.any(Number) });
    expect((await world.read(3))?.bins).toEqual({ b: [1] });
  });
});

describe("info commands", () => {
  test.each(["", ".", "..", "../udf", "./", ".;filename=a.lua"])("udf-get of %j", async (name) => {
    const w = new Writer();
    const proto = beginProto(w);
    w.utf8(`udf-get:filename=${name}\n`);
    finishProto(w, proto, ProtoType.INFO);
    expect(await answerTo(w.copy())).toMatch(/\terror=(invalid_filename|not_found)\n$/);
  });

  test("sindex-create with a set that is no UTF-8", async () => {
    const w = new Writer();
    const proto = beginProto(w);
    w.utf8("sindex-create:namespace=test;set=s");
    w.u8(0xff);
    w.utf8(";indexname=i;bin=b;type=numeric\n");
    finishProto(w, proto, ProtoType.INFO);
    expect(await answerTo(w.copy())).toContain("\tERROR:4:");
  });

  async function answerTo(frame: Uint8Array): Promise<string> {
    const socket = world.open();
    socket.write(frame);
    const { body } = await world.runtime.until(socket.next());
    socket.close();
    return new TextDecoder().decode(body);
  }
});

describe("functions", () => {
  const SOURCE = `
    function count(rec, ...) return select("#", ...) end
    function twice(rec)
      local l = list{1, 2}
      list.concat(l, l)
      return l
    end`;

  test("arguments that break off, and a list joined to itself", { timeout: 30_000 }, async () => {
    await using lua = await World.start({ lua: true });
    const content = encodeBase64(encodeUtf8(SOURCE));
    await lua.info(`udf-put:filename=m.lua;content=${content};content-len=${content.length};udf-type=LUA;`);
    await lua.write(1, { b: 1 });
    const frame = encoded(udfCommand(keyOf(1), { package: "m", function: "count", args: ["ab"] }));
    // The string announces more bytes than there are.
    const at = frame.findIndex((_, i) => [0x91, 0xa3, 0x03, 0x61].every((byte, j) => frame[i + j] === byte));
    frame[at + 1] = 0xa9;
    const socket = lua.open();
    socket.write(frame);
    const { body } = await lua.runtime.until(socket.next());
    // A real server reads on past the end, so that there is no telling what the function gets.
    expect(messageOf(body).resultCode).toBe(ResultCode.OK);
    expect(await lua.run(udfCommand(keyOf(1), { package: "m", function: "twice", args: [] }))).toEqual([1, 2, 1, 2]);
  });
});
