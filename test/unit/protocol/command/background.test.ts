import { describe, expect, it } from "vitest";
import { Writer } from "../../../../protocol/bytes/writer.js";
import type { BackgroundJob } from "../../../../protocol/command/background-job.js";
import { BackgroundOperateCommand } from "../../../../protocol/command/background-operate.js";
import { BackgroundUdfCommand } from "../../../../protocol/command/background-udf.js";
import type { Command } from "../../../../protocol/command/command.js";
import { FieldType } from "../../../../protocol/message/field-type.js";
import type { MessageReader } from "../../../../protocol/message/message-reader.js";
import { type Op, OpCode } from "../../../../protocol/message/op.js";
import { ResultError } from "../../../../protocol/result-error.js";
import { openMessage, reply } from "../../../support/message.js";

const job: BackgroundJob = { namespace: "test", setName: "bg", taskId: 2n ** 64n - 1n };
const ops: Op[] = [{ code: OpCode.INCR, bin: "n", value: 1 }];
const call = { package: "m", function: "f", args: [] };

function encoded(command: Command<unknown>): MessageReader {
  const w = new Writer();
  command.encode(w, 1000);
  return openMessage(w.copy(8));
}

function fieldTypes(message: MessageReader): number[] {
  const types: number[] = [];
  message.fields((type) => types.push(type));
  return types;
}

describe("a background job", () => {
  it("has its fields in the order that every client sends", () => {
    const full: BackgroundJob = {
      ...job,
      recordsPerSecond: 5,
      index: { target: { bin: "n" }, bounds: { type: "integer", begin: 1, end: 2 }, collection: "list" },
      filter: Uint8Array.of(0x91, 0x47),
    };
    const shared = [
      FieldType.NAMESPACE,
      FieldType.SET,
      FieldType.RECORDS_PER_SECOND,
      FieldType.SOCKET_TIMEOUT,
      FieldType.TASK_ID,
      FieldType.INDEX_TYPE,
      FieldType.INDEX_RANGE,
    ];
    expect(fieldTypes(encoded(new BackgroundOperateCommand(full, ops)))).toEqual([
      ...shared,
      FieldType.FILTER_EXPRESSION,
    ]);
    expect(fieldTypes(encoded(new BackgroundUdfCommand(full, call)))).toEqual([
      ...shared,
      FieldType.UDF_OP,
      FieldType.UDF_FILENAME,
      FieldType.UDF_FUNCTION,
      FieldType.UDF_ARGLIST,
      FieldType.FILTER_EXPRESSION,
    ]);
  });

  it("leaves the set out for a whole namespace", () => {
    expect(fieldTypes(encoded(new BackgroundOperateCommand({ ...job, setName: "" }, ops)))).toEqual([
      FieldType.NAMESPACE,
      FieldType.SOCKET_TIMEOUT,
      FieldType.TASK_ID,
    ]);
  });

  it("says in its header what to do with each record", () => {
    const plain = encoded(new BackgroundOperateCommand(job, ops));
    expect([plain.info1, plain.info2, plain.info3, plain.recordTtl]).toEqual([0, 0x01, 0, 0]);
    const other = encoded(new BackgroundOperateCommand({ ...job, ttl: -2, durableDelete: true }, ops, "replaceOnly"));
    expect([other.info1, other.info2, other.info3, other.recordTtl]).toEqual([0, 0x11, 0x20, 0xffff_fffe]);
    const udf = encoded(new BackgroundUdfCommand({ ...job, ttl: 9, durableDelete: true }, call));
    expect([udf.info2, udf.info3, udf.recordTtl, udf.opCount]).toEqual([0x11, 0, 9, 0]);
  });

  it("starts, has nothing to do, or is refused", () => {
    for (const command of [new BackgroundOperateCommand(job, ops), new BackgroundUdfCommand(job, call)]) {
      expect(command.isWrite).toBe(true);
      expect(command.decode(reply(0))).toBe("started");
      expect(command.decode(reply(2))).toBe("no such set");
      expect(() => command.decode(reply(4))).toThrow(new ResultError(4));
    }
  });

  it("takes no ops that read, and at least one that writes", () => {
    expect(() => new BackgroundOperateCommand(job, [])).toThrow("Expected at least one operation");
    expect(() => new BackgroundOperateCommand(job, [{ code: OpCode.READ, bin: "a" }])).toThrow("can only write");
  });
});
