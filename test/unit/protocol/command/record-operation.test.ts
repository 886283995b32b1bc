import { describe, expect, it } from "vitest";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { SingleCommand, writeCommand } from "../../../../protocol/command/record-command.js";
import {
  exists,
  operate,
  type RecordOperation,
  read,
  readHeader,
  remove,
  touch,
  udf,
  write,
} from "../../../../protocol/command/record-operation.js";
import { readReply, returnedValue } from "../../../../protocol/command/record-reply.js";
import { makeKey } from "../../../../protocol/key/make-key.js";
import { FieldType } from "../../../../protocol/message/field-type.js";
import type { MessageWriter } from "../../../../protocol/message/message-writer.js";
import { OpCode } from "../../../../protocol/message/op.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";
import { ResultError } from "../../../../protocol/result-error.js";
import type { Value } from "../../../../protocol/value/value.js";
import { openMessage, reply } from "../../../support/message.js";

const key = makeKey("test", "demo", 1);

function encoded(operation: RecordOperation, timeoutMs = 0): Uint8Array {
  const w = new Writer();
  writeCommand(w, key, operation, timeoutMs);
  return w.copy(8);
}

/** Rows of a reply: bin, value and the op code of its request. */
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
const PLAIN = { ...META, resultCode: 0, version: undefined, bins: {}, results: [] };

describe("operations on a record", () => {
  it("say their name and whether they write", () => {
    const operations = [
      read(),
      readHeader(),
      exists(),
      write({ a: 1 }),
      write({ a: 1 }, {}, { recordExists: "createOnly" }),
      write({ a: 1 }, {}, { name: "put" }),
      remove(),
      touch(),
      operate([{ code: OpCode.READ, bin: "a" }]),
      operate([{ code: OpCode.TOUCH, bin: "" }]),
      udf({ package: "p", function: "f", args: [] }),
    ];
    expect(operations.map(({ name, isWrite }) => `${name} ${isWrite}`)).toEqual([
      "get false",
      "get header false",
      "exists false",
      "upsert true",
      "insert true",
      "put true",
      "delete true",
      "touch true",
      "operate false",
      "operate true",
      "udf true",
    ]);
  });

  it("are sent with the time that they are given", () => {
    expect(openMessage(encoded(read(), 250)).transactionTtl).toBe(250);
    expect(openMessage(encoded(write({ a: 1 }), 1)).transactionTtl).toBe(1);
  });

  it("leave nothing behind in the buffer once it is rewound after a bad value", () => {
    const w = new Writer();
    writeCommand(w, key, touch(), 0);
    const before = w.copy();
    const bad: unknown = { a: 1, b: [1, () => 0] };
    const operation = write(bad as Record<string, Value>);
    expect(() => writeCommand(w, key, operation, 0)).toThrow(/bin "b".*\[1\]: a function has no Aerospike type/);
    w.rewind(before.length);
    expect(w.copy()).toEqual(before);
  });
});

describe("a single command", () => {
  it("is its operation on its key, and makes of the reply what it is told", () => {
    const operation = read();
    const command = new SingleCommand(key, operation, ({ bins }, of, index) => [bins, of, index], 7);
    expect(command).toMatchObject({ key, operation, index: 7, name: "get", isWrite: false });
    const w = new Writer();
    command.encode(w, 9);
    expect(w.copy(8)).toEqual(encoded(operation, 9));
    expect(command.decode(reply(0, META, rows(["a", 1])))).toEqual([{ a: 1 }, key, 7]);
  });
});

describe("write", () => {
  it("leaves out what is undefined and removes what is null", () => {
    const message = openMessage(encoded(write({ a: 1, b: undefined, c: null })));
    message.skipFields();
    const ops: unknown[] = [];
    message.ops((_code, bin, type) => ops.push([bin, type]));
    expect(ops).toEqual([
      ["a", 1],
      ["c", 0],
    ]);
  });

  it.each([{}, { a: undefined }])("refuses to write no bin: %j", (bins) => {
    expect(() => encoded(write(bins))).toThrow("There is no bin to write: a write takes at least one bin");
  });

  it("refuses bad names", () => {
    expect(() => encoded(write({ sixteen_bytes_ab: 1 }))).toThrow(RangeError);
    expect(() => encoded(write({ "a\0": 1 }))).toThrow("NUL");
  });

  it("writes own bins alone", () => {
    const bins: Record<string, Value> = Object.create({ inherited: 1 });
    bins["own"] = 1;
    const message = openMessage(encoded(write(bins)));
    expect(message.opCount).toBe(1);
  });

  it("tells the record's new state", () => {
    expect(readReply(reply(0, META), write({ a: 1 }))).toEqual(PLAIN);
    expect(() => readReply(reply(5), write({ a: 1 }))).toThrow(new ResultError(5));
  });
});

describe("read", () => {
  it("gives bins by name", () => {
    expect(readReply(reply(0, META, rows(["a", 1], ["b", "x"])), read())).toEqual({ ...PLAIN, bins: { a: 1, b: "x" } });
  });

  it("touches no prototype", () => {
    const { bins } = readReply(reply(0, META, rows(["__proto__", { polluted: true }])), read());
    expect(Object.keys(bins)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(bins)).toBe(Object.prototype);
    expect("polluted" in {}).toBe(false);
  });

  it("gives integers and maps as the policy says", () => {
    const operation = read(undefined, { decode: { int64: "bigint", maps: "map" } });
    expect(readReply(reply(0, META, rows(["a", 1], ["m", { k: 2 }])), operation).bins).toEqual({
      a: 1n,
      m: new Map([["k", 2n]]),
    });
  });

  it("refuses no names and bad ones", () => {
    expect(() => read([])).toThrow("The list of bin names is empty");
    expect(() => read(["a\0"])).toThrow("NUL");
  });
});

describe("exists, readHeader and remove", () => {
  it("tell what is there", () => {
    expect(readReply(reply(0, META), exists())).toEqual(PLAIN);
    expect(readReply(reply(2), exists()).resultCode).toBe(2);
    expect(() => readReply(reply(27, META), exists())).toThrow(new ResultError(27));
    expect(readReply(reply(0, META), readHeader())).toEqual(PLAIN);
    expect(() => readReply(reply(2), readHeader())).toThrow(new ResultError(2));
    expect(readReply(reply(0), remove()).resultCode).toBe(0);
    expect(readReply(reply(2), remove()).resultCode).toBe(2);
    expect(() => readReply(reply(3), remove())).toThrow(new ResultError(3));
  });

  it("read replies to their end, refusals too", () => {
    for (const code of [0, 2, 4]) {
      const message = reply(code, META, rows(["a", 1]));
      try {
        readReply(message, exists());
      } catch (error) {
        expect(error).toEqual(new ResultError(4));
      }
      expect(message.reader.left).toBe(0);
    }
  });
});

describe("what an operation accepts", () => {
  it("is a reply without bins and no refusal", () => {
    const operation = read(undefined, {}, { accepts: [2, 27] });
    for (const resultCode of [2, 27]) {
      const message = reply(resultCode, META, rows(["a", 1]));
      expect(readReply(message, operation)).toEqual({ ...PLAIN, resultCode });
      expect(message.reader.left).toBe(0);
    }
    expect(() => readReply(reply(4), operation)).toThrow(new ResultError(4));
  });
});

describe("fields of a reply", () => {
  const version = (size: number) => (m: MessageWriter) => {
    m.textField(FieldType.NAMESPACE, "test");
    m.bytesField(
      FieldType.RECORD_VERSION,
      Uint8Array.from({ length: size }, (_, i) => i + 1),
    );
  };

  it("carry the record's version, of any kind of operation", () => {
    for (const operation of [read(), write({ a: 1 }), remove(), exists()]) {
      expect(readReply(reply(0, META, version(7)), operation).version).toBe(0x07_06_05_04_03_02_01n);
    }
    expect(readReply(reply(2, META, version(7)), exists()).version).toBe(0x07_06_05_04_03_02_01n);
  });

  it("are refused when they are none", () => {
    expect(() => readReply(reply(0, META, version(8)), read())).toThrow(
      new ProtocolError("a record version of 8 bytes"),
    );
  });
});

describe("operate", () => {
  const reads = operate([{ code: OpCode.READ, bin: "a" }]);

  it("lines results up with ops and keeps the last value of each bin", () => {
    const message = reply(0, META, rows(["a", null, 2], ["a", 5], ["b", "x"], ["b", "y"], ["c", null], ["a", null]));
    expect(readReply(message, reads)).toEqual({
      ...PLAIN,
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
    const flags = (operation: RecordOperation) => {
      const { info1, info2 } = openMessage(encoded(operation));
      return [info1, info2];
    };
    expect(flags(operate([write]))).toEqual([0, 0x81]);
    expect(flags(operate([write, { code: OpCode.READ, bin: "a" }]))).toEqual([1, 0x81]);
    expect(flags(operate([write, { code: OpCode.READ, bin: "", all: true }]))).toEqual([3, 1]);
    expect(flags(operate([write], {}, { respondAllOps: false }))).toEqual([0, 1]);
    expect(flags(reads)).toEqual([1, 0x80]);
  });
});

describe("a refusal that is about a bin", () => {
  const add = (bin: string) => ({ code: OpCode.INCR, bin, value: 1 }) as const;

  it.each([6, 12, 17, 23, 24, 26])("code %i names the bin where only one can be meant", (code) => {
    expect(() => readReply(reply(code), operate([add("age")]))).toThrow(new ResultError(code, 'bin "age"'));
    expect(() => readReply(reply(code), operate([add("age"), { code: OpCode.READ, bin: "age" }]))).toThrow('bin "age"');
    expect(() => readReply(reply(code), write({ age: 1 }))).toThrow('bin "age"');
    expect(() => readReply(reply(code), operate([add("age"), add("score")]))).toThrow(new ResultError(code));
    expect(() => readReply(reply(code), touch())).toThrow(new ResultError(code));
  });

  it("is no other", () => {
    expect(() => readReply(reply(3), operate([add("age")]))).toThrow(new ResultError(3));
  });
});

describe("udf", () => {
  const apply = udf({ package: "p", function: "f", args: [] });

  it("gives what Lua returned", () => {
    expect(returnedValue(readReply(reply(0, META, rows(["SUCCESS", { a: [1] }])), apply))).toEqual({ a: [1] });
    expect(returnedValue(readReply(reply(0, META, rows(["SUCCESS", null])), apply))).toBeNull();
  });

  it("throws what Lua said", () => {
    expect(() => readReply(reply(100, META, rows(["FAILURE", "function not found"])), apply)).toThrow(
      new ResultError(100, "function not found"),
    );
    expect(() => readReply(reply(100), apply)).toThrow(new ResultError(100));
    expect(() => readReply(reply(0, META, rows(["FAILURE", "late"])), apply)).toThrow(new ResultError(100, "late"));
    expect(() => readReply(reply(13), apply)).toThrow(new ResultError(13));
  });

  it("does not take a reply without a result for nil", () => {
    expect(() => readReply(reply(0, META), apply)).toThrow(ProtocolError);
  });

  it("names the argument that can't be sent", () => {
    const args: unknown = [1, new Date(0)];
    const call = { package: "p", function: "f", args: args as Value[] };
    expect(() => encoded(udf(call))).toThrow("args[1]: a Date has no Aerospike type");
  });
});
