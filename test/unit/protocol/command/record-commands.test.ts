import { describe, expect, it } from "vitest";
import { Writer } from "../../../../protocol/bytes/writer.js";
import type { Command } from "../../../../protocol/command/command.js";
import { DeleteCommand } from "../../../../protocol/command/delete.js";
import { OperateCommand } from "../../../../protocol/command/operate.js";
import { ExistsCommand, ReadCommand, ReadHeaderCommand } from "../../../../protocol/command/read.js";
import { TouchCommand } from "../../../../protocol/command/touch.js";
import { UdfApplyCommand } from "../../../../protocol/command/udf-apply.js";
import { WriteCommand } from "../../../../protocol/command/write.js";
import { makeKey } from "../../../../protocol/key/make-key.js";
import { FieldType } from "../../../../protocol/message/field-type.js";
import type { MessageWriter } from "../../../../protocol/message/message-writer.js";
import { OpCode } from "../../../../protocol/message/op.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";
import { ResultError } from "../../../../protocol/result-error.js";
import type { Value } from "../../../../protocol/value/value.js";
import { openMessage, reply } from "../../../support/message.js";

const key = makeKey("test", "demo", 1);

function encoded(command: Command<unknown>, timeoutMs = 0): Uint8Array {
  const w = new Writer();
  command.encode(w, timeoutMs);
  return w.copy(8);
}

/** Rows of a reply: bin, value and the op code it answers. */
function rows(...list: [bin: string, value: Value, code?: 1 | 2][]): (m: MessageWriter) => void {
  return (m) => {
    m.textField(FieldType.SET, "fields come first");
    for (const [bin, value, code = OpCode.READ] of list) {
      if (code === OpCode.READ && value === null) m.op({ code, bin });
      else m.op({ code: OpCode.WRITE, bin, value });
    }
  };
}

const META = { generation: 3, voidTime: 500 };

describe("commands on a record", () => {
  it("say their name and whether they write", () => {
    const call = { package: "p", function: "f", args: [] };
    const commands = [
      new ReadCommand(key),
      new ReadHeaderCommand(key),
      new ExistsCommand(key),
      new WriteCommand(key, { a: 1 }),
      new WriteCommand(key, { a: 1 }, { recordExists: "createOnly" }),
      new DeleteCommand(key),
      new TouchCommand(key),
      new OperateCommand(key, [{ code: OpCode.READ, bin: "a" }]),
      new OperateCommand(key, [{ code: OpCode.TOUCH, bin: "" }]),
      new UdfApplyCommand(key, call),
    ];
    expect(commands.map(({ name, isWrite }) => `${name} ${isWrite}`)).toEqual([
      "get false",
      "get header false",
      "exists false",
      "upsert true",
      "insert true",
      "delete true",
      "touch true",
      "operate false",
      "operate true",
      "udf true",
    ]);
    for (const command of commands) expect(command.key).toBe(key);
  });

  it("give the server the time they are given", () => {
    expect(openMessage(encoded(new ReadCommand(key), 250)).transactionTtl).toBe(250);
    expect(openMessage(encoded(new WriteCommand(key, { a: 1 }), 1)).transactionTtl).toBe(1);
  });

  it("leave nothing behind in the buffer once it is rewound after a bad value", () => {
    const w = new Writer();
    new TouchCommand(key).encode(w, 0);
    const before = w.copy();
    const bad: unknown = { a: 1, b: [1, () => 0] };
    const command = new WriteCommand(key, bad as Record<string, Value>);
    expect(() => command.encode(w, 0)).toThrow(/bin "b".*\[1\]: a function is of no Aerospike type/);
    w.rewind(before.length);
    expect(w.copy()).toEqual(before);
  });
});

describe("WriteCommand", () => {
  it("leaves out what is undefined and removes what is null", () => {
    const message = openMessage(encoded(new WriteCommand(key, { a: 1, b: undefined, c: null })));
    message.skipFields();
    const ops: unknown[] = [];
    message.ops((_code, bin, type) => ops.push([bin, type]));
    expect(ops).toEqual([
      ["a", 1],
      ["c", 0],
    ]);
  });

  it.each([{}, { a: undefined }])("refuses to write no bin: %j", (bins) => {
    expect(() => encoded(new WriteCommand(key, bins))).toThrow("a write takes at least one bin");
  });

  it("refuses bad names", () => {
    expect(() => encoded(new WriteCommand(key, { "": 1 }))).toThrow("The bin name is empty");
    expect(() => encoded(new WriteCommand(key, { sixteen_bytes_ab: 1 }))).toThrow(RangeError);
  });

  it("writes own bins alone", () => {
    const bins: Record<string, Value> = Object.create({ inherited: 1 });
    bins["own"] = 1;
    const message = openMessage(encoded(new WriteCommand(key, bins)));
    expect(message.opCount).toBe(1);
  });

  it("answers the record's new state", () => {
    expect(new WriteCommand(key, { a: 1 }).decode(reply(0, META))).toEqual(META);
    expect(() => new WriteCommand(key, { a: 1 }).decode(reply(5))).toThrow(new ResultError(5));
  });
});

describe("ReadCommand", () => {
  it("reads bins by name", () => {
    const record = new ReadCommand(key).decode(reply(0, META, rows(["a", 1], ["b", "x"])));
    expect(record).toEqual({ ...META, bins: { a: 1, b: "x" } });
  });

  it("touches no prototype", () => {
    const { bins } = new ReadCommand(key).decode(reply(0, META, rows(["__proto__", { polluted: true }])));
    expect(Object.keys(bins)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(bins)).toBe(Object.prototype);
    expect("polluted" in {}).toBe(false);
  });

  it("gives integers as it is told", () => {
    const read = new ReadCommand(key, undefined, { decode: { int64: "bigint", maps: "map" } });
    expect(read.decode(reply(0, META, rows(["a", 1], ["m", { k: 2 }]))).bins).toEqual({
      a: 1n,
      m: new Map([["k", 2n]]),
    });
  });

  it("refuses no names and bad ones", () => {
    expect(() => new ReadCommand(key, [])).toThrow("The bin names are none");
    expect(() => new ReadCommand(key, ["a\0"])).toThrow("NUL");
  });
});

describe("ExistsCommand, ReadHeaderCommand and DeleteCommand", () => {
  it("tell what is there", () => {
    expect(new ExistsCommand(key).decode(reply(0, META))).toBe(true);
    expect(new ExistsCommand(key).decode(reply(2))).toBe(false);
    expect(() => new ExistsCommand(key).decode(reply(27, META))).toThrow(new ResultError(27));
    expect(new ReadHeaderCommand(key).decode(reply(0, META))).toEqual(META);
    expect(() => new ReadHeaderCommand(key).decode(reply(2))).toThrow(new ResultError(2));
    expect(new DeleteCommand(key).decode(reply(0))).toBe(true);
    expect(new DeleteCommand(key).decode(reply(2))).toBe(false);
    expect(() => new DeleteCommand(key).decode(reply(3))).toThrow(new ResultError(3));
  });

  it("read replies to their end, refusals too", () => {
    for (const code of [0, 2, 4]) {
      const message = reply(code, META, rows(["a", 1]));
      try {
        new ExistsCommand(key).decode(message);
      } catch (error) {
        expect(error).toEqual(new ResultError(4));
      }
      expect(message.reader.left).toBe(0);
    }
  });
});

describe("OperateCommand", () => {
  const operate = new OperateCommand(key, [{ code: OpCode.READ, bin: "a" }]);

  it("lines results up with ops and keeps the last value of each bin", () => {
    const message = reply(0, META, rows(["a", null, 2], ["a", 5], ["b", "x"], ["b", "y"], ["c", null], ["a", null]));
    expect(operate.decode(message)).toEqual({
      ...META,
      bins: { a: 5, b: "y" },
      results: [
        { bin: "a", code: 2, value: null },
        { bin: "a", code: 2, value: 5 },
        { bin: "b", code: 2, value: "x" },
        { bin: "b", code: 2, value: "y" },
        { bin: "c", code: 1, value: null },
        { bin: "a", code: 1, value: null },
      ],
    });
  });

  it("asks for a row for every op, unless it reads all bins or is told not to", () => {
    const write = { code: OpCode.INCR, bin: "a", value: 1 } as const;
    const flags = (command: OperateCommand) => {
      const { info1, info2 } = openMessage(encoded(command));
      return [info1, info2];
    };
    expect(flags(new OperateCommand(key, [write]))).toEqual([0, 0x81]);
    expect(flags(new OperateCommand(key, [write, { code: OpCode.READ, bin: "a" }]))).toEqual([1, 0x81]);
    expect(flags(new OperateCommand(key, [write, { code: OpCode.READ, bin: "" }]))).toEqual([3, 1]);
    expect(flags(new OperateCommand(key, [write], { respondAllOps: false }))).toEqual([0, 1]);
    expect(flags(operate)).toEqual([1, 0x80]);
  });
});

describe("UdfApplyCommand", () => {
  const apply = new UdfApplyCommand(key, { package: "p", function: "f", args: [] });

  it("answers what Lua returned", () => {
    expect(apply.decode(reply(0, META, rows(["SUCCESS", { a: [1] }])))).toEqual({ a: [1] });
    expect(apply.decode(reply(0, META, rows(["SUCCESS", null])))).toBeNull();
  });

  it("throws what Lua said", () => {
    expect(() => apply.decode(reply(100, META, rows(["FAILURE", "function not found"])))).toThrow(
      new ResultError(100, "function not found"),
    );
    expect(() => apply.decode(reply(100))).toThrow(new ResultError(100));
    expect(() => apply.decode(reply(0, META, rows(["FAILURE", "late"])))).toThrow(new ResultError(100, "late"));
    expect(() => apply.decode(reply(13))).toThrow(new ResultError(13));
  });

  it("does not take a reply without a result for nil", () => {
    expect(() => apply.decode(reply(0, META))).toThrow(ProtocolError);
  });

  it("names the argument that can't be sent", () => {
    const args: unknown = [1, new Date(0)];
    const call = { package: "p", function: "f", args: args as Value[] };
    expect(() => encoded(new UdfApplyCommand(key, call))).toThrow("args[1]: a Date is of no Aerospike type");
  });
});
