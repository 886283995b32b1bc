import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Emulator } from "../../../../emulator/index.js";
import { type Cluster, CTX, connect, DataSet, GeoJson, type Session, serverAel } from "../../../../src/index.js";

// Which index a node of 8.2 takes for a condition, as its public sources choose it: never compared with a server. Whatever
// it takes, the records are those of a scan.

const places = DataSet.of("test", "places");
const everywhere = DataSet.ofNamespace("test");
const AREA = '{"type":"Polygon","coordinates":[[[0,0],[20,0],[20,1],[0,1],[0,0]]]}';

let emulator: Emulator;
let client: Cluster;
let session: Session;

beforeAll(async () => {
  emulator = await Emulator.start({ listen: "memory", version: "8.2.0", udf: "none" });
  client = await connect(emulator.hosts, { transport: emulator.transport });
  session = client.createSession();
  for (let i = 0; i < 40; i++) {
    await session
      .upsert(places.id(i))
      .bin("n")
      .setTo(i)
      .bin("few")
      .setTo(i % 3)
      .bin("s")
      .setTo(`s${i % 5}`)
      .bin("b")
      .setTo(Uint8Array.of(i % 4))
      .bin("l")
      .setTo([i, `t${i % 7}`])
      .bin("m")
      .setTo({ city: `c${i % 6}`, [`k${i % 4}`]: i, deep: { l: [i % 9], n: i } })
      .bin("p")
      .setTo(new GeoJson({ type: "Point", coordinates: [i, 0.5] }))
      .execute();
  }
  const indexes = [
    { name: "i_n", bin: "n", type: "integer" },
    { name: "i_few", bin: "few", type: "integer" },
    { name: "i_s", bin: "s", type: "string" },
    { name: "i_b", bin: "b", type: "blob" },
    { name: "i_list", bin: "l", type: "integer", collection: "list" },
    { name: "i_tags", bin: "l", type: "string", collection: "list" },
    { name: "i_keys", bin: "m", type: "string", collection: "mapKeys" },
    { name: "i_values", bin: "m", type: "integer", collection: "mapValues" },
    { name: "i_city", bin: "m", type: "string", context: [CTX.mapKey("city")] },
    { name: "i_deep", bin: "m", type: "integer", collection: "list", context: [CTX.mapKey("deep"), CTX.mapKey("l")] },
    { name: "i_deep_n", bin: "m", type: "integer", context: [CTX.mapKey("deep"), CTX.mapKey("n")] },
    { name: "i_p", bin: "p", type: "geo" },
    { name: "i_twice", expression: "$.n * 2", type: "integer" },
  ] as const;
  for (const index of indexes) await (await session.createIndex(places, index)).waitTillComplete();
  const wide = await session.createIndex(everywhere, { name: "w_few", bin: "few", type: "integer" });
  await wide.waitTillComplete();
});

afterAll(async () => {
  await client.close();
  await emulator.close();
});

const NONE = "none: no record can fulfil the condition";

describe("the index for a condition", () => {
  it.each<[string, string | undefined]>([
    ["$.n > 30", "i_n"],
    ["30 < $.n", "i_n"],
    ["$.n == 2 + 3 * 4 - 1", "i_n"],
    ["$.n >= 17 % 5 and $.n < -(-4)", "i_n"],
    ["$.n + 0 > 30", undefined],
    ["$.n > 4 and $.n < 2", NONE],
    ["$.n > 9223372036854775807", NONE],
    ["$.n < -9223372036854775808", NONE],
    ["$.n == 9223372036854775807 + 1", undefined],
    ["$.s == 's1' and $.s == 's2'", NONE],
    ["$.s > 's1'", undefined],
    ["$.n != 4", undefined],
    ["$.n > 30 or $.n < 3", undefined],
    ["not($.n > 30)", undefined],
    ["($.n > 38 or $.n < 3) and $.s == 's1'", "i_s"],
    ["$.s == 's1'", "i_s"],
    ["$.b == x'02'", "i_b"],
    // Fewest entries a value.
    ["$.few == 1 and $.n > 20", "i_n"],
    ["$.n > 20 and $.few == 1", "i_n"],
    ["$.few == 1 and $.s == 's1'", "i_s"],
    ["$.n in [1, 2]", undefined],
    ["'t3' in $.l", "i_tags"],
    ["7 in $.l", "i_list"],
    ["3 in $.m.deep.l", "i_deep"],
    ["$.l.[=7].exists()", "i_list"],
    ["$.l.[=7].exists() == true", "i_list"],
    ["$.l.[=7].exists() == false", undefined],
    ["not($.l.[=7].exists())", undefined],
    ["$.l.[=30:35].count() > 0", "i_list"],
    ["$.l.[=30:35].count() >= 1", "i_list"],
    ["$.l.[=30:35].count() == 0", undefined],
    ["$.l.[=30:35].count() < 2", undefined],
    ["$.l.[=35:30].count() > 0", NONE],
    ["$.l.[!=30:35].count() > 0", undefined],
    ["$.m.k1.exists()", "i_keys"],
    ["$.m.{=5}.exists()", "i_values"],
    ["$.m.{=5:9}.count() > 0", "i_values"],
    ["$.m.city == 'c2'", "i_city"],
    ["$.m.deep.n > 30 and $.m.deep.n < 35", "i_deep_n"],
    ["$.m.deep.n > 35 and $.m.deep.n < 30", NONE],
    ["$.m.deep.l.[=3].exists()", "i_deep"],
    ["$.m.{#-1:}.count() > 0", undefined],
    [`geoCompare($.p, geoJson('${AREA}'))`, "i_p"],
    [`geoCompare(geoJson('${AREA}'), $.p) == true`, "i_p"],
    [`geoCompare($.p, geoJson('${AREA}')) == false`, undefined],
    ["$.n * 2 > 70", "i_twice"],
    ["70 < $.n * 2", "i_twice"],
    ["$.n * 3 > 70", undefined],
    ["$.ttl() > 70", undefined],
  ])("%s is %s, with the records of a scan", async (text, name) => {
    const query = session.query(places).where(serverAel(text));
    const { index } = await query.planner("server").explain();
    if (name === undefined) expect(index).toBeUndefined();
    else expect(index).toContain(name);
    const ids = async (planner: "client" | "server"): Promise<readonly unknown[]> => {
      const rows = await session.query(places).where(serverAel(text)).planner(planner).collect();
      return rows.map(({ bins }) => bins["n"]).sort((a, b) => Number(a) - Number(b));
    };
    expect(await ids("server")).toEqual(await ids("client"));
  });

  it("is the one that was named, where it serves", async () => {
    const plan = (indexName: string) =>
      session
        .query(places)
        .where(serverAel("$.few == 1 and $.n > 20"))
        .planner("server")
        .withHint({ indexName })
        .explain();
    expect((await plan("i_few")).index).toContain("i_few");
    expect((await plan("i_s")).index).toContain("i_n");
    // The one on the set stands before the one on the namespace, whatever its name.
    expect((await plan("w_few")).index).toContain("i_n");
  });

  it("is the one on the namespace where the set has none", async () => {
    const others = DataSet.of("test", "others");
    const { index } = await session.query(others).where(serverAel("$.few == 1")).planner("server").explain();
    expect(index).toContain("w_few");
  });
});
