import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { ResultCode } from "../../../../protocol/result-code.js";
import { ResultError } from "../../../../protocol/result-error.js";
import { DataSet } from "../../../../src/data/data-set.js";
import { BatchError } from "../../../../src/errors/batch-error.js";
import { errorOfResult } from "../../../../src/errors/error-of-result.js";
import * as errors from "../../../../src/errors/errors.js";
import { UdfError } from "../../../../src/errors/udf-error.js";

const { AerospikeError, BinError, BinTypeError, ConnectionError, InvalidNodeError, TimeoutError } = errors;

describe("an error", () => {
  test("has a name, a code, a result code and what it was told", () => {
    const cause = new Error("reset");
    const error = new ConnectionError("The connection was lost", { inDoubt: true, node: "A1", attempts: 2, cause });
    expect(error).toMatchObject({
      name: "ConnectionError",
      code: "CONNECTION",
      resultCode: -10,
      inDoubt: true,
      node: "A1",
      attempts: 2,
      cause,
    });
    expect(error.stack).toMatch(/^ConnectionError: The connection was lost\n/);
    expect(`${error}`).toBe("ConnectionError: The connection was lost");
  });

  test("without details is none of the server's and not in doubt", () => {
    const error = new AerospikeError("No");
    expect(error).toMatchObject({ code: "CLIENT_ERROR", resultCode: -1, inDoubt: false, node: undefined, attempts: 0 });
    expect("cause" in error).toBe(false);
  });

  test("keeps its name out of its own properties, so that it prints as errors do", () => {
    expect(Object.keys(new TimeoutError("x"))).not.toContain("name");
  });
});

describe("isTransient", () => {
  test.each([
    new TimeoutError("x"),
    new ConnectionError("x"),
    new InvalidNodeError("x"),
    new errors.MaxErrorRateError("x"),
    ...[
      ResultCode.TIMEOUT,
      ResultCode.PARTITION_UNAVAILABLE,
      ResultCode.DEVICE_OVERLOAD,
      ResultCode.KEY_BUSY,
      ResultCode.QUERY_QUEUE_FULL,
      ResultCode.BATCH_QUEUES_FULL,
      ResultCode.QUOTA_EXCEEDED,
      ResultCode.MRT_BLOCKED,
    ].map((code) => errorOfResult(new ResultError(code), { operation: "get" })),
  ])("is true for $code", (error) => {
    expect(error.isTransient).toBe(true);
  });

  test.each([
    new AerospikeError("x"),
    new errors.AbortError("x"),
    new ConnectionError("The client is closed", { code: "CLIENT_CLOSED" }),
    new errors.SerializationError("x"),
    new errors.RecordNotFoundError("x"),
    ...[ResultCode.OUT_OF_SPACE, ResultCode.FORBIDDEN, ResultCode.GENERATION_ERROR, 9999].map((code) =>
      errorOfResult(new ResultError(code), { operation: "get" }),
    ),
  ])("is false for $code", (error) => {
    expect(error.isTransient).toBe(false);
  });
});

describe("the key of an error", () => {
  const key = DataSet.of("test", "users").id("ada@example.org");

  test("is there for programs, and in nothing that prints the error", () => {
    const error = errorOfResult(new ResultError(ResultCode.KEY_NOT_FOUND), {
      operation: "get",
      namespace: "test",
      key,
    });
    expect(error.key).toBe(key);
    expect(error.message + inspect(error) + JSON.stringify(error)).not.toContain("ada");
  });

  test("is in no row that printing a BatchError shows", () => {
    const row = { key, index: 0, resultCode: 2, isOk: false, inDoubt: false, error: null, record: null };
    const rows = [{ ...row, operationResults: [] }];
    const error = new BatchError("1 of 2 keys failed", {}, rows, rows);
    expect(error.rows[0]?.key).toBe(key);
    expect(inspect(error) + JSON.stringify(error)).not.toContain("ada");
  });

  test("is undefined where no single record is to blame", () => {
    expect(new TimeoutError("x").key).toBeUndefined();
  });
});

describe("instanceof", () => {
  test("follows the tree", () => {
    const error = new InvalidNodeError("x");
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toBeInstanceOf(AerospikeError);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(TimeoutError);
    expect(new ConnectionError("x")).not.toBeInstanceOf(InvalidNodeError);
  });

  test("works for errors of another copy of the package", async () => {
    // The query makes it another module with classes of its own.
    const path = "../../../../src/errors/errors.js?copy";
    const copy: typeof errors = await import(path);
    expect(copy.BinTypeError).not.toBe(BinTypeError);
    const foreign = new copy.BinTypeError("x");
    expect(foreign).toBeInstanceOf(BinTypeError);
    expect(foreign).toBeInstanceOf(BinError);
    expect(foreign).toBeInstanceOf(AerospikeError);
    expect(foreign).not.toBeInstanceOf(ConnectionError);
  });

  test("tells a user's own subclass by its prototype", () => {
    class Own extends ConnectionError {}
    const own = new Own("x");
    expect(own).toBeInstanceOf(Own);
    expect(own).toBeInstanceOf(ConnectionError);
    expect(new ConnectionError("x")).not.toBeInstanceOf(Own);
    expect(own.code).toBe("CONNECTION");
  });

  test.each([undefined, null, 7, "text", {}, new Error("x")])("says no to %s", (value) => {
    expect(value instanceof AerospikeError).toBe(false);
  });
});

describe("a server's refusal", () => {
  const context = { operation: "put", namespace: "test", setName: "users", node: "A1", attempts: 3 };

  test("says what happened, in whose words, and where", () => {
    const error = errorOfResult(new ResultError(ResultCode.UDF_EXECUTION, "nope.lua:1: no"), context);
    expect(error).toBeInstanceOf(UdfError);
    expect(error.message).toBe(
      "The user-defined function failed: nope.lua:1: no (put, namespace test, set users, node A1, attempt 3)",
    );
    expect(error).toMatchObject({ code: "UDF", resultCode: 100, node: "A1", attempts: 3, inDoubt: false });
  });

  test("of a Lua module that can't be loaded says so, for the server's own words do not", () => {
    const error = errorOfResult(new ResultError(ResultCode.UDF_EXECUTION, "UDF: Execution Error 1"), context);
    expect(error.message).toContain(": UDF: Execution Error 1, the module can't be loaded; is it registered? (put,");
    expect(error).toMatchObject({ luaMessage: "UDF: Execution Error 1" });
  });

  test("says nothing of the server that its code does not", () => {
    const error = errorOfResult(new ResultError(ResultCode.ENTERPRISE_ONLY), { operation: "put" });
    expect(error.message).toBe("This takes the Enterprise Edition, as transactions and durable deletes do (put)");
  });

  test("leaves out what is not known", () => {
    const error = errorOfResult(new ResultError(ResultCode.FORBIDDEN), { operation: "info truncate" });
    expect(error.message).toBe("The server's configuration or state forbids the operation (info truncate)");
  });

  test("of a code that nobody knows yet is still an error of this client", () => {
    const error = errorOfResult(new ResultError(199), { operation: "put" });
    expect(error).toBeInstanceOf(AerospikeError);
    expect(error).toMatchObject({ code: "RESULT_CODE_199", resultCode: 199 });
    expect(error.message).toBe(
      "The server returned result code 199, which this version of the client does not know (put)",
    );
  });

  test.each([
    [ResultCode.KEY_NOT_FOUND, "RecordNotFoundError", "RECORD_NOT_FOUND"],
    [ResultCode.KEY_EXISTS, "RecordExistsError", "RECORD_EXISTS"],
    [ResultCode.GENERATION_ERROR, "GenerationError", "GENERATION"],
    [ResultCode.FILTERED_OUT, "FilteredOutError", "FILTERED_OUT"],
    [ResultCode.RECORD_TOO_BIG, "RecordTooBigError", "RECORD_TOO_BIG"],
    [ResultCode.PARAMETER_ERROR, "AerospikeError", "PARAMETER"],
    [ResultCode.TIMEOUT, "TimeoutError", "TIMEOUT"],
    [ResultCode.QUERY_TIMEOUT, "TimeoutError", "TIMEOUT"],
    [ResultCode.INVALID_NAMESPACE, "InvalidNamespaceError", "INVALID_NAMESPACE"],
    [ResultCode.BIN_NAME_TOO_LONG, "BinError", "BIN_NAME"],
    [ResultCode.BIN_EXISTS, "BinExistsError", "BIN_EXISTS"],
    [ResultCode.BIN_NOT_FOUND, "BinNotFoundError", "BIN_NOT_FOUND"],
    [ResultCode.BIN_TYPE_ERROR, "BinTypeError", "BIN_TYPE"],
    [ResultCode.OP_NOT_APPLICABLE, "BinOpInvalidError", "OP_NOT_APPLICABLE"],
    [ResultCode.ELEMENT_NOT_FOUND, "ElementNotFoundError", "ELEMENT_NOT_FOUND"],
    [ResultCode.ELEMENT_EXISTS, "ElementExistsError", "ELEMENT_EXISTS"],
    [ResultCode.OUT_OF_SPACE, "CapacityError", "OUT_OF_SPACE"],
    [ResultCode.DEVICE_OVERLOAD, "CapacityError", "DEVICE_OVERLOAD"],
    [ResultCode.KEY_BUSY, "KeyBusyError", "KEY_BUSY"],
    [ResultCode.SCAN_ABORTED, "QueryTerminatedError", "QUERY_TERMINATED"],
    [ResultCode.QUERY_GENERIC, "QueryError", "QUERY"],
    [ResultCode.SECURITY_NOT_SUPPORTED, "AuthenticationError", "SECURITY_NOT_SUPPORTED"],
    [ResultCode.NOT_AUTHENTICATED, "AuthenticationError", "NOT_AUTHENTICATED"],
    [ResultCode.ROLE_VIOLATION, "AuthorizationError", "ROLE_VIOLATION"],
    [ResultCode.INVALID_ROLE, "SecurityError", "INVALID_ROLE"],
    [ResultCode.QUOTA_EXCEEDED, "QuotaError", "QUOTA_EXCEEDED"],
    [ResultCode.UDF_EXECUTION, "UdfError", "UDF"],
    [ResultCode.MRT_BLOCKED, "TransactionError", "MRT_BLOCKED"],
    [ResultCode.MRT_MONITOR_EXISTS, "TransactionError", "MRT_MONITOR_EXISTS"],
    [ResultCode.BATCH_DISABLED, "BatchError", "BATCH_DISABLED"],
    [ResultCode.INDEX_FOUND, "IndexAlreadyExistsError", "INDEX_EXISTS"],
    [ResultCode.INDEX_NOT_FOUND, "IndexNotFoundError", "INDEX_NOT_FOUND"],
    [ResultCode.INDEX_MAX_COUNT, "SecondaryIndexError", "INDEX_MAX_COUNT"],
  ])("with code %i is %s", (resultCode, name, code) => {
    const error = errorOfResult(new ResultError(resultCode), { operation: "put" });
    expect(error).toMatchObject({ name, code, resultCode });
  });

  test("of every known code has a code and a sentence of its own", () => {
    const answers = Object.values(ResultCode).filter((code) => code > 0);
    for (const resultCode of answers) {
      const error = errorOfResult(new ResultError(resultCode), { operation: "put" });
      expect(error.code).not.toMatch(/^RESULT_CODE_/);
      expect(error.message).not.toContain("which this version does not know");
    }
  });
});

test("an error of one record of many has the stack of the error that befell all", () => {
  const { stackTraceLimit } = Error;
  const error = new TimeoutError("No reply within 10 ms", { node: "A1", attempts: 1 });
  const own = error.with({ inDoubt: true, attempts: 2 });
  expect(own).toBeInstanceOf(TimeoutError);
  expect(own).toMatchObject({ message: "No reply within 10 ms", node: "A1", attempts: 2, inDoubt: true });
  expect(own.stack).toBe(error.stack);
  expect(Object.keys(own)).toEqual(Object.keys(error));
  expect(new Error("another").stack).toContain("errors.test");
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
});
