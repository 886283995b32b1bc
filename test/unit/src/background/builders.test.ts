import { describe, expect, it } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import type { BackgroundStart } from "../../../../protocol/command/background-job.js";
import type { Command } from "../../../../protocol/command/command.js";
import { ServerVersion } from "../../../../protocol/info/server-version.js";
import { FieldType } from "../../../../protocol/message/field-type.js";
import { Info2, Info3 } from "../../../../protocol/message/flags.js";
import { MessageReader } from "../../../../protocol/message/message-reader.js";
import { OpCode } from "../../../../protocol/message/op.js";
import { readParticle } from "../../../../protocol/value/particle.js";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { BackgroundTaskSession } from "../../../../src/background/background-task-session.js";
import { BackgroundStartError } from "../../../../src/background/task-errors.js";
import type { TaskEvent } from "../../../../src/background/task-observer.js";
import { campaignFloor } from "../../../../src/campaign/floor.js";
import type { ClusterCore } from "../../../../src/cluster/cluster-core.js";
import { DataSet } from "../../../../src/data/data-set.js";
import { AbortError, AerospikeError, ConnectionError, SecondaryIndexError } from "../../../../src/errors/errors.js";
import { Exp } from "../../../../src/exp/exp.js";
import { Behavior } from "../../../../src/policy/behavior.js";
import { createSessionContext } from "../../../../src/policy/session-context.js";
import { Filter } from "../../../../src/query/filter.js";
import { Deadline } from "../../../../src/time/deadline.js";
import { DeadlineHeap } from "../../../../src/time/deadline-heap.js";

interface Sent {
  readonly node: string;
  readonly info2: number;
  readonly info3: number;
  readonly ttl: number;
  readonly fields: ReadonlyMap<number, string>;
  readonly ops: readonly { code: number; bin: string; value: unknown }[];
}

const NAMESPACE_INFO =
  "ns_cluster_size=2;nsup-period=10;default-ttl=0;allow-ttl-without-nsup=true;strong-consistency=false;" +
  "background-query-max-rps=10000";

type Answer = (node: string) => Promise<BackgroundStart> | BackgroundStart;

/** A cluster of two nodes that only takes down what it is asked. */
function setUp(answer: Answer = () => "started", info: Readonly<Record<string, string>> = {}, version = "8.1.2.0") {
  const runtime = new VirtualRuntime();
  const sent: Sent[] = [];
  const infos: string[] = [];
  const events: TaskEvent[] = [];
  const observers = { hasSubscribers: true, publish: (event: TaskEvent) => events.push(event) };
  const replies: Readonly<Record<string, string>> = {
    "namespace/test": NAMESPACE_INFO,
    edition: "Aerospike Community Edition",
    "sindex-list:namespace=test;b64=true": "",
    "sindex-list:ns=test;b64=true": "",
    "udf-list": "filename=tools.lua,hash=00,type=LUA;",
    ...info,
  };
  const reply = (commands: readonly string[]) => {
    infos.push(...commands);
    return Promise.resolve(new Map(commands.map((command) => [command, replies[command] ?? "ERROR:2:job not found"])));
  };
  const cluster = {
    runtime,
    nodes: ["A", "B"].map((id) => ({ id, version: ServerVersion.parse(version), line: {} })),
    namespaces: ["test"],
    minVersion: ServerVersion.parse(version),
    checkNamespace: () => undefined,
    isClosed: false,
    // No records to take samples of.
    partitionOwners: () => new Map(),
    closed: new AbortController().signal,
    diagnostics: { task: observers },
    deadline: (totalMs: number, signal?: AbortSignal) => new Deadline(new DeadlineHeap(runtime), totalMs, signal),
    isStrongConsistency: (namespace: string) => namespace === "strict",
    executeOn: (node: { id: string }, command: Command<BackgroundStart>) => {
      sent.push(parse(node.id, command));
      return Promise.resolve(answer(node.id));
    },
    info: (_node: unknown, commands: readonly string[]) => reply(commands),
    infoOnAny: reply,
    forQuestion: (deadline: unknown) => deadline,
    infoOnAll: async (commandFor: (version: ServerVersion) => string, deadline: Deadline) => {
      const values = cluster.nodes.map(async (node) => {
        const command = commandFor(node.version);
        return [node.id, (await cluster.info(node, [command], deadline)).get(command)] as const;
      });
      return new Map(await Promise.all(values));
    },
    requireNodes: () => cluster.nodes,
    requireAllNodes: () => cluster.nodes,
    requireWhole: () => undefined,
  } as unknown as ClusterCore;
  const background = new BackgroundTaskSession(createSessionContext(cluster, Behavior.DEFAULT), campaignFloor);
  return { runtime, background, sent, infos, cluster, events, observers };
}

function parse(node: string, command: Command<BackgroundStart>): Sent {
  const w = new Writer();
  command.encode(w, 1_000);
  const message = new MessageReader();
  message.load(new Reader(w.copy(8)));
  message.next();
  const fields = new Map<number, string>();
  const ops: { code: number; bin: string; value: unknown }[] = [];
  message.fields((type, data, size) => fields.set(type, Buffer.from(data.copy(size)).toString("latin1")));
  message.ops((code, bin, type, value, size) => ops.push({ code, bin, value: readParticle(value, type, size) }));
  return { node, info2: message.info2, info3: message.info3, ttl: message.recordTtl | 0, fields, ops };
}

/** @param answer what a node says when it is asked for indexes; an error for none */
function answerIndexes(cluster: ClusterCore, answer: string | Error): void {
  const { infoOnAny } = cluster;
  const info = async (_: unknown, commands: readonly string[], deadline: Deadline) => {
    if (!commands.some((command) => command.startsWith("sindex"))) return infoOnAny.call(cluster, commands, deadline);
    if (answer instanceof Error) throw answer;
    return new Map(commands.map((command) => [command, answer]));
  };
  Object.assign(cluster, { info });
}

interface User {
  name: string;
  age: number;
  score?: number;
}
const users = DataSet.of<User>("test", "users");

describe("what is sent", () => {
  it("is the same message to every node, under one id that is not 0", async () => {
    const { background, sent } = setUp();
    const task = await background.update(users).bin("score").add(1).execute();
    expect(sent.map(({ node }) => node)).toEqual(["A", "B"]);
    expect({ ...sent[0], node: "" }).toEqual({ ...sent[1], node: "" });
    expect(task.id).not.toBe(0n);
    expect(Buffer.from(sent[0]?.fields.get(FieldType.TASK_ID) ?? "", "latin1").readBigUInt64BE()).toBe(task.id);
    expect(sent[0]?.fields.get(FieldType.NAMESPACE)).toBe("test");
    expect(sent[0]?.fields.get(FieldType.SET)).toBe("users");
  });

  it("of an update is its operations in order, with the time to live left alone", async () => {
    const { background, sent } = setUp();
    await background.update(users).bin("score").add(1).bin("name").append("!").bin("score").setTo(null).execute();
    expect(sent[0]).toMatchObject({
      info2: Info2.WRITE,
      ttl: -2,
      ops: [
        { code: OpCode.INCR, bin: "score", value: 1 },
        { code: OpCode.APPEND, bin: "name", value: "!" },
        { code: OpCode.WRITE, bin: "score", value: null },
      ],
    });
  });

  it("of a replace has the flag for it", async () => {
    const { background, sent } = setUp();
    await background.replaceIfExists(users).bin("name").setTo("x").execute();
    expect((sent[0]?.info3 ?? 0) & Info3.REPLACE_ONLY).toBe(Info3.REPLACE_ONLY);
  });

  it("of a delete is the operation for it, durable as asked", async () => {
    const { background, sent } = setUp();
    await background.delete(users).execute();
    await background.delete(users).withDurableDelete().execute();
    await background.delete(users).defaultWithDurableDelete().withoutDurableDelete().execute();
    await background.delete(users).defaultWithDurableDelete().execute();
    await background.delete(DataSet.of("strict", "users")).execute();
    const perJob = sent.filter(({ node }) => node === "A");
    expect(perJob.map(({ info2 }) => (info2 & Info2.DURABLE_DELETE) !== 0)).toEqual([false, true, false, true, true]);
    for (const { ops } of perJob) expect(ops).toEqual([{ code: OpCode.DELETE_ALL, bin: "", value: null }]);
  });

  it("of a touch resets the time to live unless told otherwise", async () => {
    const { background, sent } = setUp();
    await background.touch(users).execute();
    await background.touch(users).expireRecordAfterSeconds(60).execute();
    await background.touch(users).neverExpire().execute();
    await background.touch(users).withNoChangeInExpiration().execute();
    await background.touch(users).neverExpire().expiryFromServerDefault().execute();
    const perJob = sent.filter(({ node }) => node === "A");
    expect(perJob.map(({ ttl }) => ttl)).toEqual([0, 60, -1, -2, 0]);
    for (const { ops } of perJob) expect(ops).toEqual([{ code: OpCode.TOUCH, bin: "", value: null }]);
  });

  it("of an expiry time is the seconds until then", async () => {
    const { background, sent, runtime } = setUp();
    await background
      .touch(users)
      .expireRecordAt(new Date(runtime.wallClock() + 90_500))
      .execute();
    expect(sent[0]?.ttl).toBe(91);
  });

  it("of an expiry time is counted when the task starts, of the moment as it was given", async () => {
    const { background, sent, runtime } = setUp();
    const moment = new Date(runtime.wallClock() + 90_000);
    const builder = background.touch(users).expireRecordAt(moment);
    moment.setFullYear(1970);
    await runtime.advance(60_000);
    await builder.execute();
    expect(sent[0]?.ttl).toBe(30);
    await runtime.advance(60_000);
    await expect(builder.execute()).rejects.toThrow(RangeError);
  });

  it("of a Lua call is its names and arguments", async () => {
    const { background, sent } = setUp();
    await background.executeUdf(users).function("tools", "bump").passing("score", 5).execute();
    expect(sent[0]?.fields.get(FieldType.UDF_FILENAME)).toBe("tools");
    expect(sent[0]?.fields.get(FieldType.UDF_FUNCTION)).toBe("bump");
    expect(sent[0]?.fields.get(FieldType.UDF_ARGLIST)).toBe("\x92\xa6\x03score\x05");
    expect(sent[0]?.fields.get(FieldType.UDF_OP)).toBe("\x02");
    expect(sent[0]).toMatchObject({ ttl: -2, ops: [] });
  });

  it("has the filter whole beside an index range, and the rate", async () => {
    const { background, sent } = setUp();
    await background
      .update(users)
      .where("$.age > ?0", 30)
      .filter(Filter.range("age", 31, 99))
      .recordsPerSecond(500)
      .bin("score")
      .add(1)
      .execute();
    const expected = Buffer.from(Exp.gt(Exp.intBin("age"), Exp.intVal(30)).packed).toString("latin1");
    expect(sent[0]?.fields.get(FieldType.FILTER_EXPRESSION)).toBe(expected);
    expect(sent[0]?.fields.has(FieldType.INDEX_RANGE)).toBe(true);
    expect(sent[0]?.fields.get(FieldType.RECORDS_PER_SECOND)).toBe("\x00\x00\x01\xf4");
  });

  it("for a whole namespace has no set", async () => {
    const { background, sent } = setUp();
    await background.touch(DataSet.ofNamespace("test")).execute();
    expect(sent[0]?.fields.has(FieldType.SET)).toBe(false);
  });

  it("may be built once and run again, under another id", async () => {
    const { background } = setUp();
    const builder = background.touch(users);
    const [first, second] = [await builder.execute(), await builder.execute()];
    expect(first.id).not.toBe(second.id);
  });
});

describe("wrong use fails before anything is sent", () => {
  const { background, sent } = setUp();
  // Callers without a type checker: the methods are reached by name.
  const loose = (builder: object): Record<string, (...args: unknown[]) => unknown> => builder as never;
  const udf = () => background.executeUdf(users).function("tools", "f");

  it.each<[string, () => unknown, typeof TypeError | typeof RangeError, string]>([
    ["an update without operations", () => background.update(users).execute(), TypeError, "no operations"],
    ["a bin name over 15 bytes", () => loose(background.update(users))["bin"]?.("sixteen-letters-"), RangeError, "15"],
    ["a rate of 0", () => background.touch(users).recordsPerSecond(0), RangeError, "0"],
    ["a fractional rate", () => background.touch(users).recordsPerSecond(1.5), TypeError, "1.5"],
    ["a time to live of 0", () => background.touch(users).expireRecordAfterSeconds(0), RangeError, "0"],
    [
      "a time to live over ten years",
      () => background.touch(users).expireRecordAfterSeconds(315_360_001),
      RangeError,
      "315360000",
    ],
    ["an expiry in the past", () => background.touch(users).expireRecordAt(new Date(0)), RangeError, "1970"],
    ["an invalid Date", () => background.touch(users).expireRecordAt(new Date(Number.NaN)), TypeError, "Date"],
    ["an empty package name", () => background.executeUdf(users).function("", "f"), TypeError, "package"],
    ["an empty function name", () => background.executeUdf(users).function("m", ""), TypeError, "function"],
    ["a task id of 0", () => background.touch(users).withTaskId(0n), RangeError, "0"],
    [
      "a task id beyond 64 bits",
      () => background.touch(users).withTaskId(2n ** 64n),
      RangeError,
      "18446744073709551616",
    ],
    [
      "a bigint out of int64",
      () =>
        background
          .update(users)
          .bin("score")
          .setTo((2n ** 63n) as never),
      TypeError,
      "score",
    ],
    [
      "a Date as a value",
      () =>
        background
          .update(users)
          .bin("score")
          .setTo(new Date(0) as never),
      TypeError,
      "score",
    ],
    ["an argument of no Aerospike type", () => udf().passing(1, Symbol("x") as never), TypeError, "argument 2"],
    [
      "two index ranges",
      () => background.touch(users).filter(Filter.equal("a", 1)).filter(Filter.equal("b", 1)),
      TypeError,
      "twice",
    ],
    [
      "an index range beside withoutIndex",
      () => background.touch(users).withoutIndex().filter(Filter.equal("a", 1)),
      TypeError,
      "contradict",
    ],
    [
      "withoutIndex beside an index range",
      () => background.touch(users).filter(Filter.equal("a", 1)).withoutIndex(),
      TypeError,
      "contradict",
    ],
    ["an index filter of another kind", () => background.touch(users).filter({} as never), TypeError, "Filter"],
    ["a data set of another kind", () => background.touch("users" as never), TypeError, "DataSet"],
    ["adding in a replace", () => background.replaceIfExists(users).bin("score").add(1), TypeError, "replaceIfExists"],
    [
      "removing a bin in a replace",
      () => background.replaceIfExists(users).bin("score").remove(),
      TypeError,
      "replaceIfExists",
    ],
    ["bins on a delete", () => loose(background.delete(users))["bin"]?.("a"), TypeError, "update()"],
    ["bins on a touch", () => loose(background.touch(users))["bin"]?.("a"), TypeError, "update()"],
    ["bins on a Lua call", () => loose(udf())["bin"]?.("a"), TypeError, "update()"],
    ["expiry on a delete", () => loose(background.delete(users))["neverExpire"]?.(), TypeError, "deleted"],
    [
      "durable delete on an update",
      () => loose(background.update(users))["withDurableDelete"]?.(),
      TypeError,
      "use delete()",
    ],
    [
      "failOnFilteredOut",
      () => loose(background.update(users))["failOnFilteredOut"]?.(),
      TypeError,
      "failOnFilteredOut",
    ],
    [
      "includeMissingKeys",
      () => loose(background.delete(users))["includeMissingKeys"]?.(),
      TypeError,
      "includeMissingKeys",
    ],
    ["limit", () => loose(background.touch(users))["limit"]?.(5), TypeError, "limit"],
    ["ensureGenerationIs", () => loose(udf())["ensureGenerationIs"]?.(1), TypeError, "ensureGenerationIs"],
    [
      "both names in a hint",
      () => background.touch(users).withHint({ indexName: "i", binName: "b" } as never),
      TypeError,
      "one of the two",
    ],
    [
      "an unknown onPartialStart",
      () => background.touch(users).execute({ onPartialStart: "x" as never }),
      TypeError,
      "onPartialStart",
    ],
    ["an unknown option", () => background.touch(users).execute({ partial: true } as never), TypeError, "partial"],
    ["a signal that is none", () => background.touch(users).execute({ signal: 5 } as never), TypeError, "AbortSignal"],
    ["an unknown option of count", () => background.touch(users).count({ limit: 5 } as never), TypeError, "limit"],
    ["an unknown option of explain", () => background.touch(users).explain({ all: true } as never), TypeError, "all"],
    ["an unknown option of list", () => background.list({ set: "users" } as never), TypeError, "set"],
  ])("%s", async (_name, use, kind, text) => {
    const before = sent.length;
    const failure = await Promise.resolve()
      .then(use)
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(failure).toBeInstanceOf(kind);
    expect(String(failure)).toContain(text);
    expect(sent.length).toBe(before);
  });

  it.each(["execute", "count", "explain"] as const)("rejects, never throws, from %s", async (method) => {
    let promise: Promise<unknown> | undefined;
    expect(() => {
      promise = background.update(users)[method]();
    }).not.toThrow();
    await expect(promise).rejects.toThrow("no operations");
  });

  it("a mistake in the text of a filter, with its place", () => {
    expect(() => background.update(users).where("$.age > ")).toThrow(expect.objectContaining({ code: "AEL_PARSE" }));
  });

  it("a filter that the oldest server can't evaluate", async () => {
    const old = setUp(undefined, undefined, "6.4.0.1");
    const start = old.background.touch(users).where("$.recordSize() > 100").execute();
    await expect(start).rejects.toMatchObject({ code: "UNSUPPORTED_FEATURE" });
    await expect(old.background.touch(users).where("$.recordSize() > 100").count()).rejects.toThrow("7.0");
    expect(old.sent).toEqual([]);
  });

  it("an operation that the oldest server can't carry out", async () => {
    const old = setUp(undefined, undefined, "6.4.0.1");
    const start = old.background.update(users).bin("score").upsertFrom("$.recordSize() + 1").execute();
    await expect(start).rejects.toMatchObject({
      code: "UNSUPPORTED_FEATURE",
      message: expect.stringContaining('bin "score"'),
    });
    expect(old.sent).toEqual([]);
  });

  it("a package that is not registered", async () => {
    const start = background.executeUdf(users).function("tolls", "f").execute();
    await expect(start).rejects.toMatchObject({ code: "UDF", message: expect.stringContaining("tools.lua") });
    expect(sent).toEqual([]);
  });
});

describe("start", () => {
  it("counts a node that does not know the set as done", async () => {
    const { background } = setUp(() => "no such set");
    const task = await background.touch(users).execute();
    await expect(task.waitTillComplete()).resolves.toMatchObject({ state: "done", succeeded: 0, percent: 100 });
  });

  it("throws what every node said when none accepted it", async () => {
    const error = new SecondaryIndexError("No such index", { code: "INDEX_NOT_FOUND" });
    const { background, infos } = setUp(() => Promise.reject(error));
    await expect(background.touch(users).execute()).rejects.toBe(error);
    expect(infos.filter((command) => command.startsWith("query-abort"))).toEqual([]);
  });

  it("throws what the others said when one has nothing to do", async () => {
    const error = new SecondaryIndexError("No such index", { code: "INDEX_NOT_FOUND" });
    const { background } = setUp((node) => (node === "A" ? "no such set" : Promise.reject(error)));
    await expect(background.touch(users).execute()).rejects.toBe(error);
  });

  it("stops the nodes that started when another refused", async () => {
    const error = new SecondaryIndexError("No such index", { code: "INDEX_NOT_FOUND" });
    const { background, infos } = setUp((node) => (node === "B" ? Promise.reject(error) : "started"));
    const failure = await background
      .touch(users)
      .withTaskId(77n)
      .execute()
      .catch((reason: unknown) => reason);
    expect(failure).toBeInstanceOf(BackgroundStartError);
    expect(failure).toMatchObject({
      code: "BACKGROUND_START",
      taskId: 77n,
      nodes: [
        { node: "A", outcome: "started" },
        { node: "B", outcome: "refused", error },
      ],
    });
    expect(infos.filter((command) => command.startsWith("query-abort"))).toEqual(["query-abort:trid=77"]);
  });

  it("lets them run when asked to, and says who did not start", async () => {
    const error = new SecondaryIndexError("No such index", { code: "INDEX_NOT_FOUND" });
    const { background, infos } = setUp((node) => (node === "B" ? Promise.reject(error) : "started"));
    const task = await background.touch(users).execute({ onPartialStart: "continue" });
    expect(task.nodes).toEqual(["A"]);
    expect(task.notStarted).toEqual([{ node: "B", outcome: "refused", error }]);
    expect(infos.filter((command) => command.startsWith("query-abort"))).toEqual([]);
  });

  it("asks a node whose reply was lost, and sends nothing twice", async () => {
    const lost = new ConnectionError("Connection lost", { inDoubt: true });
    const known =
      "trid=5:ns=test:rps=0:active-threads=1:status=active(ok):job-progress=1.00:run-time=1:time-since-done=0:" +
      "recs-throttled=0:recs-filtered-meta=0:recs-filtered-bins=0:recs-succeeded=0:recs-failed=0:job-type=background-ops";
    const { background, sent } = setUp((node) => (node === "B" ? Promise.reject(lost) : "started"), {
      "query-show:trid=5": known,
    });
    const task = await background.touch(users).withTaskId(5n).execute();
    expect(task.nodes).toEqual(["A", "B"]);
    expect(sent.map(({ node }) => node)).toEqual(["A", "B"]);
  });

  it("is in doubt when nobody can tell whether a node started", async () => {
    const lost = new ConnectionError("Connection lost", { inDoubt: true });
    const { background, runtime } = setUp(() => Promise.reject(lost));
    const failure = await runtime.until(
      background
        .touch(users)
        .execute()
        .catch((reason: unknown) => reason),
    );
    expect(failure).toMatchObject({ code: "BACKGROUND_START", inDoubt: true });
  });

  it("names the cap when the rate is above it", async () => {
    const refused = new SecondaryIndexError("Parameter", { code: "PARAMETER", resultCode: 4 });
    const { background } = setUp(() => Promise.reject(refused));
    await expect(background.touch(users).recordsPerSecond(20_000).execute()).rejects.toMatchObject({
      code: "PARAMETER",
      message: expect.stringContaining("background-query-max-rps 10000"),
    });
  });

  it("says what forbids it", async () => {
    const refused = new AerospikeError("Forbidden", { code: "FORBIDDEN", resultCode: 22 });
    const { background } = setUp(() => Promise.reject(refused));
    const failure = await background
      .touch(users)
      .execute()
      .catch((reason: unknown) => reason);
    expect(failure).toMatchObject({ code: "FORBIDDEN", resultCode: 22, cause: refused });
    expect(String(failure)).toContain("query-threads-limit");
    expect(String(failure)).not.toContain("udf");
    const udf = background.executeUdf(users).function("tools", "f").execute();
    await expect(udf).rejects.toThrow("disable-udf-execution");
  });

  it.each<[string, (cluster: ClusterCore) => void]>([
    ["does not answer", (cluster) => answerIndexes(cluster, new ConnectionError("away"))],
    ["may not tell", (cluster) => answerIndexes(cluster, "ERROR:81:role violation")],
    [
      "tells of a kind of index that is not known",
      (cluster) => answerIndexes(cluster, "ns=test:indexname=i:indextype=new"),
    ],
  ])("does without an index when a node %s", async (_, change) => {
    const { background, sent, cluster } = setUp();
    change(cluster);
    await background.touch(users).where("$.age > 30").execute();
    expect(sent.map(({ node, fields }) => [node, fields.has(FieldType.INDEX_RANGE)])).toEqual([
      ["A", false],
      ["B", false],
    ]);
    const { warnings, index } = await background.touch(users).where("$.age > 30").explain();
    expect(index).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining("all records are gone through")]);
  });

  it("does not take the end of the client, or of the caller's patience, for an unknown index", async () => {
    const { background, sent, cluster } = setUp();
    for (const reason of [new AbortError("enough"), new ConnectionError("closed", { code: "CLIENT_CLOSED" })]) {
      Object.assign(cluster, { info: () => Promise.reject(reason) });
      await expect(background.touch(users).where("$.age > 30").execute()).rejects.toBe(reason);
    }
    expect(sent).toEqual([]);
  });

  it("does not begin when the signal has fired", async () => {
    const { background, sent } = setUp();
    const start = background.touch(users).execute({ signal: AbortSignal.abort("no") });
    await expect(start).rejects.toBeInstanceOf(AbortError);
    expect(sent).toEqual([]);
  });

  it("is not in doubt when the signal fires and no node has begun", async () => {
    const controller = new AbortController();
    const { background } = setUp((node) => {
      if (node === "A") return "no such set";
      controller.abort("enough");
      return Promise.reject(new AbortError("Aborted by the caller"));
    });
    const start = background.touch(users).execute({ signal: controller.signal });
    await expect(start).rejects.toMatchObject({ name: "AbortError", inDoubt: false });
  });

  it("stops what has started when the signal fires meanwhile", async () => {
    const controller = new AbortController();
    const { background, infos } = setUp((node) => {
      if (node === "B") controller.abort("enough");
      return "started";
    });
    const start = background.touch(users).execute({ signal: controller.signal });
    // What was stopped may have changed records before.
    await expect(start).rejects.toMatchObject({ name: "AbortError", cause: "enough", inDoubt: true });
    expect(infos.filter((command) => command.startsWith("query-abort"))).toHaveLength(2);
  });
});

describe("a client without nodes", () => {
  it("attaches and lists nothing as if nothing ran", async () => {
    const { background, cluster } = setUp();
    const requireAllNodes = () => {
      throw new ConnectionError("No node of the cluster can be reached");
    };
    Object.assign(cluster, { requireAllNodes });
    expect(() => background.attach(7n)).toThrow(expect.objectContaining({ code: "CONNECTION" }));
    await expect(background.list()).rejects.toMatchObject({ code: "CONNECTION" });
  });
});

describe("aerowire:task", () => {
  it("tells of a task's start and of its end, once each", async () => {
    const { background, events } = setUp();
    const task = await background.touch(users).withTaskId(7n).execute();
    const attributes = {
      "db.system.name": "aerospike",
      "db.operation.name": "background touch",
      "db.namespace": "test",
      "db.collection.name": "users",
    };
    const about = { attributes, taskId: 7n, kind: "touch", nodes: ["A", "B"] };
    expect(events).toEqual([{ ...about, event: "started", progress: undefined }]);
    await Promise.all([task.progress(), task.progress()]);
    await task.progress();
    expect(events.slice(1)).toEqual([{ ...about, event: "ended", progress: await task.progress() }]);
  });

  it("tells of an attached task what is known of it", async () => {
    const { background, events } = setUp();
    const task = background.attach(7n);
    expect(events).toEqual([]);
    await task.progress();
    expect(events).toMatchObject([{ event: "ended", taskId: 7n, kind: "unknown", progress: { state: "unknown" } }]);
    expect(events[0]?.attributes).not.toHaveProperty("db.namespace");
  });

  it("tells of a task that had nothing to do, and of none that did not start", async () => {
    const idle = setUp(() => "no such set");
    await idle.background.touch(users).execute();
    expect(idle.events.map(({ event }) => event)).toEqual(["started", "ended"]);
    const refused = setUp(() => Promise.reject(new SecondaryIndexError("No such index")));
    await expect(refused.background.touch(users).execute()).rejects.toThrow(SecondaryIndexError);
    expect(refused.events).toEqual([]);
  });

  it("is silent when nobody listens", async () => {
    const { background, events, observers } = setUp();
    observers.hasSubscribers = false;
    await (await background.touch(users).execute()).progress();
    expect(events).toEqual([]);
  });
});

describe("explain", () => {
  it("refuses what the start would refuse, and warns of a package that is not registered", async () => {
    const old = setUp(undefined, undefined, "6.4.0.1").background;
    await expect(old.touch(users).where("$.recordSize() > 100").explain()).rejects.toMatchObject({
      code: "UNSUPPORTED_FEATURE",
    });
    const plan = await setUp().background.executeUdf(users).function("tolls", "f").where("$.age > 1").explain();
    expect(plan.warnings).toEqual([expect.stringContaining('no UDF package "tolls"')]);
  });

  it("does not start a function on nodes that do not have it yet, whichever is asked", async () => {
    const { background, cluster, sent } = setUp();
    const { info } = cluster;
    Object.assign(cluster, {
      info: async (node: Parameters<typeof info>[0], commands: readonly string[], deadline: Deadline) => {
        const reply = new Map(await info.call(cluster, node, commands, deadline));
        if (node.id === "B") reply.set("udf-list", "filename=other.lua,hash=00,type=LUA;");
        return reply;
      },
    });
    const start = background.executeUdf(users).function("tools", "f").execute();
    await expect(start).rejects.toMatchObject({
      code: "UDF",
      message: expect.stringMatching(/^executeUdf: UDF package "tools" is not on B yet, where each record would fail/),
    });
    expect(sent).toEqual([]);
  });

  it("does not take a cluster without nodes for one without the function", async () => {
    const { background, cluster } = setUp();
    const lost = new ConnectionError("No node of the cluster can be reached");
    const requireNodes = () => {
      throw lost;
    };
    Object.assign(cluster, { requireNodes, nodes: [] });
    await expect(background.executeUdf(users).function("tools", "f").execute()).rejects.toBe(lost);
  });

  it("tells what would happen and what to watch out for", async () => {
    const { background, sent } = setUp(undefined, {
      "namespace/test": NAMESPACE_INFO.replace("nsup-period=10", "nsup-period=0").replace(
        "allow-ttl-without-nsup=true",
        "allow-ttl-without-nsup=false",
      ),
    });
    const plan = await background.touch(users).expireRecordAfterSeconds(60).recordsPerSecond(99_999).explain();
    expect(plan).toMatchObject({ kind: "touch", operations: ["touch the record"], ttl: 60, nodes: ["A", "B"] });
    expect(plan.warnings).toEqual([
      expect.stringContaining("every record of set users"),
      expect.stringContaining("background-query-max-rps 10000"),
      expect.stringContaining("nsup-period 0"),
    ]);
    expect(sent).toEqual([]);
  });

  it("reads well as text", async () => {
    const { background } = setUp();
    const update = background.update(users).where("$.age > 30").bin("score").add(1).recordsPerSecond(50);
    expect(String(await update.explain())).toBe(
      [
        "background update of set users of namespace test",
        '  add 1 to bin "score"',
        "  where: $.age > 30",
        "  index: none, goes through all records",
        "  time to live: unchanged",
        "  records on each node: 50 a second",
        "  nodes: A, B",
      ].join("\n"),
    );
    const whole = await background.delete(DataSet.ofNamespace("test")).withDurableDelete().explain();
    expect(String(whole)).toContain("background delete of namespace test\n  delete the record\n  where: every record");
    expect(String(whole)).toContain("\n  durable delete: yes\n");
    expect(String(whole)).toMatch(/\n {2}warning: No where and no set: .*\n {2}warning: Durable deletes/);
    expect(Object.keys(whole)).not.toContain("toString");
  });
});
