import { describe, expect, it } from "vitest";
import { DataSet } from "../../src/index.js";
import { Lab } from "../support/faults/lab.js";

const people = DataSet.of("test", "people");

/** Three nodes with records of one country and as many addresses, and an index of each. */
async function open(records: number) {
  const lab = await Lab.open({ nodes: 3 });
  const { client } = await lab.connectCluster();
  const session = client.createSession();
  const put = (id: number): Promise<void> => session.put(people.id(id), { country: "US", email: `u${id}` });
  await lab.until(Promise.all(Array.from({ length: records }, (_, id) => put(id))));
  for (const bin of ["country", "email"]) {
    const task = await lab.until(session.index(people).onBin(bin).named(`by_${bin}`).string().create());
    await lab.until(task.waitTillComplete());
  }
  const chosen = async (): Promise<string> => {
    const query = session.query(people).where("$.country == 'US' and $.email == 'u0'");
    return /index (\w+)/.exec(String(await lab.until(query.explain())))?.[1] ?? "none";
  };
  return { lab, chosen, [Symbol.asyncDispose]: () => lab.close() };
}

describe("the choice between two indexes", () => {
  // One record narrows as little as another: names decide then.
  it.each([
    [1, "by_country"],
    [2, "by_email"],
    [12, "by_email"],
  ])("of %i records on three nodes is the same each time", async (records, name) => {
    await using world = await open(records);
    const found = new Set<string>();
    for (let i = 0; i < 20; i++) found.add(await world.chosen());
    expect([...found]).toEqual([name]);
  });

  it("is made by what the other nodes say when one does not", async () => {
    await using world = await open(12);
    // The list of indexes, which it is asked for first, comes.
    using _cut = world.lab.emulator.faults.add({ node: 1, command: "info", do: "cut", skip: 1 });
    expect(await world.chosen()).toBe("by_email");
  });
});
