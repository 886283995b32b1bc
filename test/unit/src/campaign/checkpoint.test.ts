import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { writeOp } from "../../../../protocol/message/op.js";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import type { BackgroundIntent } from "../../../../src/background/background-run.js";
import { BackgroundTaskSession } from "../../../../src/background/background-task-session.js";
import type { CampaignFloor } from "../../../../src/background/campaign-api/campaigns.js";
import type { CampaignCheckpoint } from "../../../../src/background/campaign-api/checkpoint.js";
import { newCheckpoint, openCheckpoint, parseCheckpoint } from "../../../../src/campaign/checkpoint.js";
import { type Definition, definitionOf, workOf } from "../../../../src/campaign/definition.js";
import { CTX, DataSet, double, Exp, Filter } from "../../../../src/index.js";
import type { SessionContext } from "../../../../src/policy/session-context.js";

const users = DataSet.of<{ age: number; name: string; tags: string[]; scores: Record<string, number>; big: bigint }>(
  "test",
  "users",
);
const runtime = new VirtualRuntime();

/** What a builder hands to a campaign. */
function intentOf(build: (tasks: BackgroundTaskSession) => { campaign(id: string): unknown }): BackgroundIntent {
  let found: BackgroundIntent | undefined;
  const floor = {
    builder: (_: SessionContext, intent: BackgroundIntent) => {
      found = intent;
    },
  } as unknown as CampaignFloor;
  const context = { cluster: { runtime }, policy: () => ({ durableDeletes: false }) } as unknown as SessionContext;
  build(new BackgroundTaskSession(context, floor)).campaign("c");
  return found!;
}

const works: [string, BackgroundIntent][] = [
  [
    "an update of every kind of operation",
    intentOf((tasks) =>
      tasks
        .update(users)
        .where("$.age > 30 and $.name == 'Ada'")
        .bin("age")
        .add(double(2))
        .bin("name")
        .append("!")
        .bin("tags")
        .listAppend("new", { unique: true, noFail: true })
        .bin("scores")
        .onMapKey("a")
        .add(3)
        .bin("big")
        .setTo(2n ** 60n)
        .bin("age")
        .upsertFrom("$.age * 2"),
    ),
  ],
  ["a delete through a range", intentOf((tasks) => tasks.delete(users).filter(Filter.range("age", 1, 2n ** 40n)))],
  [
    "a touch through a place in a bin",
    intentOf((tasks) =>
      tasks
        .touch(users)
        .filter(Filter.equal("scores", "x").context(CTX.mapKey("a")))
        .expireRecordAfterSeconds(100),
    ),
  ],
  ["a replace", intentOf((tasks) => tasks.replaceIfExists(users).withHint({ binName: "age" }).bin("age").setTo(1))],
  [
    "a function",
    intentOf((tasks) =>
      tasks
        .executeUdf(users)
        .function("scores", "sum")
        .passing(1, "two", [3n, new Uint8Array([4])])
        .neverExpire(),
    ),
  ],
];

function checkpointOf(intent: BackgroundIntent, changes: Partial<CampaignCheckpoint> = {}): CampaignCheckpoint {
  const definition = definitionOf(intent, undefined);
  const baseline = { records: 10, isExact: true, expired: 0, evicted: 0 };
  return { ...newCheckpoint("c", definition, 500, baseline, 1_000), ...changes };
}

function wire(definition: Definition): unknown {
  const work = workOf(definition, 0);
  const w = new Writer();
  if (work.action.type === "operations") for (const op of work.action.ops) writeOp(w, op);
  const { where, filter, mark, hint, withoutIndex, namespace, setName } = definition;
  return {
    ...work,
    action: work.action.type === "udf" ? work.action.call : Buffer.from(w.copy()).toString("hex"),
    where: where && Buffer.from(where.packed).toString("hex"),
    filter: filter && String(filter),
    mark,
    hint,
    withoutIndex,
    namespace,
    setName,
  };
}

describe("a checkpoint", () => {
  it.each(works)("keeps %s, to the last byte", (_, intent) => {
    const checkpoint = checkpointOf(intent);
    const opened = parseCheckpoint(JSON.stringify(checkpoint));
    expect(wire(opened.definition)).toEqual(wire(definitionOf(intent, undefined)));
    expect(opened.checkpoint).toEqual(checkpoint);
  });

  it("keeps the moment that records expire at, not the seconds until then", () => {
    const moment = new Date(runtime.wallClock() + 100_000);
    const intent = intentOf((tasks) => tasks.touch(users).expireRecordAt(moment));
    const definition = definitionOf(intent, intent.expiresAt);
    expect(definition.expiry).toEqual({ at: moment.getTime() });
    expect(workOf(definition, runtime.wallClock()).ttl).toBe(100);
    expect(workOf(definition, runtime.wallClock() + 60_000).ttl).toBe(40);
    expect(() => workOf(definition, runtime.wallClock() + 200_000)).toThrow(RangeError);
  });

  const whole = JSON.parse(JSON.stringify(checkpointOf(works[0]![1]))) as { [name: string]: unknown };

  it.each<[string, object, RegExp]>([
    ["another format", { format: 2 }, /checkpoint\.format: expected 1/],
    ["no id", { id: "" }, /an id has 1 to 100 characters/],
    ["a position that there is not", { position: 2 ** 20 + 1 }, /checkpoint\.position/],
    ["a number of parts that is another", { parts: 7 }, /checkpoint\.parts/],
    ["a status that there is not", { status: "lost" }, /checkpoint\.status: expected one of/],
    ["a phase without marks", { phase: "unmark" }, /there are no marks/],
    ["a rate of nothing", { recordsPerSecond: 0 }, /checkpoint\.recordsPerSecond/],
    [
      "an open slice somewhere else",
      { open: { begin: 5, end: 6, taskId: "1", nodes: [], clusterKey: "", recordsPerSecond: null, rateReason: null } },
      /begins at the position/,
    ],
    [
      "a task id that is none",
      { open: { begin: 0, end: 6, taskId: "-1", nodes: [], clusterKey: "", recordsPerSecond: null, rateReason: null } },
      /taskId/,
    ],
    ["counters that are none", { counters: { succeeded: -1 } }, /checkpoint\.counters\.succeeded/],
  ])("refuses %s", (_, changes, message) => {
    expect(() => openCheckpoint({ ...whole, ...changes })).toThrow(message);
    expect(() => openCheckpoint({ ...whole, ...changes })).toThrow(TypeError);
  });

  const definition = whole["definition"] as object;

  it.each<[string, object, RegExp]>([
    ["a read", { ops: [{ code: 1, bin: "a" }] }, /ops\[0\]\.code: expected the code of a write/],
    ["a bin with a name that is too long", { ops: [{ code: 2, bin: "x".repeat(16), value: 1 }] }, /15/],
    ["no operation", { ops: [] }, /at least one operation/],
    ["an expression that is none", { ops: [{ code: 8, bin: "a", payload: "kpEFAA==" }] }, /payload/],
    ["a call that is none", { ops: [{ code: 4, bin: "a", payload: "AQ==" }] }, /expected a call/],
    ["a filter that is no condition", { where: Exp.intVal(1).toBase64() }, /expected a condition/],
    ["a filter that is no expression", { where: "/w==" }, /checkpoint\.definition\.where/],
    ["a time to live that there is not", { expiry: { ttl: -7 } }, /expiry/],
    ["a set that there can't be", { setName: "a;b" }, /set name/],
    [
      "an index that there can't be",
      { filter: { target: { indexName: "a;b" }, bounds: { type: "string", value: "x" }, collection: "default" } },
      /filter/,
    ],
  ])("refuses work with %s", (_, changes, message) => {
    const read = () => openCheckpoint({ ...whole, definition: { ...definition, ...changes } });
    expect(read).toThrow(message);
    expect(read).toThrow(TypeError);
  });

  it("refuses with a TypeError, whatever is put in the place of any part of it", () => {
    const places = placesOf(whole);
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
        const copy = structuredClone(whole);
        put(copy, place, value);
        try {
          openCheckpoint(copy);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("refuses text that is no JSON", () => {
    expect(() => parseCheckpoint("{")).toThrow(/checkpoint: it is no JSON/);
    expect(() => parseCheckpoint("null")).toThrow(/checkpoint: expected an object/);
  });
});

function placesOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [[...path]];
  return [
    ...(path.length > 0 ? [[...path]] : []),
    ...Object.entries(value).flatMap(([key, member]) => placesOf(member, [...path, key])),
  ];
}

function put(target: unknown, [first, ...rest]: readonly string[], value: unknown): void {
  const object = target as { [name: string]: unknown };
  if (first === undefined) return;
  if (rest.length === 0) object[first] = value;
  else put(object[first], rest, value);
}
