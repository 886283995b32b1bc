import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { DataSet, SchemaError } from "../../src/index.js";
import { PackedError, packed, packedBin, unpacked } from "../../src/packed/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";
import { announced, blocksOf, runProgram } from "../support/run-guide.js";

let target: TestTarget;

beforeAll(async () => {
  target = await connectTarget();
});

afterAll(async () => {
  await target[Symbol.asyncDispose]();
});

const shared = { a: 1 };
/** One of every kind, by name of its bin. */
const KINDS: Readonly<Record<string, unknown>> = {
  nothing: { null: null, undefined: undefined },
  numbers: [0, -1, 127, 128, 2 ** 31, 2 ** 53 - 1, 0.1, Number.NaN, Number.NEGATIVE_INFINITY],
  bigints: [0n, -1n, 2n ** 63n, 2n ** 64n - 1n, -(2n ** 200n)],
  texts: ["", "a", "smørrebrød 🙂", "x".repeat(70_000)],
  dates: [new Date(0), new Date(-1), new Date("9999-12-31T23:59:59.999Z"), new Date(Number.NaN)],
  maps: new Map<unknown, unknown>([
    [1, "a"],
    [{ b: 2 }, new Map([["c", 3n]])],
  ]),
  sets: new Set([1, "1", new Set([true])]),
  bytes: [Uint8Array.of(1, 2), Uint8Array.of(3).buffer, new DataView(Uint8Array.of(4, 5).buffer)],
  arrays: [Int16Array.of(-1), Float64Array.of(0.5), BigUint64Array.of(7n), Uint8ClampedArray.of(255)],
  rest: [/a+/gi, new RangeError("b", { cause: { c: 1 } })],
  twice: [shared, shared],
};

describe("packed values", () => {
  test("come back as they were, in bins of any name, lists and maps", async () => {
    const key = target.dataSet().id("kinds");
    const bins = Object.fromEntries(Object.entries(KINDS).map(([name, value]) => [name, packed(value)]));
    await target.session.put(key, { ...bins, list: [packed(KINDS)], map: { a: packed(KINDS) } });
    const read = (await target.session.get(key)).bins as Record<string, Uint8Array>;
    for (const [name, value] of Object.entries(KINDS)) expect(unpacked(read[name]!)).toStrictEqual(value);
    const { list, map } = read as unknown as { list: Uint8Array[]; map: { a: Uint8Array } };
    expect(unpacked(list[0]!)).toStrictEqual(KINDS);
    expect(unpacked(map.a)).toStrictEqual(KINDS);
  });

  test("are what a bin of a data set holds, wherever it is written and read", async () => {
    interface Profile {
      since: Date;
      visits: Map<string, number>;
    }
    const { namespace, setName } = target.dataSet();
    const shapes = [["since", "visits"]];
    const users = DataSet.of(namespace, setName, {
      bins: { profile: packedBin<Profile>({ shapes }), plain: packedBin<unknown>() },
    });
    const profile = { since: new Date(1_000), visits: new Map([["a", 1]]) };
    const { session } = target;
    await session.putMany([1, 2].map((id) => [users.id(id), { profile, plain: [id] }] as const));
    await session
      .update(users.id(2))
      .bin("profile")
      .setTo({ ...profile, since: new Date(2_000) })
      .execute();
    expect((await session.get(users.id(1))).bins).toStrictEqual({ profile, plain: [1] });
    const rows = await session.query(users).collect();
    expect(rows.map(({ bins }) => bins.profile?.since.getTime()).sort()).toEqual([1_000, 2_000]);
    const stored = (await session.get(target.session && DataSet.of(namespace, setName).id(1))).bins;
    expect(stored).toStrictEqual({ profile: packedBin<Profile>({ shapes }).toBin(profile), plain: packed([1]) });
  });

  test("that can't be written or read are errors of that record alone", async () => {
    const { namespace, setName } = target.dataSet();
    const users = DataSet.of(namespace, setName, { bins: { profile: packedBin<unknown>() } });
    const raw = DataSet.of(namespace, setName);
    const refused = await target.session.put(users.id(1), { profile: { a: () => 1 } }).catch((error) => error);
    expect(refused).toBeInstanceOf(SchemaError);
    expect(refused).toMatchObject({ bin: "profile", direction: "writing", cause: expect.any(TypeError) });
    await target.session.put(raw.id(1), { profile: Uint8Array.of(0xdd, 255, 255, 255, 255) });
    await target.session.put(users.id(2), { profile: "fine" });
    const failed = await target.session.get(users.id(1)).catch((error) => error);
    expect(failed).toMatchObject({ bin: "profile", direction: "reading", cause: expect.any(PackedError) });
    const good = await target.session.query(users).collect({ onError: () => {} });
    expect(good.map(({ bins }) => bins.profile)).toEqual(["fine"]);
  });
});

test("what docs/packed.md shows runs, and prints what it says", async () => {
  const text = await readFile("docs/packed.md", "utf8");
  const programs = blocksOf(
    text.replaceAll(/DataSet\.of\("test", "\w+"/g, () => {
      const { namespace, setName } = target.dataSet();
      return `DataSet.of(${JSON.stringify(namespace)}, ${JSON.stringify(setName)}`;
    }),
    "ts",
  );
  expect(programs).toHaveLength(4);
  const given = {
    session: target.session,
    members: target.dataSet(),
    z,
    DataSet,
    packed,
    packedBin,
    unpacked,
    PackedError,
  };
  for (const program of programs) {
    expect(await runProgram(program, given), program).toEqual(announced(program));
  }
});
